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

_LEAST = np.float32(np.finfo(np.float32).tiny)

_Postings = tuple[str, Ints, Floats]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One field of an index; rows are its living documents, numbered in their order.

    terms: term → number, first the frequent ones, then the others from the rarest on. dense: the
    frequent ones' impacts, terms × rows. bounds[t]:bounds[t+1] hold term t's postings in `rows` and
    `impacts`, each row's part of the score; none for a frequent term. parts[t]: these two slices,
    which cost as much to take as to add up.
    """

    terms: dict[str, int]
    bounds: list[int]
    rows: Ints
    impacts: Floats
    dense: Floats
    parts: list[tuple[Ints, Floats]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = [slice(start, end) for start, end in itertools.pairwise(self.bounds)]
        parts = [(self.rows[span], self.impacts[span]) for span in spans]
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
        return self._sum(terms)[0]

    def _sum(self, terms: Iterable[str]) -> tuple[Floats, Floats | None]:
        """Score every row; returns also the scores of the last added term's rows, if it is rare."""
        find, dense, parts = self.terms.get, self.dense, self.parts
        known = [number for term in set(terms) if (number := find(term)) is not None]
        known.sort()  # so that equal queries add up in one order, to the last bit
        total: Floats | None = None
        touched: Floats | None = None
        for number in known:
            if number < len(dense):
                if total is None:
                    total = dense[number].copy()
                else:
                    total += dense[number]
            else:
                if total is None:
                    total = np.zeros(dense.shape[1], np.float32)
                # A term's rows are different ones, so this adds up without np.add.at.
                rows, impacts = parts[number]
                touched = total[rows]
                touched += impacts
                total[rows] = touched
        return np.zeros(dense.shape[1], np.float32) if total is None else total, touched

    def top(self, terms: Iterable[str], k: int) -> list[tuple[int, float]]:
        """Return the k best (row, score), best first; equal scores in row order, noughts never."""
        total, sample = self._sum(terms)
        # The k-th best of any rows is a floor for the k-th best of all. The rows of the commonest
        # of the rare terms are a good sample, and their scores are at hand.
        if sample is None or len(sample) < k:
            sample = total.copy()
        floor = _LEAST
        if len(sample) > k:
            sample.partition(len(sample) - k)
            floor = max(floor, sample[-k])
        # Last row first, for a stable sort read backwards has equal scores in row order.
        rows = (total >= floor).nonzero()[0][::-1]
        scores = total[rows]
        best = scores.argsort(kind="stable")[: -k - 1 : -1]
        return list(zip(rows[best].tolist(), scores[best].tolist(), strict=True))

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
