"""Class weights: which hashed terms speak for which owner.

Multinomial logistic regression, one class an owner, by stochastic gradient with a step that falls
linearly to nought, which is all the regularisation that it needs. On rows held out by author this
came out above ridge regression, and above a linear support vector machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.hashing import Vector
from search.postings import EPSILON, Floats, Ints, as_floats, mapped

STEP = 1.0
# What the right owner leaves to all, so that weights stop growing where they are right (label
# smoothing; Szegedy et al. 2016): right first +0.5, wrong answers -0.4, calibration -0.9 points.
SMOOTH = 0.1
# Passes over the rows; fewer of many rows, so that a fit stays a matter of minutes.
PASSES, FEWEST_PASSES, STEPS = 4, 2, 125_000
# Of more owners than MANY, a step moves the right one and so many others, drawn anew each time.
MANY, OTHERS = 2_000, 500
# How an edit's rows are learned on top: a few steps, for all that was learned before stays.
TAUGHT_STEP, TAUGHT_PASSES = 0.5, 5
_LEVELS = 127
BLOCK = 1_024  # dimensions that are rounded at once
SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Classes:
    """Fitted class weights, a byte each: levels[dimension, owner] · scale[dimension]."""

    levels: npt.NDArray[np.int8]
    scale: Floats

    def log_shares(self, vector: Vector) -> Floats:
        """Say how the owners share a hashed message's meaning: natural logarithms, by owner."""
        places, values = vector
        found = (values * self.scale[places]) @ self.levels[places].astype(np.float32)
        found -= found.max(initial=0)
        return as_floats(found - np.log(np.exp(found).sum()))

    def weight(self, place: int, owner: int) -> float:
        """Return what one dimension counts for an owner."""
        return float(self.levels[place, owner]) * float(self.scale[place])

    def taught(self, sources: Ints, vectors: Sequence[Vector], truth: Ints) -> Classes:
        """Return class weights for other owners that have learned some rows more.

        sources: by new owner, its number here, -1 for one that is not known yet. truth: by
        vector, its owner among the new ones.
        """
        levels = np.zeros((len(self.levels), len(sources)), np.int8)
        # Mostly all owners stay beside each other: slices, for single columns take fifty times it.
        ends = np.flatnonzero((np.diff(sources) != 1) | (sources[:-1] < 0)) + 1
        for place, run in zip((0, *ends.tolist()), np.split(sources, ends), strict=True):
            if len(run) and run[0] >= 0:
                levels[:, place : place + len(run)] = self.levels[:, run[0] : run[0] + len(run)]
        scale = np.array(self.scale)
        if len(vectors):
            merged = [merge(vector) for vector in vectors]
            used = np.unique(np.concatenate([places for places, _ in merged]))
            weights = levels[used].astype(np.float32) * scale[used, None]
            rows = [(np.searchsorted(used, places), values) for places, values in merged]
            for _ in range(TAUGHT_PASSES):
                for (places, values), owner in zip(rows, truth.tolist(), strict=True):
                    _step(weights, places, values, owner, TAUGHT_STEP)
            levels[used], scale[used] = _rounded(weights)
        return Classes(levels, scale)

    def save(self, folder: Path) -> None:
        """Write levels.npy and scale.npy."""
        np.save(folder / "levels.npy", self.levels)
        np.save(folder / "scale.npy", self.scale)

    @classmethod
    def load(cls, folder: Path) -> Classes:
        """Map what `save` wrote."""
        return cls(mapped(folder / "levels.npy"), mapped(folder / "scale.npy"))


def learn(
    ways: Sequence[Sequence[Vector]],
    truth: Ints,
    dimensions: int,
    owners: int,
    worth: Floats | None = None,
) -> Classes:
    """Fit class weights.

    ways: by row, its vectors, gone through by turns (as typed, then with slips), each merged.
    truth: by row, its owner. worth: by row, how far its steps go, None for 1 each. Equal input
    gives equal weights.
    """
    draw = np.random.default_rng(SEED)
    weights = np.zeros((dimensions, owners), np.float32)
    # Of many owners, those that a step moves stand side by side in an order that is drawn once:
    # single columns all over a table as large as this take ten times as long.
    many = owners > MANY
    order = draw.permutation(owners) if many else np.arange(owners)
    place_of = np.argsort(order)
    passes = min(PASSES, max(FEWEST_PASSES, STEPS // max(1, len(ways))))
    left = total = passes * len(ways)
    for turn in range(passes):
        for row in draw.permutation(len(ways)).tolist():
            places, values = ways[row][turn % len(ways[row])]
            owner = int(place_of[truth[row]])
            step = STEP * left / total * (1.0 if worth is None else float(worth[row]))
            left -= 1
            if many:
                first = int(draw.integers(owners - OTHERS))
                _step_among(weights, places, values, first, owner, step)
            else:
                _step(weights, places, values, owner, step)
    return Classes(*_rounded(weights[:, place_of] if many else weights))


def merge(vector: Vector) -> Vector:
    """Add up the values of terms that fell into one dimension."""
    places, inverse = np.unique(vector[0], return_inverse=True)
    return places, np.bincount(inverse, vector[1], len(places)).astype(np.float32)


def _step(weights: Floats, places: Ints, values: Floats, owner: int, step: float) -> None:
    """Move the weights, in place, down the gradient of -log p(owner | vector)."""
    held = weights[places]
    held -= values[:, None] * (_error(values @ held, owner) * np.float32(step))
    weights[places] = held


def _step_among(
    weights: Floats, places: Ints, values: Floats, first: int, owner: int, step: float
) -> None:
    """Move the right owner's weights and those of OTHERS from the first on."""
    last = first + OTHERS
    held = np.empty((len(places), OTHERS + 1), np.float32)
    held[:, :OTHERS] = weights[places, first:last]
    held[:, OTHERS] = weights[places, owner]
    scores = values @ held
    if first <= owner < last:
        scores[owner - first] = -np.inf  # it stands behind the others
    held -= values[:, None] * (_error(scores, OTHERS) * np.float32(step))
    weights[places, first:last] = held[:, :OTHERS]
    weights[places, owner] = held[:, OTHERS]


def _error(scores: Floats, owner: int) -> Floats:
    scores -= scores.max()
    share = np.exp(scores)
    share /= share.sum()
    share -= SMOOTH / len(share)
    share[owner] -= 1 - SMOOTH
    return share


def _rounded(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    levels = np.empty(weights.shape, np.int8)
    scale = np.empty(len(weights), np.float32)
    # By blocks: the weights of ten thousand owners take gigabytes, and each step a copy of them.
    for at in range(0, len(weights), BLOCK):
        some = weights[at : at + BLOCK]
        widest = np.maximum(np.abs(some).max(axis=1, initial=0), EPSILON)
        scale[at : at + BLOCK] = widest / _LEVELS
        levels[at : at + BLOCK] = np.rint(some / scale[at : at + BLOCK, None])
    return levels, scale
