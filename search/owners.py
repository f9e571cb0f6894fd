"""Who the rows belong to: every FAQ and every topic is one owner of consecutive rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.index import Row
from search.postings import Floats, Ints

KINDS = ("faq", "smalltalk", "beyond", "human")


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners in row order.

    names: (kind, id). starts: first row of each, counts: how many. of_row: owner of each row.
    """

    names: tuple[tuple[str, str], ...]
    starts: Ints
    of_row: Ints
    counts: Ints
    kinds: npt.NDArray[np.int8]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Owners:
        """Group rows; raises ValueError when an owner's rows do not stand together."""
        names: list[tuple[str, str]] = []
        starts: list[int] = []
        seen: set[tuple[str, str]] = set()
        of_row = np.zeros(len(rows), np.int32)
        for number, row in enumerate(rows):
            if not names or names[-1] != (row.kind, row.owner):
                if (row.kind, row.owner) in seen:
                    raise ValueError(f"the rows of {row.owner!r} do not stand together")
                names.append((row.kind, row.owner))
                seen.add(names[-1])
                starts.append(number)
            of_row[number] = len(names) - 1
        counts = np.diff([*starts, len(rows)])
        kinds = np.array([KINDS.index(kind) for kind, _ in names], np.int8)
        return cls(tuple(names), np.array(starts, np.int32), of_row, counts, kinds)

    def rows_of(self, owners: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the rows of some owners, one after the other: rows, starts in them, counts."""
        counts = self.counts[owners]
        ends = np.cumsum(counts)
        starts = ends - counts
        rows = np.arange(ends[-1]) + np.repeat(self.starts[owners] - starts, counts)
        return rows, starts, counts

    def best(self, scores: Floats) -> Floats:
        """Return each owner's highest row score; scores: [..., rows]."""
        return np.maximum.reduceat(scores, self.starts, axis=-1)
