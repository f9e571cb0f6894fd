"""A message read within its conversation: (state, message) → what it does there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from dialogue import parts, polarity, weighing
from dialogue.acts import MATTER, Act, Acts
from dialogue.parts import step_named
from dialogue.state import State
from dialogue.text import asks as asks_something
from dialogue.text import bare, clauses, marked_as_question
from dialogue.topics import Named, Topics
from search import Faq, Ranking

# An act this probable is what the message does; a listed one has 1.
SURE = 0.5
VERY_SURE = 0.8
WISHED = 0.4
# From this share on, an act of several clauses is the act of all of them.
WHOLLY = 0.7
# A ranking this confident is a question of its own, whatever the topic is.
CLEAR = 0.9
# A message with at most so many letters of its own leans on what was said.
LEANING = 1
# From this share on, given the topic, an FAQ is the answer; from the other, it is offered.
ANSWER, OFFER = 0.5, 0.12
# From this share on, a message that names its object brings the topic up again.
AGAIN = 0.25
# From this share on, one FAQ by itself is worth a question back.
ALONE = 0.35
# The share of a question that the topic's answer has to bear out to answer it.
SPOKEN = 0.5
# Acts by which a customer wants something done: plain even where the words recall an FAQ.
WISHES = frozenset(
    ("call_me", "video_call", "write_letter", "send_picture", "take_note", "staffed", "how_long")
)
# Acts so far from everyday that they have to be sure: 钱转走了 mourns nobody.
RARE = frozenset(
    ("take_note", "ability", "violence", "write_letter", "former_case", "presence", "again")
)
# Acts that say little by themselves: with the topic's word before them they may be a question.
LEANS = frozenset(["still", "inform", "helpless", "check", "tried", "confused"])
# Letters of a message that is also read with the topic's word before it.
BRIEF = 12
# Acts that say nothing but what they are: with more letters of its own a message is a question.
BARE_ACTS = frozenset(
    ("helpless", "check", "confused", "how_long", "resume", "acknowledge", "hurry", "wait")
)
OWN = 3
# With no more letters than these beside it, an aspect is asked of what is talked about.
FEW = 2
_DECLINES = re.compile(r"不(?:想|要|用|需要|愿意|方便|会)|别|没法")
_NAMES = re.compile(r"呢\W*$|[?？]|^那|还有|也")
# Acts that stand beside a matter in the same message and are left out for it.
BESIDE = frozenset((
    "greet", "thanks", "apology", "praise", "laugh", "insult", "presence", "acknowledge", "wait",
    "hurry", "leave", "correction",
))  # fmt: skip
_EARLIER = re.compile(r"刚才|刚刚|之前|前面|先前|那个问题|开头|一开始")
_WANTS = re.compile(r"(?:我想问|想问|我问的是|我是问|我是说|我说的是|是想问|请问|想知道|我要问)")
# 先说余额不足这个: which of several is to come first
_LEADS = re.compile(
    r"^(?:那|就)?先(?:说|讲|问|看|弄|解决)(?:一下|说|讲)?(?P<what>.{2,12}?)(?:这个|这条|这件|的事)?(?:吧|嘛)?\W*$"
)
# 我不是要解绑是要换一张: what is meant follows what is not
_CONTRAST = re.compile(
    r"^(?:我|这|其实|也)*(?:不是|并非)(?P<not>[^，,。?？是]{1,10})[，, ]*"
    r"(?:而)?是(?P<what>(?!不是|吗|么|吧).{3,})$"
)
# 煤气呢: another of the same kind
_AND_THAT = re.compile(r"^(?:那|那么)?(?P<what>\S{1,6})呢\W*$")
# 下次用流量就没事了吧: wants to hear that it is so
_CONFIRMS = re.compile(r"(?:应该|会|能|可以|就|算|要|不用|没事|是).{0,12}[^好行]吧\W*$")
# What goes wrong, told of something that was asked how to do.
_FAILS = re.compile(
    r"提示|报错|失败|不行|不了|不上|不成|没反应|不对|不符|转圈|卡住|闪退|白屏|打不开|没过|不通过|没通过"
)
# Whom the FAQs about the bot itself are asked of.
_ADDRESSES = re.compile(r"你|您|妳|机器|智能|小狐|客服|ai", re.IGNORECASE)


class Knowledge(Protocol):
    """What is known of the FAQs."""

    def faq(self, faq_id: str) -> Faq | None:
        """Return an FAQ, None when there is none."""

    def faqs(self) -> Sequence[Faq]:
        """Return all FAQs."""

    def rank(self, text: str) -> Ranking:
        """Rank a text by itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message does in its conversation.

    act: a name of acts.yml, or "matter" (answer `faq`), "facet" (answer `aspect` of `faq`),
    "step" (explain a step of the topic), "which" (ask which of `offers`), "deny" (only denies),
    "fact" (tells), "lost". text: the part of the message that says it. ranking: of that part.
    """

    act: str
    text: str
    share: float = 0.0
    faq: str | None = None
    aspect: str | None = None
    object: str | None = None
    offers: tuple[str, ...] = ()
    step: int | None = None
    left: bool = False
    ranking: Ranking | None = field(default=None, compare=False)


class Reader:
    """Reads messages; holds the acts, the grid, and what is known."""

    def __init__(self, acts: Acts, topics: Topics, knowledge: Knowledge) -> None:
        self.acts = acts
        self.topics = topics
        self.knowledge = knowledge

    def read(self, state: State, text: str, ranking: Ranking) -> Reading:
        """Read a message. ranking: of the whole message, without its topic."""
        ranking = self._without_the_bot(text, ranking)
        lead = _LEADS.match(text)
        text = lead["what"] if lead else text
        contrast = _CONTRAST.match(text)
        if contrast:
            text = contrast["what"]
            ranking = self._without_the_bot(text, self.knowledge.rank(text))
        act = self.acts.tell(text)
        named = self.topics.name(text)
        numbered = step_named(text)
        topic = self.knowledge.faq(state.topic) if state.topic else None
        if topic is not None and numbered and named.rest <= 6:
            return Reading("step", text, faq=topic.id, step=numbered, ranking=ranking)
        if act.share == 1.0 and act.name not in (MATTER, "inform"):
            if act.name == "resume" and _EARLIER.search(text) and state.before:
                return Reading("earlier", text, 1.0, faq=state.before, ranking=ranking)
            if not self._better_as_facet(act, named, topic):
                return Reading(act.name, text, 1.0, ranking=ranking)
        if topic is not None and named.rest == 0 and (named.objects or named.aspects):
            leaning = self._on_the_grid(text, named, topic, state, ranking)
            if leaning is not None:
                return leaning
        other = self._other_than_said(text, topic, state)
        if other is not None and not (ranking.band == "answer" and ranking.confidence >= CLEAR):
            return Reading("matter", text, 1.0, faq=other.id, ranking=ranking)
        rest, left = self._without_asides(text, act)
        # what the whole says for sure is not taken apart: 我不会打字 能说话不
        plain = act.name not in BESIDE | {MATTER, "inform"} and act.share >= WHOLLY
        if act.name == "wait" and act.share >= VERY_SURE and not asks_something(text):
            return Reading("wait", text, act.share, ranking=ranking)
        if rest != text and not plain:
            whole = ranking
            ranking = self._without_the_bot(rest, self.knowledge.rank(rest))
            act, named = self.acts.tell(rest), self.topics.name(rest)
            if ranking.band == "unknown" and whole.band == "answer" and not left:
                ranking, rest = whole, text
            found = self._within(state, rest, ranking, act, named, topic)
            return _with_left(found, left)
        return self._within(state, text, ranking, act, named, topic)

    def _within(
        self,
        state: State,
        text: str,
        ranking: Ranking,
        act: Act,
        named: Named,
        topic: Faq | None,
    ) -> Reading:
        if polarity.is_surely_fine(text):
            return Reading("fact", text, ranking=ranking)
        if topic is not None and named.rest <= LEANING and (named.objects or named.aspects):
            leaning = self._akin_first(state, text, ranking, named, topic) or self._on_the_grid(
                text, named, topic, state, ranking
            )
            if leaning is not None:
                return leaning
        clear = ranking.band == "answer" and ranking.confidence >= CLEAR
        asks = asks_something(text)
        near = self._near(topic, ranking) or ranking.band == "answer"
        if topic is not None and _AND_THAT.match(text) and not near:
            return self._likewise(state, text, ranking, named, topic)
        if act.name == "still" and asks and act.share < 1:
            act = Act(MATTER, act.share)  # 改成生日行不行
        if topic is not None and asks and not clear and self._speaks_of(topic, text, named):
            return Reading("facet", text, faq=topic.id, aspect=None, ranking=ranking)
        lent = self._with_topics_word(state, text, ranking, act, named, topic)
        if lent is not None:
            return lent
        briefly = bool(named.aspects) and not named.objects and named.rest <= FEW and not clear
        if topic is not None and briefly and named.aspects[0] in dict(topic.facets):
            return Reading("facet", text, 1.0, topic.id, named.aspects[0], ranking=ranking)
        if topic is not None and _CONFIRMS.search(text) and not named.objects and not clear:
            return Reading("check", text, act.share, ranking=ranking)
        if act.name == "correction" and asks and act.share < 1:
            act = Act(MATTER, act.share)
        if act.name in RARE and act.share < VERY_SURE:
            act = Act(MATTER, act.share)
        if act.name in BARE_ACTS and named.rest > OWN and act.share < 1:
            act = Act(MATTER, act.share)
        elsewhere = bool(named.objects) and (topic is None or topic.object not in named.objects)
        if act.name == "how_long" and elsewhere:
            act = Act(MATTER, act.share)
        if act.name in WISHES and act.share >= WISHED and not _DECLINES.search(text):
            return Reading(act.name, text, act.share, ranking=ranking)
        alone = self._stands_alone(named, topic)
        bar = VERY_SURE if (clear and alone) or (act.name == "inform" and topic is None) else SURE
        if _EARLIER.search(text) and named.aspects and state.before and named.rest <= BRIEF:
            return Reading(
                "facet", text, faq=state.before, aspect=named.aspects[0], ranking=ranking
            )
        if act.name == "resume" and act.share >= SURE and _EARLIER.search(text) and state.before:
            return Reading("earlier", text, act.share, faq=state.before, ranking=ranking)
        if act.name not in (MATTER, "inform") and act.share >= bar:
            return Reading(act.name, text, act.share, ranking=ranking)
        stands = topic is None and ranking.band != "unknown"
        failed = self._gone_wrong(text, topic, named, asks=asks)
        if failed is not None and not clear:
            if failed.id == state.topic:
                return Reading("facet", text, faq=failed.id, aspect="failed", ranking=ranking)
            return Reading("matter", text, act.share, faq=failed.id, ranking=ranking)
        tells = act.name == "inform" and act.share >= bar and not asks and not stands
        if tells and not (clear and (alone or self._near(topic, ranking))):
            return Reading("fact", text, act.share, ranking=ranking)
        if polarity.denies(text) and not clear:
            about = bool(named.objects) or len(bare(text)) <= 3
            return Reading("deny" if about else "fact", text, act.share, ranking=ranking)
        return self._ranked(state, text, ranking, act, named, topic, asks=asks)

    def _ranked(
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
        shares = weighing.shares(self.knowledge.faq, state, ranking.hits, topic, named)
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
            0.6 if topic is None or near or self._stands_alone(named, topic) else 0.8
        )
        told = topic is not None and first == topic.id and "whole" in state.given.get(first, ())
        if told and not asks and act.name in ("inform", MATTER) and len(bare(text)) > 2:
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
        if near and shares[first] >= ANSWER and ranking.confidence >= least:
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
        if act.name not in (MATTER, "inform") and act.share >= 0.35 and len(bare(text)) <= 8:
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
        about = asks and topic is not None and not elsewhere and not self._offers_kin(topic, offers)
        known = ranking.band != "unknown" or named.rest <= FEW
        if about and known and topic is not None and named.rest <= BRIEF:
            return Reading("facet", text, faq=topic.id, aspect=aspect, ranking=ranking)
        if ranking.band in ("offer", "answer") and offers and clearly:
            return Reading("which", text, shares[first], offers=offers, ranking=ranking)
        if near and shares[first] >= 0.35:
            return Reading("which", text, shares[first], offers=offers, ranking=ranking)
        return Reading("lost", text, shares[first], offers=offers, ranking=ranking)

    def _without_the_bot(self, text: str, ranking: Ranking) -> Ranking:
        """Leave out the FAQs about the bot itself where nobody is addressed: 那要上传啥."""
        about = [hit.id for hit in ranking.hits if self._is_about_the_bot(hit.id)]
        if not about or _ADDRESSES.search(text):
            return ranking
        kept = tuple(hit for hit in ranking.hits if hit.id not in about)
        band = "offer" if ranking.hits[0].id in about and ranking.band == "answer" else ranking.band
        return replace(ranking, hits=kept, band=band)

    def _is_about_the_bot(self, faq_id: str) -> bool:
        faq = self.knowledge.faq(faq_id)
        return faq is not None and faq.object == "bot"

    def _likewise(
        self, state: State, text: str, ranking: Ranking, named: Named, topic: Faq
    ) -> Reading:
        """Read 煤气呢 as what was asked last, of something else that the topic may speak of."""
        on_the_grid = self._on_the_grid(text, named, topic, state, ranking)
        if on_the_grid is not None:
            return on_the_grid
        return Reading("facet", text, faq=topic.id, aspect=None, ranking=ranking)

    def _speaks_of(self, topic: Faq, text: str, named: Named) -> bool:
        """Say whether the topic's own answer surely speaks of what is asked."""
        if named.objects and topic.object not in named.objects:
            return False
        texts = [*(facet for _, facet in topic.facets), *parts.sentences_of(topic.answer)]
        return parts.fitting(texts, text, SPOKEN) is not None

    def _other_than_said(self, text: str, topic: Faq | None, state: State) -> Faq | None:
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

    def _gone_wrong(self, text: str, topic: Faq | None, named: Named, *, asks: bool) -> Faq | None:
        """Return the FAQ on how the topic fails, where a message tells that it did."""
        if topic is None or asks or topic.aspect not in ("how", "what", "where"):
            return None
        if not _FAILS.search(text) or (named.objects and topic.object not in named.objects):
            return None
        faq = self.cell(topic.object, "failed")
        if faq is None and "failed" in dict(topic.facets):
            return topic
        return faq if faq is not None and faq.id != topic.id else None

    def _offers_kin(self, topic: Faq, offers: Sequence[str]) -> bool:
        """Say whether one of some FAQs belongs to the topic."""
        found = [self.knowledge.faq(faq_id) for faq_id in offers]
        others = (faq for faq in found if faq is not None and faq.id != topic.id)
        return any(weighing.akin(topic, faq) for faq in others)

    def _akin_first(
        self, state: State, text: str, ranking: Ranking, named: Named, topic: Faq
    ) -> Reading | None:
        """Read a message of a word or two as the question of a FAQ akin to the topic: 怎么锁."""
        if named.rest == 0:
            return None
        shares = weighing.shares(self.knowledge.faq, state, ranking.hits, topic, named)
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

    def _with_topics_word(
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
        if topic is None or named.objects or not 2 <= len(bare(text)) <= BRIEF:
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
        borne_out = bool(set(named.aspects) - {"how"}) or faq.id in {hit.id for hit in alone.hits}
        if faq.id in state.refused or not borne_out:
            return None
        return Reading("matter", text, ranking.confidence, faq=faq.id, ranking=ranking)

    def cell(self, object_: str | None, aspect: str | None) -> Faq | None:
        """Return the FAQ that asks this aspect of this object."""
        if object_ is None or aspect is None:
            return None
        found = (
            faq for faq in self.knowledge.faqs() if faq.object == object_ and faq.aspect == aspect
        )
        return next(found, None)

    def main(self, object_: str) -> Faq | None:
        """Return the FAQ that an object by itself stands for."""
        for aspect in ("how", "what", "failed"):
            if (faq := self.cell(object_, aspect)) is not None:
                return faq
        return next((faq for faq in self.knowledge.faqs() if faq.object == object_), None)

    def _on_the_grid(
        self, text: str, named: Named, topic: Faq, state: State, ranking: Ranking
    ) -> Reading | None:
        """Read a message that says nothing beside an object, an aspect, or both."""
        others = [name for name in named.objects if name not in (topic.object, state.object)]
        if others and not named.aspects and not _NAMES.search(text):
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
        cell = self.cell(object_, aspect)
        first = ranking.hits[0] if ranking.hits else None
        asked = cell is not None and first is not None and first.id == cell.id
        # the topic says it itself, unless the words are plainly another's: 要钱吗, of a video
        own = aspect in dict(topic.facets) and not named.objects
        own = own and not (asked and first is not None and first.score >= SURE)
        faq = None if own else self.cell(object_, aspect)
        if faq is not None and faq.id != topic.id and faq.id not in state.given:
            return Reading("matter", text, 1.0, faq.id, aspect, object_, ranking=ranking)
        return Reading("facet", text, 1.0, topic.id, aspect, object_, ranking=ranking)

    def _without_asides(self, text: str, act: Act) -> tuple[str, bool]:
        """Leave out clauses that only greet, leave, scold or deny beside a matter.

        Returns the rest, and whether the customer leaves what was going on.
        """
        parts = clauses(text)
        if len(parts) < 2:
            return text, False
        kept: list[str] = []
        left = False
        for part in parts:
            one = self.acts.tell(part)
            if one.name in BESIDE and one.share >= SURE:
                left = left or one.name == "leave"
            else:
                kept.append(part)
        if len(kept) > 1:
            denied = [part for part in kept if polarity.sets_aside(part)]
            if 0 < len(denied) < len(kept):
                kept = [_without_is(part) for part in kept if part not in denied]
        if not kept or len(kept) == len(parts):
            return text, False
        return "，".join(kept) + ("？" if marked_as_question(text) else ""), left

    def _better_as_facet(self, act: Act, named: Named, topic: Faq | None) -> bool:
        """Say whether a listed act is rather a further question about the topic."""
        if topic is None or not named.aspects:
            return False
        return act.name in ("how_long",) and named.rest == 0

    def _near(self, topic: Faq | None, ranking: Ranking) -> bool:
        """Say whether a ranking's first FAQ belongs to the topic and is another."""
        faq = self.knowledge.faq(ranking.hits[0].id) if ranking.hits else None
        return (
            topic is not None
            and faq is not None
            and faq.id != topic.id
            and weighing.akin(topic, faq)
        )

    def _stands_alone(self, named: Named, topic: Faq | None) -> bool:
        """Say whether a message names a matter by itself."""
        if topic is None:
            return True
        return bool(named.objects) and (bool(named.aspects) or named.rest >= 2)


def _without_is(part: str) -> str:
    return re.sub(r"^(?:而|应该|其实)?是(?=\S{2})", "", _WANTS.sub("", part)) or part


def _with_left(reading: Reading, left: bool) -> Reading:
    if not left:
        return reading
    return Reading(
        reading.act, reading.text, reading.share, reading.faq, reading.aspect, reading.object,
        reading.offers, reading.step, True, reading.ranking,
    )  # fmt: skip
