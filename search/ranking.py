"""From a message to a ranking: which FAQ, how sure, and what may be said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from search.analysis import Analyser
from search.features import NAMES, Compiled, query_features
from search.index import Row
from search.model import FAQ, Model, gate_features, posterior, sigmoid
from search.postings import Floats

Band = Literal["answer", "offer", "unknown"]

# Confidence from which an FAQ is the answer, and from which three are worth offering.
ANSWER = 0.5
OFFER = 0.2
# Urgent FAQs together: money may be leaving the account, so they are at least offered.
URGENT = 0.2
# What a topic needs of the message to be taken for it.
TOPIC = 0.5
# A message longer than this is also read clause by clause: the question is in there somewhere.
LONG = 24
_CLAUSES = re.compile(r"[。！？!?；;，,…\n]+")
_COSINE = NAMES.index("chars.cosine")


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
    """Owners' shares for one text, with the confidence in its best FAQ."""

    share: Floats
    evidence: Floats
    confidence: float


class Judge:
    """Weighs owners for texts, against one generation."""

    def __init__(self, analyser: Analyser, compiled: Compiled, model: Model) -> None:
        self.analyser = analyser
        self.compiled = compiled
        self.model = model

    def __call__(self, text: str) -> Judged:
        """Judge a text as a whole, or by its clauses where these say it more clearly."""
        whole = self._judge(text)
        best = whole
        for clause in clauses(text):
            part = self._judge(clause)
            if part.confidence > best.confidence:
                best = part
        if best is whole:
            return whole
        mixed = (whole.share + best.share) / 2
        return Judged(mixed, np.log(np.maximum(mixed, 1e-9)), best.confidence)

    def _judge(self, text: str) -> Judged:
        found = self.analyser(text)
        features = query_features(self.compiled, found, self.model.learned)
        evidence = features @ self.model.weights
        summary = gate_features(self.compiled.owners, evidence[None], features[None, :, _COSINE])
        confidence = float(sigmoid(summary @ self.model.gate)[0])
        return Judged(posterior(evidence), evidence, confidence)


def clauses(text: str) -> list[str]:
    """Cut a long message into its clauses, each joined with the next one when short."""
    if len(text) <= LONG:
        return []
    parts = [part.strip() for part in _CLAUSES.split(text) if part.strip()]
    if len(parts) < 2:
        return []
    return [part for part in parts if len(part) >= 5] + [
        first + "，" + second for first, second in zip(parts, parts[1:], strict=False)
    ]


def matched_row(rows: Sequence[Row], compiled: Compiled, found_terms: Sequence[str], owner: int) -> str:
    """Return the owner's row that shares most characters with the query."""
    chars = compiled.fields["chars"]
    query = chars.query(found_terms)
    numbers = np.flatnonzero(compiled.owners.of_row == owner)
    shared = chars.shared(query)[numbers]
    cosine = shared / np.sqrt(np.maximum(chars.mass[numbers], 1e-6))
    return rows[int(numbers[int(cosine.argmax())])].text


def faq_order(compiled: Compiled, share: Floats) -> np.ndarray:
    """Return the FAQ owners' numbers, best first."""
    faqs = np.flatnonzero(compiled.owners.kinds == FAQ)
    return faqs[np.argsort(-share[faqs], kind="stable")]
