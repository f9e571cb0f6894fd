"""Terms hashed to some ten thousand dimensions, in which class weights are learned and kept.

Feature hashing: Weinberger et al. 2009. Beside the index's terms, pairs of near characters whatever
their order: most of these outlive a swapped or a dropped character.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.analysis import FIELDS
from search.features import Asked
from search.postings import EPSILON, Field, Floats, Ints, mapped

# Powers of two, as many as keep the class weights within so many bytes; beside them in a small
# help center, no more than so many a row.
FEWEST_DIMENSIONS, MOST_BYTES, DIMENSIONS_OF_ROW = 4_096, 2**24, 32
# What each field weighs in a vector; pinyin repeats the characters.
SHARE: Mapping[str, float] = {"words": 1.0, "chars": 1.0, "pinyin": 0.8, "terms": 1.0}
# Two characters so far apart at most make a pair, and what all pairs together weigh.
NEAR, PAIRS = 3, 1.0
# By term or bucket: where it stands, and what stands there.
Vector = tuple[Ints, Floats]


@dataclass(frozen=True, slots=True)
class Hashing:
    """By term of all fields in FIELDS order: its bucket and its sign.

    Both follow from the term alone, so that an edit moves no other term.
    """

    dimensions: int
    buckets: Ints
    signs: Floats
    offsets: dict[str, int]

    @classmethod
    def of(cls, fields: Mapping[str, Field], owners: int) -> Hashing:
        """Hash the terms of all fields; owners: for how many class weights are learned."""
        rows = len(fields[FIELDS[0]].mass)
        most = max(FEWEST_DIMENSIONS, min(MOST_BYTES // max(1, owners), DIMENSIONS_OF_ROW * rows))
        dimensions = 2 ** (most.bit_length() - 1)
        places = [_places(name, list(fields[name].terms), dimensions) for name in FIELDS]
        buckets, signs = (np.concatenate(part) for part in zip(*places, strict=True))
        return cls(dimensions, buckets, signs, _offsets(fields))

    def extended(self, before: Mapping[str, Field], after: Mapping[str, Field]) -> Hashing:
        """Add the terms that `after` has behind those of `before`; all others stay."""
        buckets: list[Ints] = []
        signs: list[Floats] = []
        for name in FIELDS:
            start, size = self.offsets[name], len(before[name].idf)
            places, drawn = _places(name, list(after[name].terms)[size:], self.dimensions)
            buckets += [self.buckets[start : start + size], places]
            signs += [self.signs[start : start + size], drawn]
        joined = np.concatenate(buckets), np.concatenate(signs)
        return Hashing(self.dimensions, *joined, _offsets(after))

    def vector(self, fields: Mapping[str, Field], asked: Asked) -> Vector:
        """Hash one query; each field is of length one times its share, a bucket may come twice."""
        queries = asked.terms
        places: list[Ints] = []
        values: list[Floats] = []
        for name in FIELDS:
            ids = queries[name].ids
            scale = np.sqrt(SHARE[name] / max(queries[name].mass, float(EPSILON)))
            at = ids + self.offsets[name]
            places.append(self.buckets[at])
            values.append(fields[name].idf[ids] * self.signs[at] * np.float32(scale))
        buckets, signs = self.pairs(pairs_of(asked.plain))
        places.append(buckets)
        values.append(signs * np.float32(np.sqrt(PAIRS / max(1, len(signs)))))
        return np.concatenate(places), np.concatenate(values)

    def pairs(self, pairs: Ints) -> tuple[Ints, Floats]:
        """Give pairs their buckets and signs."""
        # Multiplicative hashing (Knuth 6.4); the upper bits are the mixed ones.
        codes = (pairs * np.int64(0x1E3779B97F4A7C15)) >> 33
        signs = np.where(codes & 1, np.float32(1), np.float32(-1))
        return ((codes >> 1) % self.dimensions).astype(np.int32), signs.astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write buckets.npy and signs.npy."""
        np.save(folder / "buckets.npy", self.buckets)
        np.save(folder / "signs.npy", self.signs)

    @classmethod
    def load(cls, folder: Path, fields: Mapping[str, Field], dimensions: int) -> Hashing:
        """Map what `save` wrote."""
        buckets, signs = mapped(folder / "buckets.npy"), mapped(folder / "signs.npy")
        return cls(dimensions, buckets, signs, _offsets(fields))


def pairs_of(plain: str) -> Ints:
    """List a normalised text's pairs of near characters, each once: lower · 2²¹ + higher code."""
    chars = np.array([ord(char) for char in plain if char.isalnum()], np.int64)
    found = [
        np.minimum(chars[:-apart], chars[apart:]) << 21 | np.maximum(chars[:-apart], chars[apart:])
        for apart in range(1, min(NEAR, len(chars) - 1) + 1)
    ]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def characters(pair: int) -> tuple[str, str]:
    """Return the two characters of a pair."""
    return chr(pair >> 21), chr(pair & (1 << 21) - 1)


def _places(name: str, terms: Sequence[str], dimensions: int) -> tuple[Ints, Floats]:
    """Give terms of a field their buckets and signs."""
    codes = np.array([zlib.crc32(f"{name}:{term}".encode()) for term in terms], np.int64)
    signs = np.where(codes & 1, np.float32(1), np.float32(-1))
    return ((codes >> 1) % dimensions).astype(np.int32), signs.astype(np.float32)


def _offsets(fields: Mapping[str, Field]) -> dict[str, int]:
    offsets: dict[str, int] = {}
    total = 0
    for name in FIELDS:
        offsets[name] = total
        total += len(fields[name].idf)
    return offsets
