"""What one generation serves: from a judged message to a ranking, and what may be said by it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from search import ranking, thresholds, urgency
from search.answers import HELD
from search.documents import Faq
from search.errors import UnknownFaq
from search.generation import Generation
from search.kept import ACCEPTED, TOGETHER
from search.model import FAQ, HUMAN, SMALLTALK
from search.phrases import Phrases
from search.postings import Floats
from search.ranking import Hit, Judge, Judged, Ranking, faq_order
from search.reading import encoder_of
from search.settings import Settings
from search.suggestion import Suggester


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
        own = settings.index.parent / ACCEPTED / TOGETHER / "signs"
        signs = urgency.read(settings.data, analyser.normalise, own, settings.learned, known)
        judge = Judge(generation, encoder_of(settings))
        return cls(generation, judge, Phrases.of(analyser), suggester, signs)

    def faq(self, faq_id: str) -> Faq:
        """Return one FAQ, also by an id that it had before; raises UnknownFaq."""
        found = self.generation.content.find(faq_id)
        if found is None:
            raise UnknownFaq(faq_id)
        return found

    def _has_a_chance(self, topic: str | None, judged: Judged) -> bool:
        """Say whether FAQs are offered beside a topic beyond the help center."""
        if topic is None or judged.confidence < thresholds.CHANCE:
            return False
        return any(one.id == topic for one in self.generation.content.lexicon.beyond)

    def rank(self, text: str, limit: int, day: dt.date) -> Ranking:
        """Rank the FAQs that are valid on a day for a message; limit: hits at most."""
        generation = self.generation
        query = generation.spelling.written(text)
        judged = self.judge(text)
        topic = _topic(self, query, judged)
        share = judged.share.copy()
        maybe = self._has_a_chance(topic, judged)
        topic = None if maybe else topic
        if topic == "human":
            _lend_human(self, share)
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
        if topic is None and hits and confidence >= thresholds.ANSWER and not maybe:
            hits, also = _several(self, text, judged, hits)
        band = _band(self, topic, confidence, hits)
        band = "offer" if maybe and band == "answer" else band
        if band == "unknown":
            hits = _mentioning_first(self, text, hits, limit, day, HELD)
        elif confidence < thresholds.FAINT:
            hits = _mentioning_first(self, text, hits, limit, day, 1.0)
        found = Ranking(query, band, round(confidence, 4), tuple(hits), topic, also)
        if self.signs is None:
            return found

        def valid(faq_id: str) -> Faq | None:
            faq = generation.content.find(faq_id)
            return faq if faq is not None and faq.valid_on(day) else None

        return urgency.first(found, text, self.signs.fraud, valid, limit)


def _several(
    served: Served, text: str, judged: Judged, hits: list[Hit]
) -> tuple[list[Hit], tuple[str, ...]]:
    """Put the urgent one of several questions first; returns the hits and the others' ids."""
    names = served.generation.compiled.owners.names
    others = [names[owner][1] for owner in served.judge.others(text, judged)]
    listed = {hit.id: hit for hit in hits}
    others = [faq_id for faq_id in others if faq_id in listed]
    urgent = next((faq_id for faq_id in others if _comes_first(served, listed[faq_id])), None)
    if urgent is not None and not served.faq(hits[0].id).urgent:
        others[others.index(urgent)] = hits[0].id
        hits = [listed[urgent], *(hit for hit in hits if hit.id != urgent)]
    return hits, tuple(others)


def _comes_first(served: Served, hit: Hit) -> bool:
    """Say whether one of several questions is urgent, and borne out by the whole message too."""
    return served.faq(hit.id).urgent and hit.score >= thresholds.BESIDE


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
