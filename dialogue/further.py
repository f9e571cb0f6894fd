"""What customers ask next about an FAQ, and what may be said to it: data/further/<FAQ>.yml.

A message after an answer is short and shares few words with how others put the same thing, so it
is compared by meaning: groups of characters get vectors by what they occur in (positive pointwise
mutual information of groups and points, reduced by a singular value decomposition; Levy, Goldberg
and Dagan 2015), a message is the sum of its groups, a point the mean of its asks, and in part of
what is said to them. An encoder of sentences, where there is one, is heard beside that.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from learning.kept import Arrays, Floats, kept_or_made
from learning.text import bared, groups
from learning.vectors import Encode, encoded, unit
from search.further import Point

Normalise = Callable[[str], str]

# Dimensions that are kept: more follow single words, fewer blur the points.
DIMENSIONS = 80
# What an FAQ's own questions weigh beside the asks of a point.
ROWS = 0.2
# What a single character weighs beside pairs and threes.
SINGLE = 0.6
# What the answer to a point weighs in its centre beside each of its asks.
ANSWER = 0.5
# How groups, an encoder's asks and its answers are added up where there is an encoder: found with
# one ask of each point held out (`python -m benchmarks.further`), and of such a height that the
# same nearness hears as much in vain as without.
BY_GROUPS, BY_ASKS, BY_ANSWER = 0.8, 0.34, 0.17
# A group that fewer points and FAQs hold than these says nothing of any other.
SHARED = 2
FORMAT = 2


class Further:
    """Finds the point of an FAQ that a message means.

    points: FAQ → its points. rows: FAQ → its questions, by which words that mean the same are
    learned beside the asks. normalise: brings a text into the form that is compared. kept: a
    folder that vectors are kept in, under what they were made of; None keeps nothing. encode: an
    encoder of sentences, if any.
    """

    def __init__(
        self,
        points: Mapping[str, Sequence[Point]],
        rows: Mapping[str, Sequence[str]],
        normalise: Normalise,
        kept: Path | None = None,
        encode: Encode | None = None,
    ) -> None:
        self._normalise = normalise
        self._points = {faq: tuple(those) for faq, those in points.items()}
        self._encode = encode
        asks = [
            [*map(self._form, point.asks), self._form(point.says)]
            for those in points.values()
            for point in those
        ]
        others = [list(map(self._form, texts)) for texts in rows.values()]
        made = kept_or_made(_path(asks, others, kept), lambda: _learn(asks, others))
        self._places = {group: place for place, group in enumerate(made["groups"].tolist())}
        self._worth: Floats = made["worth"]
        self._vectors: Floats = made["vectors"]
        self._centres = {
            faq: np.stack([self._centre(point) for point in those])
            for faq, those in self._points.items()
            if those
        }
        if encode is not None:
            self._mean, self._meant = self._encoded(encode, kept)

    def find(self, faq: str, text: str, passed: Sequence[int] = ()) -> tuple[int, float] | None:
        """Return the number of the point that a message means, and how near it is (to 1).

        passed: points that are left out. None when the FAQ has no other, or the text says nothing.
        """
        vector = self._vector(text)
        heard = vector.any() or (self._encode is not None and self._form(text))
        if faq not in self._centres or not heard:
            return None
        likeness = self._centres[faq] @ vector
        if self._encode is not None:
            meant = unit(self._encode([self._normalise(text)])[0] - self._mean)
            asks, answers = self._meant[faq]
            likeness = (
                BY_GROUPS * likeness + BY_ASKS * (asks @ meant) + BY_ANSWER * (answers @ meant)
            )
        near = [
            (min(1.0, float(one)), -number)
            for number, one in enumerate(likeness)
            if number not in passed
        ]
        if not near:
            return None
        nearest, number = max(near)
        return -number, nearest

    def says(self, faq: str, number: int) -> str:
        """Return what may be said to a point."""
        return self._points[faq][number].says

    def _centre(self, point: Point) -> Floats:
        asks = [self._vector(ask) for ask in point.asks]
        return _mean([*asks, np.float32(ANSWER) * self._vector(point.says)])

    def _encoded(
        self, encode: Encode, kept: Path | None
    ) -> tuple[Floats, dict[str, tuple[Floats, Floats]]]:
        """Encode the points: the asks' mean, and by FAQ the centres of asks and the answers."""
        points = [(faq, point) for faq, those in self._points.items() for point in those]
        asks = [self._normalise(ask) for _, point in points for ask in point.asks]
        said = [self._normalise(point.says) for _, point in points]
        vectors = encoded([*asks, *said], encode, kept / "further-encoded.npz" if kept else None)
        if not points:
            return np.zeros(1, np.float32), {}
        mean = np.asarray(vectors[: len(asks)].mean(0), np.float32)
        ends = np.cumsum([len(point.asks) for _, point in points])
        by_point = np.split(unit(vectors[: len(asks)] - mean), ends[:-1])
        centres = unit(np.stack([those.mean(0) for those in by_point]))
        answers = vectors[len(asks) :]
        answers = unit(answers - answers.mean(0))
        place, meant = 0, {}
        for faq, those in self._points.items():
            meant[faq] = (centres[place : place + len(those)], answers[place : place + len(those)])
            place += len(those)
        return mean, meant

    def _form(self, text: str) -> str:
        return bared(self._normalise(text))

    def _vector(self, text: str) -> Floats:
        found = [self._places[one] for one in groups(self._form(text)) if one in self._places]
        if not found:
            return np.zeros(self._vectors.shape[1], np.float32)
        places = np.array(found, np.int64)
        total = self._worth[places] @ self._vectors[places]
        return np.asarray(total / (float(np.linalg.norm(total)) or 1.0), np.float32)


Columns = Sequence[Sequence[str]]  # texts in the form that is compared


def _path(asks: Columns, others: Columns, kept: Path | None) -> Path | None:
    made_of = repr((FORMAT, DIMENSIONS, ROWS, SINGLE, SHARED, asks, others))
    digest = hashlib.sha256(made_of.encode()).hexdigest()[:32]
    return kept / f"further-{digest}.npz" if kept else None


def _learn(asks: Columns, others: Columns) -> Arrays:
    """Find the groups that tell points apart: what each is worth, and its vector."""
    counted = [_count(column, 1.0) for column in asks]
    seen = Counter(group for column in counted for group in column)
    counted += [_count(column, ROWS) for column in others]
    known = Counter(group for column in counted for group in column)
    shared = sorted(group for group in seen if known[group] >= SHARED)
    worth = [
        math.log(1 + len(asks) / seen[group]) * (1 if len(group) > 1 else SINGLE)
        for group in shared
    ]
    vectors = _vectors(counted, {group: place for place, group in enumerate(shared)})
    names = np.array(shared, np.str_)
    return {"groups": names, "worth": np.array(worth, np.float32), "vectors": vectors}


def _count(column: Sequence[str], weight: float) -> Counter[str]:
    """Add up in how many of a column's texts each group occurs, by their weight."""
    counted: Counter[str] = Counter()
    for text in column:
        for group in groups(text):
            counted[group] += weight  # type: ignore[assignment]  # weighted
    return counted


def _vectors(columns: Sequence[Counter[str]], places: Mapping[str, int]) -> Floats:
    """Make the groups' vectors: shape (groups, at most DIMENSIONS)."""
    counts = np.zeros((len(places), len(columns)), np.float32)
    for number, column in enumerate(columns):
        for group, count in column.items():
            if group in places:
                counts[places[group], number] = count
    if not counts.any():
        return np.zeros((len(places), 1), np.float32)
    by_group = counts.sum(1, keepdims=True)
    by_column = counts.sum(0, keepdims=True)
    expected = by_group * np.maximum(by_column, 1e-9) / counts.sum()
    with np.errstate(divide="ignore"):
        information = np.maximum(np.log(counts / expected), 0)
    # the columns are fewer than the groups: their own products are decomposed
    values, turned = np.linalg.eigh(information.T @ information)
    order = np.argsort(values)[::-1][:DIMENSIONS]
    singular = np.sqrt(np.maximum(values[order], 1e-9))
    left = (information @ turned[:, order]) / singular
    return np.asarray(left * np.sqrt(singular), np.float32)


def _mean(vectors: Sequence[Floats]) -> Floats:
    total = np.sum(vectors, 0)
    return np.asarray(total / (float(np.linalg.norm(total)) or 1.0), np.float32)
