"""Whoosh's BM25F compiled: the scores of an OR query, all rows of them, in microseconds.

Whoosh walks its postings in Python, row by row and query by query. What a posting adds to a score
follows from the index alone, so it is worked out once: a term's postings become row numbers and
impacts, which a query adds up. A frequent term is kept as a dense vector, which adds up faster
than its postings scatter.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.scoring import BM25F

from search.postings import DENSE, Floats, Ints, mapped

_Postings = tuple[str, Ints, Floats]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One field of an index; rows are its living documents, numbered in their order.

    terms: term → number, first the frequent ones, then the others from the rarest on. dense: the
    frequent ones' impacts, terms × rows. bounds[t]:bounds[t+1] hold term t's postings in `rows` and
    `impacts`, each row's part of the score; none for a frequent term. parts[t]: these two slices,
    or None and the dense vector, which cost as much to take as to add up.
    """

    terms: dict[str, int]
    bounds: list[int]
    rows: Ints
    impacts: Floats
    dense: Floats
    parts: list[tuple[Ints | None, Floats]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = [slice(start, end) for start, end in itertools.pairwise(self.bounds)]
        parts = [
            *((None, impacts) for impacts in self.dense),
            *((self.rows[span], self.impacts[span]) for span in spans[len(self.dense) :]),
        ]
        object.__setattr__(self, "parts", parts)

    @classmethod
    def compile(cls, reader: Any, name: str) -> Lookup:
        """Compile a field of a Whoosh reader, of one segment or several."""
        numbers = np.full(reader.doc_count_all(), -1, np.int64)
        alive = np.fromiter(reader.all_doc_ids(), np.int64, reader.doc_count())
        numbers[alive] = np.arange(len(alive))
        # The lengths as Whoosh keeps and scores them: in one byte, rounded.
        lengths = np.array(
            [reader.doc_field_length(int(doc), name, 1) or 1 for doc in alive], np.float64
        )
        weighting = BM25F()
        average = reader.field_length(name) / (reader.doc_count_all() or 1) or 1
        norms = weighting.K1 * (1 - weighting.B + weighting.B * lengths / average)
        frequent: list[_Postings] = []
        rarer: list[_Postings] = []
        for word in reader.lexicon(name):
            docs, weights = _postings(reader.postings(name, word))
            # Deleted documents count until their segment is merged away, as they do in Whoosh.
            held = reader.doc_frequency(name, word)
            idf = np.log(reader.doc_count_all() / (held + 1)) + 1
            rows = numbers[docs]
            impacts = idf * weights * (weighting.K1 + 1) / (weights + norms[rows])
            term = word.decode("utf-8") if isinstance(word, bytes) else word
            found = term, rows, impacts.astype(np.float32)
            (frequent if len(rows) > len(alive) // DENSE else rarer).append(found)
        return cls._assemble(frequent, rarer, len(alive))

    @classmethod
    def _assemble(cls, frequent: list[_Postings], rarer: list[_Postings], size: int) -> Lookup:
        dense = np.zeros((len(frequent), size), np.float32)
        for line, (_, rows, impacts) in enumerate(frequent):
            dense[line, rows] = impacts
        rarer = sorted(rarer, key=lambda postings: len(postings[1]))
        lengths = [0] * len(frequent) + [len(rows) for _, rows, _ in rarer]
        return cls(
            {term: number for number, (term, _, _) in enumerate(frequent + rarer)},
            [0, *itertools.accumulate(lengths)],
            np.concatenate([np.zeros(0, np.int64), *(rows for _, rows, _ in rarer)]),
            np.concatenate([np.zeros(0, np.float32), *(impacts for *_, impacts in rarer)]),
            dense,
        )

    def scores(self, terms: Iterable[str]) -> Floats:
        """Score every row against the terms, any of which may be unknown: [rows]."""
        find, parts, add_at = self.terms.get, self.parts, np.add.at
        known = {find(term, -1) for term in terms}
        known.discard(-1)
        total: Floats | None = None
        for number in sorted(known):  # so that equal queries add up in one order, to the last bit
            rows, impacts = parts[number]
            if rows is None:
                if total is None:
                    total = impacts.copy()
                else:
                    total += impacts
            else:
                if total is None:
                    total = np.zeros(self.dense.shape[1], np.float32)
                add_at(total, rows, impacts)
        return np.zeros(self.dense.shape[1], np.float32) if total is None else total

    def top(self, terms: Iterable[str], k: int) -> list[tuple[int, float]]:
        """Return the k best (row, score), best first; equal scores in row order, noughts never.

        k: a few, for each is a pass over the scores: of five, that is less than to sort any out.
        """
        total = self.scores(terms)
        best, score_of = total.argmax, total.item
        found: list[tuple[int, float]] = []
        for _ in range(min(k, len(total))):
            row = int(best())  # the first of equal ones
            score = score_of(row)
            if score <= 0:
                break
            found.append((row, score))
            total[row] = 0
        return found

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as <name>.*.npy and the rest as <name>.json."""
        rest = {"terms": list(self.terms), "bounds": self.bounds}
        folder.joinpath(f"{name}.json").write_text(
            json.dumps(rest, ensure_ascii=False), encoding="utf-8"
        )
        for array in _ARRAYS:
            np.save(folder / f"{name}.{array}.npy", getattr(self, array))

    @classmethod
    def load(cls, folder: Path, name: str) -> Lookup:
        """Map what `save` wrote."""
        rest = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        arrays = {array: mapped(folder / f"{name}.{array}.npy") for array in _ARRAYS}
        return cls(
            terms={term: number for number, term in enumerate(rest["terms"])},
            bounds=rest["bounds"],
            **arrays,
        )


_ARRAYS = ("rows", "impacts", "dense")


def _postings(matcher: Any) -> tuple[Ints, np.ndarray]:
    docs: list[int] = []
    weights: list[float] = []
    while matcher.is_active():
        docs.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return np.array(docs, np.int64), np.array(weights, np.float64)
