"""The engine: the one ranker behind the search box and the bot."""

from __future__ import annotations

import copy
import datetime as dt
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search import live, ranking, thresholds, urgency
from search.answers import HELD
from search.content import Category
from search.documents import Faq
from search.errors import Problem, UnknownFaq
from search.generation import Generation, open_current
from search.model import FAQ, HUMAN, SMALLTALK
from search.phrases import Phrases
from search.postings import Floats
from search.ranking import Hit, Judge, Judged, Ranking, faq_order
from search.reading import encoder_of
from search.settings import Settings
from search.snippet import mark
from search.suggestion import Suggester, Suggestion

log = logging.getLogger(__name__)
Today = Callable[[], dt.date]
Aside = Callable[[Callable[[], bool]], bool]
LIMIT = 10
# Confidences that differ by less are equal.
ALIKE = 0.01
CHINA = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Served:
    """One generation with what judges by it; replaced as a whole, so that no query mixes two."""

    generation: Generation
    judge: Judge
    phrases: Phrases
    suggester: Suggester
    signs: urgency.Signs | None

    @classmethod
    def of(cls, generation: Generation, settings: Settings, before: Served | None = None) -> Served:
        """Prepare a generation; `before` lends what it spelt."""
        suggester = Suggester(generation, before.suggester if before else None)
        analyser = generation.analyser
        known = before.signs if before else None
        signs = urgency.read(settings.data, analyser.normalise, settings.learned, known)
        judge = Judge(generation, encoder_of(settings))
        return cls(generation, judge, Phrases.of(analyser), suggester, signs)

    def faq(self, faq_id: str) -> Faq:
        """Return one FAQ, also by an id that it had before; raises UnknownFaq."""
        found = self.generation.content.find(faq_id)
        if found is None:
            raise UnknownFaq(faq_id)
        return found


class Engine:
    """Answers from one generation at a time; safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        generation: Generation,
        today: Today,
        aside: Aside = lambda work: work(),
    ) -> None:
        self._today = today
        self._aside = aside
        self._swap = threading.Lock()
        self.follower = live.Follower(settings, generation)
        self._settings = settings
        self._served = Served.of(generation, settings)

    def take(self, generation: Generation) -> None:
        """Serve another generation from now on; queries under way end with the one they began."""
        self._served = Served.of(generation, self._settings, self._served)

    @property
    def learned(self) -> Path:
        """The folder of what is learned from examples beside the index."""
        return self._settings.learned

    @property
    def generation(self) -> Generation:
        """The generation that is served now."""
        return self._served.generation

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the content folder; the files named here are not served."""
        return self._served.generation.content.problems

    def faq(self, faq_id: str) -> Faq:
        """Return one FAQ, also by an id that it had before; raises UnknownFaq."""
        return self._served.faq(faq_id)

    def shown(self, faq_id: str) -> Faq:
        """Return an FAQ that customers may see today, as `faq` does; raises UnknownFaq."""
        found = self._served.faq(faq_id)
        if not found.valid_on(self._today()):
            raise UnknownFaq(faq_id)
        return found

    def faqs(self) -> tuple[Faq, ...]:
        """Return the FAQs valid today, in file order."""
        day = self._today()
        return tuple(faq for faq in self.generation.content.faqs.values() if faq.valid_on(day))

    def categories(self) -> tuple[Category, ...]:
        """Return the categories with the FAQs valid today."""
        day = self._today()
        return tuple(
            Category(part.id, part.title, tuple(faq for faq in part.faqs if faq.valid_on(day)))
            for part in self.generation.content.categories
        )

    @property
    def variables(self) -> dict[str, str]:
        """The phrases of data/variables.yml for what a deployment leaves unset."""
        return dict(self.generation.content.variables)

    def snippet(self, faq_id: str, query: str) -> list[tuple[str, bool]]:
        """Cut the part of an answer that fits the query: pieces of text, marked or not."""
        served = self._served
        return mark(served.faq(faq_id).answer, query, served.generation.analyser)

    def suggest(self, typed: str, limit: int = 8) -> list[Suggestion]:
        """Complete what is being typed: Chinese, unfinished pinyin, or first letters."""
        day, served = self._today(), self._served
        faqs = served.generation.content.faqs
        hidden = sum(not faq.valid_on(day) for faq in faqs.values())
        found = served.suggester(typed, limit + hidden)
        return [item for item in found if faqs[item.faq_id].valid_on(day)][:limit]

    def meant(self, query: str, typed: Ranking) -> str | None:
        """Say what a mistyped query was surely meant to be, for 「您是不是想找…」; else None.

        What is meant has to have an answer, and one that is no less sure. typed: the query's own
        ranking.
        """
        meant = self.generation.spelling.sure(query)
        if meant is None:
            return None
        mended = self.rank(meant)
        better = mended.band == "answer" and mended.confidence >= typed.confidence - ALIKE
        return meant if better else None

    def rank(self, text: str, limit: int = LIMIT) -> Ranking:
        """Rank the FAQs for a message and say whether the first one may be given as the answer.

        text: at most some thousand characters; anything goes. limit: hits at most.
        """
        served = self._served
        generation = served.generation
        query = generation.spelling.written(text)
        judged = served.judge(text)
        topic = _topic(served, query, judged)
        share = judged.share.copy()
        if topic == "human":
            _lend_human(served, share)
        day = self._today()
        hits: list[Hit] = []
        names = generation.compiled.owners.names
        for owner in faq_order(generation.compiled, share):
            faq = generation.content.faqs[names[owner][1]]
            if len(hits) == limit:
                break
            if faq.valid_on(day):
                nearest = int(judged.nearest[owner])
                matched = generation.rows[nearest].text if nearest >= 0 else faq.question
                score = round(float(share[owner]), 4)
                hits.append(Hit(faq.id, score, faq.question, faq.category, matched))
        confidence = 1.0 if topic == "human" else judged.confidence
        also: tuple[str, ...] = ()
        if topic is None and hits and confidence >= thresholds.ANSWER:
            hits, also = _several(served, text, judged, hits)
        band = _band(served, topic, confidence, hits)
        if band == "unknown":
            hits = _mentioning_first(served, text, hits, limit, day, HELD)
        elif confidence < thresholds.FAINT:
            hits = _mentioning_first(served, text, hits, limit, day, 1.0)
        found = Ranking(query, band, round(confidence, 4), tuple(hits), topic, also)
        if served.signs is None:
            return found
        return urgency.first(found, text, served.signs.fraud, self._valid, limit)

    def _valid(self, faq_id: str) -> Faq | None:
        faq = self._served.generation.content.find(faq_id)
        return faq if faq is not None and faq.valid_on(self._today()) else None

    def preview(self, changes: Mapping[str, str | None]) -> Engine:
        """Return an engine as it would be with these files (None: gone); this one stays.

        changes: by path below the content folder. Raises BadContent.
        """
        found = copy.copy(self)
        found.take(self.follower.preview(changes))
        return found

    def refresh(self) -> bool:
        """Take up what changed in the content folder; False when nothing did.

        A bad file is left out: its last good version stays, and `problems` says why.
        """
        return self._aside(self._refresh)

    def _refresh(self) -> bool:
        with self._swap:
            found = self.follower.follow()
            if found is None:
                return False
            self.take(found)
        return True


def open_engine(
    settings: Settings | None = None,
    *,
    today: Today | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Engine:
    """Open the engine, building the index when the content changed since the last time.

    settings: from the environment when None. today: the day that validity is judged by, that of
    the customers when None.
    Raises BadContent or IndexUnusable.
    """
    settings = settings or Settings.from_env()
    generation = open_current(settings, progress)
    return Engine(settings, generation, today or _today_here)


def open_live(
    settings: Settings | None = None,
    *,
    today: Today | None = None,
    progress: Callable[[str], None] = lambda step: None,
    stopped: threading.Event | None = None,
    aside: Aside = lambda work: work(),
) -> Engine:
    """Open the engine at once on what was fitted last, and keep it on the newest content.

    A thread follows the files until `stopped`, and has them fitted anew when edits have settled.
    aside: where edits are read and computed; a server with one thread for everybody must not
    wait for a disk or compute there. The rest is as in open_engine.
    """
    settings = settings or Settings.from_env()
    engine = Engine(settings, live.start(settings, progress), today or _today_here, aside)
    try:
        engine.refresh()
    except Exception:
        # What was fitted last is served; the thread tries again, and says what is wrong.
        log.exception("content not taken up at the start")
    live.watch(engine, settings, stopped)
    return engine


def _several(
    served: Served, text: str, judged: Judged, hits: list[Hit]
) -> tuple[list[Hit], tuple[str, ...]]:
    """Put the urgent one of several questions first; returns the hits and the others' ids."""
    names = served.generation.compiled.owners.names
    others = [names[owner][1] for owner in served.judge.others(text, judged)]
    listed = {hit.id: hit for hit in hits}
    others = [faq_id for faq_id in others if faq_id in listed]
    urgent = next((faq_id for faq_id in others if served.faq(faq_id).urgent), None)
    if urgent is not None and not served.faq(hits[0].id).urgent:
        others[others.index(urgent)] = hits[0].id
        hits = [listed[urgent], *(hit for hit in hits if hit.id != urgent)]
    return hits, tuple(others)


def _mentioning_first(
    served: Served, text: str, hits: list[Hit], limit: int, day: dt.date, held: float
) -> list[Hit]:
    """Put answers that hold the query's words before hits that only come nearest.

    They count as near as the nearest, so that scores go on falling.
    """
    generation = served.generation
    faqs = {faq_id: faq for faq_id, faq in generation.content.faqs.items() if faq.valid_on(day)}
    most = min(limit, ranking.MENTIONED)
    ids = generation.answers.mention(text, faqs, generation.analyser, most, held)
    if not ids:
        return hits
    score = hits[0].score if hits else 0.0
    first = [
        Hit(faq_id, score, faqs[faq_id].question, faqs[faq_id].category, faqs[faq_id].question)
        for faq_id in ids
    ]
    return [*first, *(hit for hit in hits if hit.id not in ids)][:limit]


def _topic(served: Served, query: str, judged: Judged) -> str | None:
    if served.phrases.ask_for_human(query):
        return "human"
    if served.phrases.only_begin(query, served.judge.small_talk):
        return ranking.GREETED
    owners = served.generation.compiled.owners
    if _wishes_for_human(served, judged.share):
        return "human"
    best = int(judged.share.argmax())
    kind = owners.kinds[best]
    # 谢谢，没事了 is two kinds of small talk, and surely small talk
    alike = owners.kinds == kind if kind == SMALLTALK else best
    if kind != FAQ and judged.share[alike].sum() >= thresholds.TOPIC:
        return owners.names[best][1]
    return None


def _wishes_for_human(served: Served, share: Floats) -> bool:
    owners = served.generation.compiled.owners
    wish = float(share[owners.kinds == HUMAN].sum())
    if wish < thresholds.HINTED:
        return False
    of_faqs = zip(owners.names, share, strict=True)
    leads = sum(part for (kind, name), part in of_faqs if kind == "faq" and _leads(served, name))
    return wish >= thresholds.HUMAN or wish + float(leads) >= thresholds.TOGETHER


def _leads(served: Served, faq_id: str) -> bool:
    """Say whether an FAQ leads to a person."""
    return served.faq(faq_id).flow == "human"


def _lend_human(served: Served, share: np.ndarray) -> None:
    """Count a wish for a person as the FAQ that leads to one."""
    for owner, (kind, name) in enumerate(served.generation.compiled.owners.names):
        if kind == "faq" and _leads(served, name):
            share[owner] = 1.0


def _band(served: Served, topic: str | None, confidence: float, hits: list[Hit]) -> ranking.Band:
    if topic == "human":
        return "answer"
    if topic is not None or not hits:
        return "unknown"
    urgent = sum(hit.score for hit in hits if served.faq(hit.id).urgent)
    led = served.faq(hits[0].id).urgent or urgent < thresholds.LEADING
    if confidence >= thresholds.ANSWER and hits[0].score >= thresholds.LEAD and led:
        return "answer"
    if confidence >= thresholds.OFFER or urgent >= thresholds.URGENT:
        return "offer"
    return "unknown"


def day_here(moment: dt.datetime) -> dt.date:
    """Return the day at the wallet's customers: an FAQ begins and ends at their midnight."""
    return moment.astimezone(CHINA).date()


def _today_here() -> dt.date:
    return day_here(dt.datetime.now(dt.timezone.utc))
