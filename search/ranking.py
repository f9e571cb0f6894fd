"""From a message to a ranking: which FAQ, how sure, and what may be said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np
from rapidfuzz import fuzz

from search import thresholds
from search.features import Compiled, look_up
from search.generation import Generation
from search.model import BEYOND, FAQ, SMALLTALK, gate_features, posterior, sigmoid
from search.postings import Floats, Ints
from search.reading import Encoded, Encoder, Reader
from search.reading.judging import weights

Band = Literal["answer", "offer", "unknown"]

# The topic of a message that says only that a question is to come.
GREETED = "greet"
# Where no question is near: answers at most that are listed for holding the message's words.
MENTIONED = 3
# A message longer than this is also read clause by clause: the question is in there somewhere.
LONG = 120
# A clause says nothing below this length; it is clear from here on, and borne out where its FAQ is
# among so many of the whole's first: shares of sharp weights are all but nought.
CLAUSE = 4
CLEAR = 0.8
BORNE_OUT = 3
CLAUSES = re.compile(r"[。！？!?；;，,…\n]+")
# A message from this length on may come to a second matter in the same breath, and is then read in
# its parts, which the spoken word joins instead of a comma: 卡扣了钱然后还有就是短信能不能关掉.
TOLD = 30
JOINTS = re.compile(
    r"[。！？!?；;，,…\s]+|(?=(?<!还)(?:然后|还有(?!没|多|谁|什么|啥|人|钱)|另外|再就是|顺便|对了|"
    r"(?:我|就)(?:还|又|再|现在)?是?想(?:再|先)?问|结果|后来|现在想))"
)
# A part of a told message is at least this long.
PART = 6
# What a later matter of a message counts beside the first.
LATER = 0.3
# What brings in a second matter.
SECOND = re.compile(
    r"(?:然后)?(?:还有(?:就是|[一]?[个件](?:事儿?|问题|就是)?|啊|呢|，)|另外[还呢啊，]?|顺便|再问|第二[个件](?:事儿?|问题)?[呢是，]?|"
    r"我?还想(?:再)?问|对了)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One FAQ in a ranking; score is its share of the message's meaning, 0 to 1."""

    id: str
    score: float
    question: str
    category: str
    matched: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a message is understood.

    topic: the small-talk topic, the topic beyond the help center, or "human"; None for an FAQ.
    also: ids of further FAQs asked for in the same message.
    """

    query: str
    band: Band
    confidence: float
    hits: tuple[Hit, ...]
    topic: str | None = None
    also: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Judged:
    """One text judged: the owners' shares, each one's nearest row, the confidence in the best FAQ.

    share, nearest: by owner; nearest is -1 where an owner was not looked at.
    """

    share: Floats
    nearest: Ints
    confidence: float


class Judge:
    """Weighs owners for texts, against one generation."""

    def __init__(self, generation: Generation, encoder: Encoder | None = None) -> None:
        """encoder: what ranks too, where articles are read."""
        self.spelling = generation.spelling
        self.compiled = generation.compiled
        self.model = generation.model
        self._normalise = generation.analyser.normalise
        articles = generation.articles
        self.reader: Reader | None = None
        if articles is not None:
            faqs = generation.content.faqs
            encoded = Encoded.of(articles.ids, faqs, encoder) if encoder is not None else None
            self.reader = Reader(articles, generation.analyser, encoded)

    def __call__(self, text: str) -> Judged:
        """Judge a text as a whole; a rant also by the clause that says it most clearly."""
        whole = self.one(text)
        told = _matters(text)
        if len(text) <= LONG:
            if self._talk(whole):
                return self._past_talk(text, whole)
            if len(told) < 2:
                return whole
        matters = [self._clearest(part) for part in told]
        clear = [part for part in matters if part.confidence >= thresholds.ANSWER]
        # of several clear matters the first that is told comes first
        best = clear[0] if clear else max(matters, key=lambda part: part.confidence)
        if best.confidence <= whole.confidence:
            return whole
        total = (whole.share + best.share) / 2
        for other in clear[1:]:
            total += LATER * other.share
        share = np.asarray(total / total.sum(), np.float32)
        return Judged(share, np.maximum(whole.nearest, best.nearest), best.confidence)

    def _clearest(self, text: str) -> Judged:
        """Judge a matter by the clause that says it most clearly."""
        judged = [self.one(part) for part in clauses(text)] or [self.one(text)]
        return max(judged, key=lambda part: part.confidence)

    def _past_talk(self, text: str, whole: Judged) -> Judged:
        """Judge what is said beside small talk, if anything is: 什么破软件，钱都转不出去."""
        parts = [part for part in CLAUSES.split(text) if part.strip()]
        if len(parts) < 2:
            return whole
        rest = [part for part in parts if self.small_talk(part) is None]
        return self.one("，".join(rest)) if 0 < len(rest) < len(parts) else whole

    def small_talk(self, text: str) -> str | None:
        """Return the topic of a text that as a whole is small talk, else None."""
        return self._talk(self.one(text))

    def _talk(self, judged: Judged) -> str | None:
        owners, best = self.compiled.owners, int(judged.share.argmax())
        return owners.names[best][1] if owners.kinds[best] == SMALLTALK else None

    def one(self, text: str) -> Judged:
        """Judge a text as it stands, and as it was probably meant."""
        owners, model = self.compiled.owners, self.model
        readings = [each for each in self.spelling.read(text) if each is not None]
        seen = model.view(self.compiled, *(look_up(self.compiled, each) for each in readings))
        evidence = seen.matrix @ model.weights
        share = np.zeros(len(owners.names), np.float32)
        share[seen.candidates] = posterior(evidence)
        nearest = np.full(len(owners.names), -1, np.int64)
        nearest[seen.candidates] = seen.nearest
        confidence = sigmoid(float(gate_features(owners, seen, evidence) @ model.gate))
        # Where no row shares anything with the text, only priors are left.
        judged = Judged(share, nearest, confidence if seen.known else 0.0)
        return judged if self.reader is None else self._read(self.reader, text, judged)

    def _read(self, reader: Reader, text: str, judged: Judged) -> Judged:
        """Judge by the articles, where few ways of asking are known; judged: by these few."""
        owners, learned = self.compiled.owners, weights()
        found = reader(text)
        best = int(judged.share.argmax())
        if owners.kinds[best] != FAQ and judged.share[best] >= thresholds.TOPIC:
            row = self.compiled.rows[int(judged.nearest[best])]
            alike = fuzz.ratio(self._normalise(text), row.plain) >= thresholds.ALIKE
            # A topic beyond the help center silences only what the articles hardly answer.
            beyond = owners.kinds[best] == BEYOND
            if alike and not (beyond and found.confidence >= learned.offer):
                return judged
        share = np.zeros(len(owners.names), np.float32)
        of_article = dict(zip(reader.articles.ids, found.share.tolist(), strict=True))
        for owner, (kind, name) in enumerate(owners.names):
            if kind == "faq":
                share[owner] = of_article.get(name, 0.0)
        points = (0.0, learned.offer, learned.answer, 1.0)
        confidence = float(
            np.interp(found.confidence, points, (0.0, thresholds.OFFER, thresholds.ANSWER, 1.0))
        )
        return Judged(share, judged.nearest, confidence)

    def others(self, text: str, whole: Judged) -> list[int]:
        """Find the FAQ owners that single clauses ask for beside the whole's first one.

        A clause counts when it is clear by itself and among the whole message's first.
        """
        parts = _parts(text)
        if len(parts) < 2 or len(text) > 4 * LONG:
            return []
        order = faq_order(self.compiled, whole.share)[:BORNE_OUT].tolist()
        first = order[0]
        found: list[int] = []
        matters = _matters(text)
        told = len(matters) > 1
        for part in matters if told else parts:
            if len(part.strip()) < CLAUSE:
                continue
            judged = self._clearest(part) if told else self.one(part)
            owner = int(faq_order(self.compiled, judged.share)[0])
            least = thresholds.ANSWER if told else CLEAR
            clear = judged.confidence >= least and owner in order
            if clear and owner != first and owner not in found:
                found.append(owner)
        return found


def clauses(text: str) -> list[str]:
    """Cut a long message into its clauses, and each two neighbours together."""
    parts = [part.strip() for part in _parts(text) if len(part.strip()) >= CLAUSE][:60]
    return parts + [f"{first}，{second}" for first, second in pairwise(parts)]


def _matters(text: str) -> list[str]:
    """Cut a told message where it comes to its next matter."""
    if len(text) < TOLD:
        return [text]
    return [part for part in SECOND.split(text) if len(part) >= PART] or [text]


def _parts(text: str) -> list[str]:
    """Cut a message where it pauses; one that is told in one breath also where it goes on."""
    found = CLAUSES.split(text)
    if len(text) < TOLD:
        return found
    told: list[str] = []
    for part in JOINTS.split(text):
        # what is too short for itself belongs to what was said before
        if told and (len(part) < PART or len(told[-1]) < PART):
            told[-1] += part
        else:
            told.append(part)
    return told


def faq_order(compiled: Compiled, share: Floats) -> Ints:
    """Return the FAQ owners' numbers, best first."""
    faqs = np.flatnonzero(compiled.owners.kinds == FAQ)
    return faqs[np.argsort(-share[faqs], kind="stable")]
