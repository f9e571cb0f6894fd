"""Postings compiled to arrays: what each row shares with a query, in a few microseconds.

A generation's postings are read from Whoosh once and kept as .npy files that are mapped, so that
web and bot share one copy in memory and open it in milliseconds. Terms that many rows hold are
kept as dense vectors, which add up faster than their postings scatter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32 | np.int64]
EPSILON = np.float32(1e-6)
# A term in more than one row of so many is frequent.
DENSE = 16


@dataclass(frozen=True, slots=True)
class Query:
    """A query's terms in one field: `ids` of known terms, `mass` of all of them (idf² summed)."""

    ids: Ints
    mass: float


@dataclass(frozen=True, slots=True)
class Field:
    """One field's postings.

    terms: term → number. starts[t]:starts[t+1] are the bounds of term t in `rows`.
    idf: float32 by term. mass: by row, the summed idf² of its terms. scale: 1 / √mass.
    place: by term, its line in `dense` (frequent terms × rows: idf² or 0), -1 for a rarer one.
    """

    terms: dict[str, int]
    starts: Ints
    rows: Ints
    idf: Floats
    mass: Floats
    scale: Floats
    place: Ints
    dense: Floats

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
        return cls.assemble(names, starts, flat, rows)

    @classmethod
    def assemble(cls, names: dict[str, int], starts: Ints, flat: Ints, rows: int) -> Field:
        """Make a field of term numbers, their bounds in `flat`, and `flat` itself."""
        counts = np.diff(starts)
        idf = np.log1p(rows / np.maximum(counts, 1)).astype(np.float32)
        mass = np.bincount(flat, np.repeat(idf**2, counts), rows).astype(np.float32)
        frequent = np.flatnonzero(counts > rows // DENSE)
        place = np.full(len(names), -1, np.int32)
        place[frequent] = np.arange(len(frequent))
        dense = np.zeros((len(frequent), rows), np.float32)
        for line, number in enumerate(frequent):
            dense[line, flat[starts[number] : starts[number + 1]]] = idf[number] ** 2
        scale = as_floats(1 / np.sqrt(np.maximum(mass, EPSILON)))
        return cls(names, starts, flat, idf, mass, scale, place, dense)

    def query(self, terms: Iterable[str]) -> Query:
        """Look a query's terms up; an unknown one adds to its mass as half a rare one."""
        wanted = set(terms)
        known = [number for term in wanted if (number := self.terms.get(term)) is not None]
        ids = np.array(sorted(known), dtype=np.int32)
        rare = float(np.log1p(len(self.mass))) ** 2
        squares = float((self.idf[ids] ** 2).sum())
        return Query(ids, squares + 0.5 * rare * (len(wanted) - len(known)))

    def shared(self, query: Query) -> Floats:
        """Sum, for every row, the idf² of the terms that it shares with the query."""
        places = self.place[query.ids]
        rarer: Ints = query.ids[places < 0]
        if len(rarer):
            first, last = self.starts[rarer], self.starts[rarer + 1]
            rows = self.rows
            spans = [
                rows[start:end] for start, end in zip(first.tolist(), last.tolist(), strict=True)
            ]
            repeated = np.repeat(self.idf[rarer] ** 2, last - first)
            total = np.bincount(np.concatenate(spans), repeated, len(self.mass)).astype(np.float32)
        else:
            total = np.zeros(len(self.mass), np.float32)
        for line in places[places >= 0].tolist():
            total += self.dense[line]
        return total

    def counts(self) -> Ints:
        """Return the number of rows that hold each term."""
        return np.diff(self.starts)

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as <name>.*.npy and the terms as <name>.terms.json."""
        folder.joinpath(f"{name}.terms.json").write_text(
            json.dumps(list(self.terms), ensure_ascii=False), encoding="utf-8"
        )
        for part in _PARTS:
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str) -> Field:
        """Map what `save` wrote."""
        terms = json.loads(folder.joinpath(f"{name}.terms.json").read_text(encoding="utf-8"))
        numbers = {term: number for number, term in enumerate(terms)}
        return cls(numbers, *(mapped(folder / f"{name}.{part}.npy") for part in _PARTS))


_PARTS = ("starts", "rows", "idf", "mass", "scale", "place", "dense")


def as_floats(values: npt.NDArray[Any]) -> Floats:
    """Return an array as float32, without a copy where it is one."""
    return np.asarray(values, np.float32)


def mapped(path: Path) -> npt.NDArray[Any]:
    """Map an array read-only; as a plain array, for slices of a memmap cost ten times as much."""
    return np.asarray(np.load(path, mmap_mode="r"))
