"""Who the rows belong to: every FAQ and every topic is one owner of consecutive rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.index import Row
from search.postings import Floats, Ints

KINDS = ("faq", "smalltalk", "beyond", "human")
BEST = 3


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners in row order.

    names: (kind, id). starts: first row of each. of_row: owner of each row.
    table: owners × most rows, row numbers, the missing ones pointing one past the last row.
    """

    names: tuple[tuple[str, str], ...]
    starts: Ints
    of_row: Ints
    table: Ints
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
        ends = [*starts[1:], len(rows)]
        widest = max(BEST, *(end - start for start, end in zip(starts, ends, strict=True)))
        table = np.full((len(names), widest), len(rows), np.int32)
        for owner, (start, end) in enumerate(zip(starts, ends, strict=True)):
            table[owner, : end - start] = np.arange(start, end)
        kinds = np.array([KINDS.index(kind) for kind, _ in names], np.int8)
        return cls(tuple(names), np.array(starts, np.int32), of_row, table, kinds)

    def best(self, scores: Floats) -> Floats:
        """Return each owner's highest row score; scores: [..., rows]."""
        return np.maximum.reduceat(scores, self.starts, axis=-1)
