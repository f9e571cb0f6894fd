"""A yes or no learned from short texts: logistic regression on groups of characters.

Fitted to its end by Nesterov's accelerated gradient (1983), on all rows at once: the same rows give
the same weights, in any order.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from learning.kept import Arrays, Floats, kept_or_made
from learning.text import groups

PASSES = 120
PENALTY = 5e-5
# Length below which a text's vector is not drawn out: a few characters say little, however often
# they stand in yeses. About that of twenty characters.
SHORTEST = 40.0
# Groups that a single row has say little of others.
FEWEST = 2
Doubles = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Binary:
    """Tells yes from no.

    texts: in the form that is compared. truth: by text. kept: a folder for the weights, under what
    they were fitted on; None keeps nothing. Both answers count alike, however many rows they have.
    """

    def __init__(
        self, texts: Sequence[str], truth: Sequence[bool], kept: Path | None = None
    ) -> None:
        digest = hashlib.sha256(repr((PASSES, PENALTY, FEWEST, SHORTEST, texts, truth)).encode())
        path = kept / f"binary-{digest.hexdigest()[:32]}.npz" if kept else None
        made = kept_or_made(path, lambda: self._learn(texts, truth))
        self._take(made["groups"].tolist(), made["idf"])
        self._weights: Floats = made["weights"]

    def evidence(self, text: str) -> float:
        """Return the log odds of yes."""
        places, values = self._vector(groups(text))
        return float(values @ self._weights[places] + self._weights[-1])

    def reasons(self, text: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the groups of characters that speak most for yes, with what they count."""
        places, values = self._vector(groups(text))
        points = [
            (self._names[place], float(value * self._weights[place]))
            for place, value in zip(places.tolist(), values.tolist(), strict=True)
        ]
        return sorted(points, key=lambda point: -point[1])[:most]

    def _take(self, names: list[str], idf: Doubles) -> None:
        self._names = names
        self._places = {group: place for place, group in enumerate(names)}
        self._idf = idf

    def _learn(self, texts: Sequence[str], truth: Sequence[bool]) -> Arrays:
        counted = [groups(text) for text in texts]
        seen = Counter(group for row in counted for group in row)
        names = sorted(group for group, count in seen.items() if count >= FEWEST)
        idf = np.array([math.log(1 + len(texts) / seen[group]) for group in names], np.float64)
        self._take(names, idf)
        weights = self._fit([self._vector(row) for row in counted], truth)
        return {"groups": np.array(names, np.str_), "idf": idf, "weights": weights}

    def _vector(self, row: Counter[str]) -> tuple[Places, Doubles]:
        places = np.array([self._places[group] for group in row if group in self._places], np.int64)
        values = self._idf[places]
        return places, values / max(float(np.sqrt((values**2).sum())), SHORTEST)

    def _fit(self, rows: Sequence[tuple[Places, Doubles]], truth: Sequence[bool]) -> Floats:
        """Minimise the mean logistic loss; the last weight is what speaks for yes by itself."""
        last = len(self._names)
        places = np.concatenate([np.append(found, last) for found, _ in rows])
        values = np.concatenate([np.append(found, 1.0) for _, found in rows])
        lengths = np.array([len(found) + 1 for found, _ in rows])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        row_of = np.repeat(np.arange(len(rows)), lengths)
        right = np.array(truth, np.float64)
        worth = np.where(right, 0.5 / max(right.sum(), 1), 0.5 / max((1 - right).sum(), 1))
        weights = np.zeros(last + 1)
        ahead, pace = weights, 1.0
        # A row's vector is at most 1 long, the constant stands beside it: the curvature is ≤ 2 / 4.
        step = 1 / (0.5 + PENALTY)
        for _ in range(PASSES):
            chance = 1 / (1 + np.exp(-np.add.reduceat(values * ahead[places], starts)))
            slope = np.bincount(
                places, values * (worth * (chance - right))[row_of], minlength=last + 1
            )
            further = ahead - step * (slope + PENALTY * ahead)
            next_pace = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
            ahead = further + (pace - 1) / next_pace * (further - weights)
            weights, pace = further, next_pace
        return np.asarray(weights, np.float32)
