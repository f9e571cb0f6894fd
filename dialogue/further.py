"""What customers ask next about an FAQ, and what may be said to it: data/further/<FAQ>.yml.

A message after an answer is short and shares few words with how others put the same thing, so it
is compared by meaning: groups of characters get vectors by what they occur in (positive pointwise
mutual information of groups and points, reduced by a singular value decomposition; Levy, Goldberg
and Dagan 2015), a message is the sum of its groups, a point the mean of its asks.
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
from search.further import Point

Normalise = Callable[[str], str]

# Dimensions that are kept: more follow single words, fewer blur the points.
DIMENSIONS = 80
# What an FAQ's own questions weigh beside the asks of a point.
ROWS = 0.2
# What a single character weighs beside pairs and threes.
SINGLE = 0.6
# A group that fewer points and FAQs hold than these says nothing of any other.
SHARED = 2
FORMAT = 1


class Further:
    """Finds the point of an FAQ that a message means.

    points: FAQ → its points. rows: FAQ → its questions, by which words that mean the same are
    learned beside the asks. normalise: brings a text into the form that is compared. kept: a
    folder that vectors are kept in, under what they were made of; None keeps nothing.
    """

    def __init__(
        self,
        points: Mapping[str, Sequence[Point]],
        rows: Mapping[str, Sequence[str]],
        normalise: Normalise,
        kept: Path | None = None,
    ) -> None:
        self._normalise = normalise
        self._points = {faq: tuple(those) for faq, those in points.items()}
        asks = [list(map(self._form, point.asks)) for those in points.values() for point in those]
        others = [list(map(self._form, texts)) for texts in rows.values()]
        made = kept_or_made(_path(asks, others, kept), lambda: _learn(asks, others))
        self._places = {group: place for place, group in enumerate(made["groups"].tolist())}
        self._worth: Floats = made["worth"]
        self._vectors: Floats = made["vectors"]
        self._centres = {
            faq: [_mean([self._vector(ask) for ask in point.asks]) for point in those]
            for faq, those in self._points.items()
        }

    def find(self, faq: str, text: str, passed: Sequence[int] = ()) -> tuple[int, float] | None:
        """Return the number of the point that a message means, and how near it is (to 1).

        passed: points that are left out. None when the FAQ has no other, or the text says nothing.
        """
        vector = self._vector(text)
        near = [
            (float(vector @ centre), number)
            for number, centre in enumerate(self._centres.get(faq, ()))
            if number not in passed
        ]
        if not near or not vector.any():
            return None
        nearest, number = max(near)
        return number, nearest

    def says(self, faq: str, number: int) -> str:
        """Return what may be said to a point."""
        return self._points[faq][number].says

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
