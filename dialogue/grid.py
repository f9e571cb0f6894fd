"""Reading a message on the grid of objects and aspects, with what is talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogue import parts, polarity, weighing
from dialogue.acts import MATTER, Act, Acts
from dialogue.readings import (
    ADDRESSES,
    ANSWER,
    BORNE,
    BRIEF,
    CLEAR,
    FAILS,
    FEW,
    LEANS,
    NAMES,
    NOT_YET,
    SPOKEN,
    SURE,
    Knowledge,
    Reading,
)
from dialogue.state import State
from dialogue.text import asks as asks_something
from dialogue.text import clauses
from dialogue.topics import Named, Topics
from learning.text import bared
from search import Faq, Ranking

# Aspects so broad that the object's FAQ on them is meant only where the message says so itself.
BROAD = frozenset(("how", "where", "failed", "safe", "why"))
# Aspects that an FAQ of their own answers better than a line of the topic's does.
WHOLE = frozenset(("fee", "need"))


class Grid:
    """What messages mean beside a topic; holds the acts, the grid, and what is known."""

    def __init__(self, acts: Acts, topics: Topics, knowledge: Knowledge) -> None:
        self.acts = acts
        self.topics = topics
        self.knowledge = knowledge

    def likewise(
        self, state: State, text: str, ranking: Ranking, named: Named, topic: Faq
    ) -> Reading:
        """Read 煤气呢 as what was asked last, of something else that the topic may speak of."""
        on_the_grid = self.on_the_grid(text, named, topic, state, ranking)
        if on_the_grid is not None:
            return on_the_grid
        return Reading("facet", text, faq=topic.id, aspect=None, ranking=ranking)

    def speaks_of(self, topic: Faq, text: str, named: Named) -> bool:
        """Say whether the topic's own answer surely speaks of what is asked."""
        if named.objects and topic.object not in named.objects:
            return False
        texts = [*(facet for _, facet in topic.facets), *parts.sentences_of(topic.answer)]
        return parts.fitting(texts, text, SPOKEN) is not None

    def hesitates(self, text: str, topic: Faq | None) -> tuple[Faq, str] | None:
        """Return what 先不冻结，万一… wants to know: whether it must be, or can be taken back."""
        match = NOT_YET.match(text)
        named = self.topics.name(match["what"]) if match else None
        if topic is None or named is None or not named.objects:
            return None
        faq = self.main(named.objects[0])
        facets = dict(faq.facets) if faq is not None else {}
        aspect = next((one for one in ("must", "safe", "cancel") if one in facets), None)
        return (faq, aspect) if faq is not None and aspect is not None else None

    def other_than_said(self, text: str, topic: Faq | None, state: State) -> Faq | None:
        """Return the FAQ that is meant where the topic's object is denied for another one."""
        pieces = clauses(text)
        if topic is None or len(pieces) < 2 or not polarity.sets_aside(pieces[0]):
            return None
        if topic.object not in self.topics.name(pieces[0]).objects:
            return None
        meant = self.topics.name("".join(pieces[1:])).objects
        if not meant or meant[0] == topic.object:
            return None
        aspects = (state.aspect, topic.aspect, "time", "failed")
        found = (self.cell(meant[0], aspect) for aspect in aspects)
        return next((faq for faq in found if faq is not None), None) or self.main(meant[0])

    def gone_wrong(self, text: str, topic: Faq | None, named: Named, *, asks: bool) -> Faq | None:
        """Return the FAQ on how the topic fails, where a message tells that it did."""
        if topic is None or asks or topic.aspect not in ("how", "what", "where"):
            return None
        if not FAILS.search(text) or (named.objects and topic.object not in named.objects):
            return None
        faq = self.cell(topic.object, "failed")
        if faq is None and "failed" in dict(topic.facets):
            return topic
        return faq if faq is not None and faq.id != topic.id else None

    def offers_kin(self, topic: Faq, offers: Sequence[str]) -> bool:
        """Say whether one of some FAQs belongs to the topic."""
        found = [self.knowledge.faq(faq_id) for faq_id in offers]
        others = (faq for faq in found if faq is not None and faq.id != topic.id)
        return any(weighing.akin(topic, faq) for faq in others)

    def akin_first(
        self, state: State, text: str, ranking: Ranking, named: Named, topic: Faq
    ) -> Reading | None:
        """Read a message of a word or two as the question of a FAQ akin to the topic: 怎么锁."""
        if named.rest == 0:
            return None
        shares = weighing.shares(self.knowledge.faq, state, ranking.hits, topic)
        first = max(shares, key=lambda faq_id: shares[faq_id], default=None)
        faq = self.knowledge.faq(first) if first else None
        if (
            faq is None
            or faq.id == topic.id
            or not weighing.akin(topic, faq)
            or shares[faq.id] < ANSWER
        ):
            return None
        return Reading("matter", text, shares[faq.id], faq=faq.id, ranking=ranking)

    def with_topics_word(
        self,
        state: State,
        text: str,
        alone: Ranking,
        act: Act,
        named: Named,
        topic: Faq | None,
    ) -> Reading | None:
        """Read 没到 after a word about transfers as 转账没到, where that is a clear question.

        alone: the ranking of the message by itself; what has no part in it the word alone brought.
        """
        if topic is None or named.objects or not 2 <= len(bared(text)) <= BRIEF:
            return None
        if act.share == 1.0 or (act.name not in LEANS and act.name != MATTER):
            return None
        if act.name == MATTER and act.share < SURE and not (named.aspects or asks_something(text)):
            return None  # 俺闺女叫刘彩霞 asks nothing
        word = self.topics.word_of(state.object or topic.object)
        if word is None:
            return None
        ranking = self.knowledge.rank(word + text)
        if ranking.band != "answer" or ranking.confidence < 0.75:
            return None
        faq = self.knowledge.faq(ranking.hits[0].id)
        if faq is None or faq.id == topic.id or faq.object != (state.object or topic.object):
            return None
        own = {hit.id for hit in alone.hits if hit.score >= BORNE}
        borne_out = bool(set(named.aspects) - {"how"}) or faq.id in own
        if faq.id in state.refused or not borne_out:
            return None
        return Reading("matter", text, ranking.confidence, faq=faq.id, ranking=ranking)

    def cell(
        self,
        object_: str | None,
        aspect: str | None,
        ranking: Ranking | None = None,
        topic: Faq | None = None,
    ) -> Faq | None:
        """Return the FAQ that asks this aspect of this object.

        Of several, the one that the ranking puts first, then the one related to the topic.
        """
        if object_ is None or aspect is None:
            return None
        found = [
            faq for faq in self.knowledge.faqs() if faq.object == object_ and faq.aspect == aspect
        ]
        order = [*(hit.id for hit in ranking.hits)] if ranking is not None else []
        order += topic.related if topic is not None else ()
        places = {faq_id: place for place, faq_id in reversed(list(enumerate(order)))}
        return min(found, key=lambda faq: places.get(faq.id, len(order)), default=None)

    def main(self, object_: str) -> Faq | None:
        """Return the FAQ that an object by itself stands for."""
        for aspect in ("how", "what", "failed", "where", "hours", "need", "time"):
            if (faq := self.cell(object_, aspect)) is not None:
                return faq
        return next((faq for faq in self.knowledge.faqs() if faq.object == object_), None)

    def on_the_grid(
        self, text: str, named: Named, topic: Faq, state: State, ranking: Ranking
    ) -> Reading | None:
        """Read a message that says nothing beside an object, an aspect, or both."""
        others = [name for name in named.objects if name not in (topic.object, state.object)]
        if others and not named.aspects and not NAMES.search(text):
            return None  # 用的信用卡 tells; 那信用卡呢 asks
        object_ = others[0] if others else (state.object or topic.object)
        aspect = named.aspects[0] if named.aspects else (state.aspect or topic.aspect)
        if others:
            if ranking.band == "answer" and ranking.confidence >= CLEAR and named.aspects:
                return None  # a whole question
            faq = self.cell(object_, aspect)
            if faq is None and not named.aspects:
                # 那转账呢: what was asked first, where the last further question leads nowhere
                faq = self.cell(object_, topic.aspect) or self.main(others[0])
            elif faq is None:
                main = self.main(others[0])
                if main is not None and aspect in dict(main.facets):
                    return Reading("facet", text, 1.0, main.id, aspect, object_, ranking=ranking)
            if faq is None:
                return None
            return Reading("matter", text, 1.0, faq.id, aspect, object_, ranking=ranking)
        if not named.aspects:
            return None  # only what is talked about anyway
        cell = self.cell(object_, aspect, ranking, topic)
        first = ranking.hits[0] if ranking.hits else None
        asked = cell is not None and first is not None and first.id == cell.id
        # the topic says it itself, unless the words are plainly another's: 要钱吗, of a video
        own = aspect in dict(topic.facets) and not named.objects
        own = own and not (asked and first is not None and first.score >= SURE)
        own = own and not (aspect in WHOLE and cell is not None and cell.aspect != topic.aspect)
        faq = None if own else cell
        if aspect in BROAD and not named.objects and not asked:
            faq = None  # 咋办, of an account to be closed, opens none
        if faq is not None and faq.id != topic.id and faq.id not in state.given:
            return Reading("matter", text, 1.0, faq.id, aspect, object_, ranking=ranking)
        spoken = aspect is None or aspect in BROAD or aspect in dict(topic.facets)
        if faq is None and aspect is not None and not spoken:
            faq = self.saying(object_, aspect, ranking)
        said = faq.id if faq is not None else topic.id
        return Reading("facet", text, 1.0, said, aspect, object_, ranking=ranking)

    def saying(self, object_: str | None, aspect: str, ranking: Ranking) -> Faq | None:
        """Return the FAQ of an object that says this aspect too: 多久到, after its fee.

        Of several, the one that the ranking puts first, then the one the object stands for.
        """
        main = self.main(object_) if object_ is not None else None
        hits = filter(None, (self.knowledge.faq(hit.id) for hit in ranking.hits))
        own = [faq for faq in hits if faq.object == object_] + ([main] if main else [])
        return next((faq for faq in own if aspect in dict(faq.facets)), None)

    def explains(self, named: Named, ranking: Ranking) -> Faq | None:
        """Return the FAQ that says what the thing is whose meaning is asked: 什么叫支付方式."""
        if "what" not in named.aspects or not named.objects or named.rest > FEW:
            return None
        if ranking.band == "answer" and ranking.confidence >= SURE:
            return None
        found = (faq for faq in self.knowledge.faqs() if faq.object == named.objects[0])
        return next((faq for faq in found if "what" in dict(faq.facets)), None)

    def near(self, topic: Faq | None, ranking: Ranking) -> bool:
        """Say whether a ranking's first FAQ belongs to the topic and is another."""
        faq = self.knowledge.faq(ranking.hits[0].id) if ranking.hits else None
        return (
            topic is not None
            and faq is not None
            and faq.id != topic.id
            and weighing.akin(topic, faq)
        )

    def stands_alone(self, named: Named, topic: Faq | None) -> bool:
        """Say whether a message names a matter by itself."""
        if topic is None:
            return True
        return bool(named.objects) and (bool(named.aspects) or named.rest >= 2)

    def without_the_bot(self, text: str, ranking: Ranking) -> Ranking:
        """Leave out the FAQs about the bot itself where nobody is addressed: 那要上传啥."""
        about = [hit.id for hit in ranking.hits if self.is_about_the_bot(hit.id)]
        if not about or ADDRESSES.search(text):
            return ranking
        if {"bot", "wallet"}.intersection(self.topics.name(text).objects):
            return ranking  # called by its name
        kept = tuple(hit for hit in ranking.hits if hit.id not in about)
        band = "offer" if ranking.hits[0].id in about and ranking.band == "answer" else ranking.band
        return replace(ranking, hits=kept, band=band)

    def is_about_the_bot(self, faq_id: str) -> bool:
        faq = self.knowledge.faq(faq_id)
        return faq is not None and faq.object == "bot"
