"""Terms hashed to a few thousand dimensions, in which class weights are learned and kept.

A term of too few rows says nothing that could be learned; it only lengthens its row's vector.
Feature hashing: Weinberger et al. 2009.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.analysis import FIELDS
from search.postings import EPSILON, Field, Floats, Ints, Query, mapped

DIMENSIONS = 3072
FEWEST = 3
# What each field weighs in a vector; pinyin repeats the characters.
SHARE: Mapping[str, float] = {"words": 1.0, "chars": 1.0, "pinyin": 0.8, "terms": 1.0}


@dataclass(frozen=True, slots=True)
class Hashing:
    """By term of all fields in FIELDS order: its bucket and its sign; sign 0, it is left out."""

    buckets: Ints
    signs: Floats
    offsets: dict[str, int]

    @classmethod
    def draw(cls, fields: Mapping[str, Field], random: np.random.Generator) -> Hashing:
        """Draw buckets and signs for the terms of all fields."""
        counts = np.concatenate([fields[name].counts() for name in FIELDS])
        buckets = random.integers(0, DIMENSIONS, len(counts)).astype(np.int32)
        signs = random.choice(np.array([-1, 1], np.float32), len(counts))
        # A small help center would be left with nothing.
        few = FEWEST if len(fields[FIELDS[0]].mass) > 1000 else 1
        signs[counts < few] = 0
        return cls(buckets, signs, _offsets(fields))

    def vector(self, fields: Mapping[str, Field], queries: Mapping[str, Query]) -> Floats:
        """Hash one query: [DIMENSIONS], of length one per field times its share."""
        places: list[Ints] = []
        values: list[Floats] = []
        for name in FIELDS:
            ids = queries[name].ids
            scale = np.sqrt(SHARE[name] / max(queries[name].mass, float(EPSILON)))
            at = ids + self.offsets[name]
            places.append(self.buckets[at])
            values.append(fields[name].idf[ids] * self.signs[at] * np.float32(scale))
        flat = np.concatenate(values)
        return np.bincount(np.concatenate(places), flat, DIMENSIONS).astype(np.float32)

    def rows(self, fields: Mapping[str, Field]) -> Floats:
        """Hash every row: [rows, DIMENSIONS]."""
        size = len(fields[FIELDS[0]].mass)
        total = np.zeros((size, DIMENSIONS), np.float32)
        for name in FIELDS:
            field = fields[name]
            scale = np.sqrt(SHARE[name] / np.maximum(field.mass, EPSILON)).astype(np.float32)
            terms = np.repeat(np.arange(len(field.idf)), field.counts())
            at = terms + self.offsets[name]
            kept = self.signs[at] != 0
            values = (field.idf[terms] * self.signs[at] * scale[field.rows])[kept]
            # In place, row and bucket may meet again: unbuffered.
            np.add.at(total, (field.rows[kept], self.buckets[at][kept]), values)
        return total

    def save(self, folder: Path) -> None:
        """Write buckets.npy and signs.npy."""
        np.save(folder / "buckets.npy", self.buckets)
        np.save(folder / "signs.npy", self.signs)

    @classmethod
    def load(cls, folder: Path, fields: Mapping[str, Field]) -> Hashing:
        """Map what `save` wrote."""
        buckets, signs = mapped(folder / "buckets.npy"), mapped(folder / "signs.npy")
        return cls(buckets, signs, _offsets(fields))


def _offsets(fields: Mapping[str, Field]) -> dict[str, int]:
    offsets: dict[str, int] = {}
    total = 0
    for name in FIELDS:
        offsets[name] = total
        total += len(fields[name].idf)
    return offsets
