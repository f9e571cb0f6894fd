"""A message read within its conversation: (state, message) → what it does there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogue import polarity
from dialogue.acts import MATTER, Act
from dialogue.asides import without_asides
from dialogue.evidence import Evidence
from dialogue.parts import step_named
from dialogue.readings import (
    AND_THAT,
    ASKED,
    BARE_ACTS,
    BESIDE,
    BRIEF,
    CLEAR,
    CONFIRMS,
    CONTRAST,
    DECLINES,
    DECLINING,
    EARLIER,
    FEW,
    JOINED,
    LEADS,
    LEANING,
    LISTED,
    OWN,
    POINTED,
    RARE,
    SEVERAL,
    SURE,
    THE_OTHER,
    VERY_SURE,
    WHOLLY,
    WISHED,
    WISHES,
    Reading,
)
from dialogue.state import State
from dialogue.text import asks as asks_something
from dialogue.text import clauses
from dialogue.topics import Named
from learning.text import bared
from search import Faq, Ranking

__all__ = ["Reader", "Reading"]


class Reader(Evidence):
    """Reads messages."""

    def read(self, state: State, text: str, ranking: Ranking) -> Reading:
        """Read a message. ranking: of the whole message, without its topic."""
        ranking = self.without_the_bot(text, ranking)
        lead = LEADS.match(text) or SEVERAL.match(text)
        text = lead["what"] if lead else text
        said_again = ASKED.match(text)
        if said_again or (lead and lead.re is SEVERAL):
            text = said_again["what"] if said_again else text
            ranking = self.without_the_bot(text, self.knowledge.rank(text))
            if said_again and state.topic:
                return self._asked_again(state, text, ranking)
        contrast = CONTRAST.match(text)
        if contrast:
            text = contrast["what"]
            ranking = self.without_the_bot(text, self.knowledge.rank(text))
            meant = self._meant_before(state, text, ranking)
            if meant is not None:
                return Reading("matter", text, 1.0, faq=meant.id, ranking=ranking)
        act = self.acts.tell(text)
        if act.name in DECLINING:
            act = self._wished_instead(text) or act
        named = self.topics.name(text)
        numbered = step_named(text)
        topic = self.knowledge.faq(state.topic) if state.topic else None
        if polarity.is_surely_fine(text) and act.share < 1:
            return Reading("fact", text, ranking=ranking)
        if topic is not None and act.share < 1 and polarity.denies_a_matter(text):
            missed = topic.object in named.objects
            return Reading("deny" if missed else "fact", text, ranking=ranking)
        hit = ranking.hits[0].id if ranking.hits else None
        # 那要是真被骗了，第一步干啥 asks no step of what is talked about
        clearly = topic is not None and hit != topic.id and ranking.confidence >= CLEAR
        if topic is not None and numbered and named.rest <= 6 and not clearly:
            return Reading("step", text, faq=topic.id, step=numbered, ranking=ranking)
        if act.share == 1.0 and act.name not in (MATTER, "inform"):
            if act.name == "resume" and EARLIER.search(text) and state.before:
                return Reading("earlier", text, 1.0, faq=state.before, ranking=ranking)
            if not self._better_as_facet(act, named, topic):
                return Reading(act.name, text, 1.0, ranking=ranking)
        explained = self.explains(named, ranking)
        if explained is not None and "what" not in state.given.get(explained.id, ()):
            return Reading("facet", text, 1.0, explained.id, "what", ranking=ranking)
        if topic is not None and named.rest == 0 and (named.objects or named.aspects):
            leaning = self.on_the_grid(text, named, topic, state, ranking)
            if leaning is not None:
                return leaning
        if state.aside and THE_OTHER.match(text) and ranking.confidence < CLEAR:
            return Reading("matter", text, 1.0, faq=state.aside[0], ranking=ranking)
        hesitates = self.hesitates(text, topic)
        if hesitates is not None:
            faq, aspect = hesitates
            return Reading("facet", text, 1.0, faq.id, aspect, ranking=ranking)
        other = self.other_than_said(text, topic, state)
        if other is not None and not (ranking.band == "answer" and ranking.confidence >= CLEAR):
            return Reading("matter", text, 1.0, faq=other.id, ranking=ranking)
        rest, left = without_asides(self.acts, text)
        # what the whole says for sure is not taken apart: 我不会打字 能说话不
        plain = act.name not in BESIDE | {MATTER, "inform"} and act.share >= WHOLLY
        if act.name == "wait" and act.share >= VERY_SURE and not asks_something(text):
            return Reading("wait", text, act.share, ranking=ranking)
        if rest != text and not plain:
            whole = ranking
            ranking = self.without_the_bot(rest, self.knowledge.rank(rest))
            act, named = self.acts.tell(rest), self.topics.name(rest)
            aside = [part for part in clauses(text) if polarity.sets_aside(part)]
            worse = ranking.band == "unknown" or (ranking.band == "offer" and not aside)
            worse = worse and not self._speaks_of_any(whole, aside)
            if worse and whole.band == "answer" and not left:
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
            leaning = self.akin_first(state, text, ranking, named, topic) or self.on_the_grid(
                text, named, topic, state, ranking
            )
            if leaning is not None:
                return leaning
        clear = ranking.band == "answer" and ranking.confidence >= CLEAR
        asks = asks_something(text)
        near = self.near(topic, ranking) or ranking.band == "answer"
        if topic is not None and AND_THAT.match(text) and not near:
            return self.likewise(state, text, ranking, named, topic)
        if act.name == "still" and asks and act.share < 1:
            act = Act(MATTER, act.share)  # 改成生日行不行
        if topic is not None and asks and not clear and self.speaks_of(topic, text, named):
            return Reading("facet", text, faq=topic.id, aspect=None, ranking=ranking)
        lent = self.with_topics_word(state, text, ranking, act, named, topic)
        if lent is not None:
            return lent
        briefly = bool(named.aspects) and not named.objects and named.rest <= FEW and not clear
        if topic is not None and briefly and named.aspects[0] in dict(topic.facets):
            return Reading("facet", text, 1.0, topic.id, named.aspects[0], ranking=ranking)
        if topic is not None and CONFIRMS.search(text) and not named.objects and not clear:
            return Reading("check", text, act.share, ranking=ranking)
        if act.name == "correction" and asks and act.share < 1:
            act = Act(MATTER, act.share)
        if act.name == "rejection" and clear and ranking.hits[0].id != state.topic:
            act = Act(MATTER, act.share)  # 我提现失败了就是想问这个
        if act.name in RARE and act.share < VERY_SURE:
            act = Act(MATTER, act.share)
        if act.name in BARE_ACTS and named.rest > OWN and act.share < 1:
            act = Act(MATTER, act.share)
        if act.name == "confused" and act.share < 1 and POINTED.search(text):
            act = Act(MATTER, act.share)  # 一天收的总数在哪看
        elsewhere = bool(named.objects) and (topic is None or topic.object not in named.objects)
        if act.name == "how_long" and elsewhere:
            act = Act(MATTER, act.share)
        if act.name in WISHES and act.share >= WISHED and not DECLINES.search(text):
            return Reading(act.name, text, act.share, ranking=ranking)
        alone = self.stands_alone(named, topic)
        listed = ranking.band == "answer" and ranking.confidence >= LISTED
        tells_first = act.name == "inform" and topic is None
        bar = VERY_SURE if (clear and alone) or listed or tells_first else SURE
        if EARLIER.search(text) and named.aspects and state.before and named.rest <= BRIEF:
            return Reading(
                "facet", text, faq=state.before, aspect=named.aspects[0], ranking=ranking
            )
        if act.name == "resume" and act.share >= SURE and EARLIER.search(text) and state.before:
            return Reading("earlier", text, act.share, faq=state.before, ranking=ranking)
        if act.name not in (MATTER, "inform") and act.share >= bar:
            return Reading(act.name, text, act.share, ranking=ranking)
        stands = topic is None and ranking.band != "unknown"
        failed = self.gone_wrong(text, topic, named, asks=asks)
        if failed is not None and not clear:
            if failed.id == state.topic:
                return Reading("facet", text, faq=failed.id, aspect="failed", ranking=ranking)
            return Reading("matter", text, act.share, faq=failed.id, ranking=ranking)
        tells = act.name == "inform" and act.share >= bar and not asks and not stands
        if tells and not (clear and (alone or self.near(topic, ranking))):
            return Reading("fact", text, act.share, ranking=ranking)
        if polarity.denies(text) and not clear:
            about = bool(named.objects) or len(bared(text)) <= 3
            return Reading("deny" if about else "fact", text, act.share, ranking=ranking)
        return self.ranked(state, text, ranking, act, named, topic, asks=asks)

    def _asked_again(self, state: State, text: str, ranking: Ranking) -> Reading:
        """Read what the customer says they asked: it is a matter, whatever else it resembles."""
        refused = replace(state, refused=[*state.refused, str(state.topic)], topic=None)
        named = self.topics.name(text)
        act = Act(MATTER, 1.0)
        found = self.ranked(refused, text, ranking, act, named, None, asks=True)
        if found.act != "lost" or not named.objects:
            return found
        faq = self.main(named.objects[0])
        return Reading("matter", text, 1.0, faq=faq.id, ranking=ranking) if faq else found

    def _meant_before(self, state: State, text: str, ranking: Ranking) -> Faq | None:
        """Return what the message before means with what it is about: 钱没到 → 是我转给房东的."""
        if not state.heard or ranking.band == "answer":
            return None
        joined = self.knowledge.rank(text + state.heard[-1])
        if joined.band != "answer" or joined.confidence < JOINED:
            return None
        faq = self.knowledge.faq(joined.hits[0].id)
        return faq if faq is not None and faq.id not in (state.topic, *state.refused) else None

    def _speaks_of_any(self, ranking: Ranking, parts: Sequence[str]) -> bool:
        """Say whether a ranking's first FAQ is about what some clauses name: 不是要退款."""
        faq = self.knowledge.faq(ranking.hits[0].id) if ranking.hits else None
        named = {object_ for part in parts for object_ in self.topics.name(part).objects}
        return faq is not None and faq.object in named

    def _wished_instead(self, text: str) -> Act | None:
        """Return the wish of a message that first declines another: 不想打电话，能视频吗."""
        told = map(self.acts.tell, clauses(text)[1:])
        return next((act for act in told if act.name in WISHES and act.share >= WISHED), None)

    def _better_as_facet(self, act: Act, named: Named, topic: Faq | None) -> bool:
        """Say whether a listed act is rather a further question about the topic."""
        if topic is None or not named.aspects:
            return False
        sharp = act.name == "confused" and named.aspects[0] != "how"  # 去哪里弄
        return (act.name == "how_long" or sharp) and named.rest == 0


def _with_left(reading: Reading, left: bool) -> Reading:
    if not left:
        return reading
    return Reading(
        reading.act, reading.text, reading.share, reading.faq, reading.aspect, reading.object,
        reading.offers, reading.step, True, reading.ranking,
    )  # fmt: skip
