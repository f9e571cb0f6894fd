"""Reading a message by its ranking, with what is talked about as evidence."""

from __future__ import annotations

from dialogue import weighing
from dialogue.acts import MATTER, Act
from dialogue.grid import Grid
from dialogue.readings import (
    AGAIN,
    AHEAD,
    ALONE,
    ANSWER,
    BORNE,
    BOTH,
    BRIEF,
    CLEAR,
    FEW,
    GUESS,
    OFFER,
    SURE,
    Reading,
)
from dialogue.state import State
from dialogue.topics import Named
from learning.text import bared
from search import Faq, Ranking


class Evidence(Grid):
    """Weighs what the ranking found against the topic."""

    def ranked(
        self,
        state: State,
        text: str,
        ranking: Ranking,
        act: Act,
        named: Named,
        topic: Faq | None,
        *,
        asks: bool,
    ) -> Reading:
        """Read a message by its ranking, with the topic as evidence."""
        shares = weighing.shares(self.knowledge.faq, state, ranking.hits, topic)
        order = sorted(shares, key=lambda faq_id: -shares[faq_id])
        if not order:
            return Reading("lost", text, ranking=ranking)
        first = order[0]
        faq = self.knowledge.faq(first)
        near = (
            topic is not None
            and faq is not None
            and (first == topic.id or weighing.akin(topic, faq))
        )
        answers = ranking.band == "answer" and ranking.confidence >= (
            0.6 if topic is None or near or self.stands_alone(named, topic) else 0.8
        )
        told = topic is not None and first == topic.id and "whole" in state.given.get(first, ())
        if told and not asks and act.name in ("inform", MATTER) and len(bared(text)) > 2:
            return Reading("fact", text, act.share, ranking=ranking)
        if first == ranking.hits[0].id and answers:
            if (
                topic is not None
                and not near
                and not asks
                and act.name == "inform"
                and act.share > 0.45
            ):
                return Reading("fact", text, act.share, ranking=ranking)
            return Reading("matter", text, shares[first], faq=first, ranking=ranking)
        # what neither asks nor names anything leans less on the topic: 俺闺女叫刘彩霞
        least = 0.3 if asks or named.objects or named.aspects else 0.5
        scores = {hit.id: hit.score for hit in ranking.hits}
        borne = (topic is not None and first == topic.id) or scores.get(first, 0) >= BORNE
        if near and borne and shares[first] >= ANSWER and ranking.confidence >= least:
            return Reading("matter", text, shares[first], faq=first, ranking=ranking)
        if topic is not None and first == topic.id and named.objects and shares[first] >= AGAIN:
            return Reading("matter", text, shares[first], faq=first, ranking=ranking)
        if act.name == "inform" and act.share >= 0.4 and not asks and topic is not None:
            return Reading("fact", text, act.share, ranking=ranking)
        aspect = named.aspects[0] if named.aspects else None
        same = not named.objects or (topic is not None and topic.object in named.objects)
        leans = named.rest <= (2 if ranking.band == "unknown" else 4) and ranking.confidence < CLEAR
        if topic is not None and aspect and same and leans and (asks or aspect == "failed"):
            return Reading("facet", text, faq=topic.id, aspect=aspect, ranking=ranking)
        if act.name not in (MATTER, "inform") and act.share >= 0.35 and len(bared(text)) <= 8:
            return Reading(act.name, text, act.share, ranking=ranking)
        offers = tuple(
            faq_id
            for faq_id in order[:3]
            if shares[faq_id] >= OFFER and faq_id not in state.refused
        )
        telling = act.name in ("inform", MATTER) or act.share < SURE
        elsewhere = bool(named.objects) and topic is not None and topic.object not in named.objects
        if topic is not None and not asks and telling and not elsewhere and shares[first] < ANSWER:
            return Reading("fact", text, act.share, ranking=ranking)
        clearly = len(offers) > 1 or shares[first] >= ALONE
        about = asks and topic is not None and not elsewhere and not self.offers_kin(topic, offers)
        known = ranking.band != "unknown" or named.rest <= FEW
        if about and known and topic is not None and named.rest <= BRIEF:
            return Reading("facet", text, faq=topic.id, aspect=aspect, ranking=ranking)
        guess = None
        if first not in state.refused and (asks or topic is None):
            guess = self._leading(shares, order)
        if ranking.band in ("offer", "answer") and offers and clearly:
            return Reading("which", text, shares[first], guess, offers=offers, ranking=ranking)
        if near and shares[first] >= 0.35:
            return Reading("which", text, shares[first], guess, offers=offers, ranking=ranking)
        return Reading("lost", text, shares[first], offers=offers, ranking=ranking)

    def _leading(self, shares: dict[str, float], order: list[str]) -> str | None:
        """Return the FAQ that is well ahead of the others, or shares nearly all with one akin."""
        first, second = shares[order[0]], shares[order[1]] if len(order) > 1 else 0.0
        if first < GUESS:
            return None
        if first >= AHEAD * second:
            return order[0]
        one, other = self.knowledge.faq(order[0]), self.knowledge.faq(order[1])
        akin = one is not None and other is not None and weighing.akin(one, other)
        return order[0] if akin and first + second >= BOTH else None
