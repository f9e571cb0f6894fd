"""The engine: the one ranker behind the search box and the bot."""

from __future__ import annotations

import copy
import datetime as dt
import fcntl
import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from search import live
from search.content import Category, read_files
from search.documents import Faq
from search.errors import Problem, UnknownFaq
from search.generation import Generation, is_built, name_of, open_current
from search.ranking import Ranking
from search.reading.encoder import Encoder, encoder_of
from search.served import Served
from search.settings import Settings
from search.snippet import mark
from search.suggestion import Suggestion

log = logging.getLogger(__name__)
Today = Callable[[], dt.date]
Aside = Callable[[Callable[[], bool]], bool]
LIMIT = 10
# Confidences that differ by less are equal.
ALIKE = 0.01
CHINA = dt.timezone(dt.timedelta(hours=8))


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
    def settings(self) -> Settings:
        """Its folders."""
        return self._settings

    @property
    def encoder(self) -> Encoder | None:
        """The encoder of sentences; None where it is switched off or not installed."""
        return encoder_of(self._settings)

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
        corrected = self.rank(meant)
        better = corrected.band == "answer" and corrected.confidence >= typed.confidence - ALIKE
        return meant if better else None

    def rank(self, text: str, limit: int = LIMIT) -> Ranking:
        """Rank the FAQs for a message and say whether the first one may be given as the answer.

        text: at most some thousand characters; anything goes. limit: hits at most.
        """
        return self._served.rank(text, limit, self._today())

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
    if _waits(settings):
        progress("waiting for another process that is building the index")
    generation = open_current(settings, progress)
    return Engine(settings, generation, today or _today_here)


def _waits(settings: Settings) -> bool:
    """Tell whether a generation must be built while another process holds the lock of build."""
    try:
        with (settings.index / "lock").open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with_encoder = encoder_of(settings) is not None
        return not is_built(
            settings.index, name_of(read_files(settings.data), encoder=with_encoder)
        )
    except OSError:  # there is none yet, or it is told when it is built
        pass
    return False


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


def day_here(moment: dt.datetime) -> dt.date:
    """Return the day at the wallet's customers: an FAQ begins and ends at their midnight."""
    return moment.astimezone(CHINA).date()


def _today_here() -> dt.date:
    return day_here(dt.datetime.now(dt.timezone.utc))
