"""What a message means by an encoder of sentences: its share by owner, learned from the rows.

A softmax over the encoder's vectors, fitted by gradient steps on batches; among very many owners
each step moves the right ones and a draw of the others, as in the class weights. It hears 保证金
and 押金 alike where the terms have nothing in common, and is one similarity among the others
(`features.NAMES`): what it counts is learned with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from learning.vectors import Encode
from search.classifier import MANY, OTHERS
from search.postings import Floats, Ints, as_floats

STEP, PASSES, BATCH = 160.0, 10, 128
SHRINK = 1e-5
# What stands for an owner's own weight beside the vector: as large as one of its parts.
BIAS = 0.1
# How an edit's rows are learned on top: a few steps, as the class weights learn them.
TAUGHT_STEP, TAUGHT_PASSES = 20.0, 5
# A share below which an owner's weights are not moved by an edit's row: of ten thousand owners
# nearly all are, and moving them took most of the time until an edit was live.
HARDLY = 1e-4
SEED = 20_261_130
_FILE = "meaning.npz"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Weights over an encoder's vectors.

    centre: the rows' mean vector, [dimensions]. weights: [dimensions + 1, owners].
    """

    encode: Encode
    centre: Floats
    weights: Floats

    @classmethod
    def learn(cls, encode: Encode, vectors: Floats, truth: Ints, owners: int) -> Meaning:
        """Fit; equal input gives equal weights.

        vectors: by row, of length 1. truth: by row, its owner.
        """
        centre = as_floats(vectors.mean(axis=0))
        rows = _design(vectors, centre)
        if owners > MANY:
            return cls(encode, centre, _learned_among(rows, truth, owners))
        weights = np.zeros((rows.shape[1], owners), np.float32)
        for some, step in _steps(len(rows), np.random.default_rng(SEED)):
            weights *= np.float32(1 - step * SHRINK)
            _move(weights, rows[some], truth[some], step)
        return cls(encode, centre, weights)

    def log_shares(self, text: str) -> Floats:
        """Say how the owners share what a text means: natural logarithms, by owner."""
        return as_floats(self.log_shares_of(self.encode([text]))[0])

    def log_shares_of(self, vectors: Floats) -> Floats:
        """Say the same of vectors: [vectors, owners]."""
        found = _design(vectors, self.centre) @ self.weights
        found -= found.max(axis=1, keepdims=True)
        return as_floats(found - np.log(np.exp(found).sum(axis=1, keepdims=True)))

    def taught(self, sources: Ints, texts: Sequence[str], truth: Ints) -> Meaning:
        """Return these weights for other owners, with some rows learned more.

        sources: by new owner, its number here, -1 for one that is not known yet. truth: by text,
        its owner among the new ones.
        """
        weights = np.zeros((len(self.weights), len(sources)), np.float32)
        known = sources >= 0
        weights[:, known] = self.weights[:, sources[known]]
        if len(texts):
            rows = _design(self.encode(texts), self.centre)
            for _ in range(TAUGHT_PASSES):
                for row, owner in zip(rows, truth.tolist(), strict=True):
                    _teach(weights, row, owner)
        return Meaning(self.encode, self.centre, weights)

    def save(self, folder: Path) -> None:
        """Write what `load` reads."""
        np.savez(folder / _FILE, centre=self.centre, weights=self.weights)

    @classmethod
    def load(cls, folder: Path, encode: Encode | None) -> Meaning | None:
        """Read what `save` wrote; None where it wrote nothing, or no encoder is at hand."""
        if encode is None or not (folder / _FILE).exists():
            return None
        with np.load(folder / _FILE) as kept:
            return cls(encode, kept["centre"], kept["weights"])


def _design(vectors: Floats, centre: Floats) -> Floats:
    return as_floats(np.hstack([vectors - centre, np.full((len(vectors), 1), BIAS, np.float32)]))


def _steps(rows: int, draw: np.random.Generator) -> Iterator[tuple[Ints, float]]:
    """Go through the rows PASSES times in batches; each with how far its step goes."""
    total = PASSES * -(-rows // BATCH)
    left = total
    for _ in range(PASSES):
        order = draw.permutation(rows)
        for at in range(0, rows, BATCH):
            yield order[at : at + BATCH], STEP * left / total
            left -= 1


def _learned_among(rows: Floats, truth: Ints, owners: int) -> Floats:
    """Fit where owners are many: [dimensions, owners]."""
    draw = np.random.default_rng(SEED)
    # Those that a step moves lie together, and what all are shrunk by is one number.
    weights = np.zeros((owners, rows.shape[1]), np.float32)
    shrunk = 1.0
    for some, step in _steps(len(rows), draw):
        shrunk *= 1 - step * SHRINK
        moved = np.unique(np.append(draw.choice(owners, OTHERS), truth[some]))
        held = weights[moved]
        error = _error(rows[some] @ held.T * shrunk, np.searchsorted(moved, truth[some]))
        held -= np.float32(step / len(some) / shrunk) * (error.T @ rows[some])
        weights[moved] = held
    return as_floats(np.ascontiguousarray(weights.T) * np.float32(shrunk))


def _move(weights: Floats, rows: Floats, truth: Ints, step: float) -> None:
    """Move the weights, in place, down the gradient of the mean -log p(owner | vector)."""
    error = _error(rows @ weights, truth)
    weights -= np.float32(step / len(rows)) * (rows.T @ error)


def _teach(weights: Floats, row: Floats, owner: int) -> None:
    """Move the weights, in place, by one row; those of owners that it hardly touches stay."""
    [error] = _error((row @ weights)[None], np.array([owner]))
    touched = np.flatnonzero(np.abs(error) > HARDLY)
    weights[:, touched] -= np.float32(TAUGHT_STEP) * np.outer(row, error[touched])


def _error(share: Floats, truth: Ints) -> Floats:
    """Turn scores into shares less what is true, in place."""
    share -= share.max(axis=1, keepdims=True)
    np.exp(share, out=share)
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(len(share)), truth] -= 1
    return share
