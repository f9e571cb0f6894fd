"""Postings compiled to arrays: which rows share how much with a query, in a few microseconds.

A generation's postings are read from Whoosh once and kept as .npy files that are mapped, so that
web and bot share one copy in memory and open it in milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32 | np.int64]
EPSILON = np.float32(1e-6)


@dataclass(frozen=True, slots=True)
class Query:
    """A query's terms in one field: `ids` of known terms, `mass` of all of them (idf² summed)."""

    ids: Ints
    mass: float


@dataclass(frozen=True, slots=True)
class Field:
    """One field's postings.

    terms: term → number. starts[t]:starts[t+1] are the bounds of term t in `rows`.
    idf: float32 by term. mass: by row, the summed idf² of its terms.
    """

    terms: dict[str, int]
    starts: Ints
    rows: Ints
    idf: Floats
    mass: Floats

    @classmethod
    def compile(cls, postings: Iterable[tuple[str, Sequence[int]]], rows: int) -> Field:
        """Turn (term, rows holding it) pairs into arrays; `rows` is the number of rows."""
        names: dict[str, int] = {}
        lists: list[Sequence[int]] = []
        for term, found in postings:
            names[term] = len(names)
            lists.append(found)
        counts = np.array([len(found) for found in lists], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        flat = (
            np.concatenate([np.asarray(found, dtype=np.int32) for found in lists])
            if lists
            else np.zeros(0, np.int32)
        )
        idf = np.log1p(rows / np.maximum(counts, 1)).astype(np.float32)
        weights = np.repeat(idf**2, counts)
        mass = np.bincount(flat, weights, rows).astype(np.float32)
        return cls(names, starts, flat, idf, mass)

    def query(self, terms: Iterable[str]) -> Query:
        """Look a query's terms up; an unknown one adds to its mass as half a rare one."""
        known: list[int] = []
        unknown = 0
        for term in set(terms):
            number = self.terms.get(term)
            if number is None:
                unknown += 1
            else:
                known.append(number)
        ids = np.array(sorted(known), dtype=np.int32)
        rare = float(np.log1p(len(self.mass))) ** 2
        return Query(ids, float((self.idf[ids] ** 2).sum()) + 0.5 * rare * unknown)

    def shared(self, query: Query) -> Floats:
        """Sum, for every row, the idf² of the terms that it shares with the query."""
        spans = [self.rows[self.starts[term] : self.starts[term + 1]] for term in query.ids]
        if not spans:
            return np.zeros(len(self.mass), np.float32)
        weights = np.repeat(self.idf[query.ids] ** 2, [len(span) for span in spans])
        return np.bincount(np.concatenate(spans), weights, len(self.mass)).astype(np.float32)

    def gram(self) -> Floats:
        """Return rows × rows: the idf² that each two rows share (float32, n² · 4 bytes)."""
        size = len(self.mass)
        counts = np.diff(self.starts)
        gram = np.zeros((size, size), np.float32)
        frequent = np.flatnonzero(counts > size // 64)
        if len(frequent):
            dense = np.zeros((size, len(frequent)), np.float32)
            for column, term in enumerate(frequent):
                dense[self.rows[self.starts[term] : self.starts[term + 1]], column] = self.idf[term]
            gram += dense @ dense.T
        for term in np.flatnonzero((counts <= size // 64) & (counts > 1)):
            span = self.rows[self.starts[term] : self.starts[term + 1]]
            gram[np.ix_(span, span)] += self.idf[term] ** 2
        np.fill_diagonal(gram, self.mass)
        return gram

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as <name>.*.npy and the terms as <name>.terms.json."""
        folder.joinpath(f"{name}.terms.json").write_text(
            json.dumps(list(self.terms), ensure_ascii=False), encoding="utf-8"
        )
        for part in ("starts", "rows", "idf", "mass"):
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str) -> Field:
        """Map what `save` wrote."""
        terms = json.loads(folder.joinpath(f"{name}.terms.json").read_text(encoding="utf-8"))
        arrays = {
            part: np.load(folder / f"{name}.{part}.npy", mmap_mode="r")
            for part in ("starts", "rows", "idf", "mass")
        }
        return cls({term: number for number, term in enumerate(terms)}, **arrays)
