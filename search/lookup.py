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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.scoring import BM25F

from search.postings import DENSE, Floats, Ints, mapped

# The rows' scores are laid out in so many layers, one above the other, to find the best of them:
# the maxima of the columns come out at memory speed.
LAYERS = 32
# From so many rows on, only the columns with a good enough row are looked through.
WIDE = 30_000
_LEAST = np.float32(np.finfo(np.float32).tiny)

_Postings = tuple[str, Ints, Floats]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One field of an index; rows are its living documents, numbered in their order.

    terms: term → number, the frequent ones first. dense: those, terms × rows, the rows filled up to
    whole layers. bounds[t]:bounds[t+1] hold term t's postings in `rows` and `impacts`, each row's
    part of the score; none for a frequent term. size: rows.
    """

    terms: dict[str, int]
    bounds: list[int]
    rows: Ints
    impacts: Floats
    dense: Floats
    size: int

    @classmethod
    def compile(cls, reader: Any, field: str) -> Lookup:
        """Compile a field of a Whoosh reader, of one segment or several."""
        numbers = np.full(reader.doc_count_all(), -1, np.int64)
        alive = np.fromiter(reader.all_doc_ids(), np.int64, reader.doc_count())
        numbers[alive] = np.arange(len(alive))
        # The lengths as Whoosh keeps and scores them: in one byte, rounded.
        lengths = np.array(
            [reader.doc_field_length(int(doc), field, 1) or 1 for doc in alive], np.float64
        )
        weighting = BM25F()
        average = reader.field_length(field) / (reader.doc_count_all() or 1) or 1
        norms = weighting.K1 * (1 - weighting.B + weighting.B * lengths / average)
        frequent: list[_Postings] = []
        rarer: list[_Postings] = []
        for name in reader.lexicon(field):
            docs, weights = _postings(reader.postings(field, name))
            # Deleted documents count until their segment is merged away, as they do in Whoosh.
            held = reader.doc_frequency(field, name)
            idf = np.log(reader.doc_count_all() / (held + 1)) + 1
            rows = numbers[docs]
            impacts = idf * weights * (weighting.K1 + 1) / (weights + norms[rows])
            term = name.decode("utf-8") if isinstance(name, bytes) else name
            found = term, rows, impacts.astype(np.float32)
            (frequent if len(rows) > len(alive) // DENSE else rarer).append(found)
        return cls._assemble(frequent, rarer, len(alive))

    @classmethod
    def _assemble(cls, frequent: list[_Postings], rarer: list[_Postings], size: int) -> Lookup:
        dense = np.zeros((len(frequent), -(-size // LAYERS) * LAYERS), np.float32)
        for line, (_, rows, impacts) in enumerate(frequent):
            dense[line, rows] = impacts
        lengths = [0] * len(frequent) + [len(rows) for _, rows, _ in rarer]
        return cls(
            {term: number for number, (term, _, _) in enumerate(frequent + rarer)},
            [0, *itertools.accumulate(lengths)],
            np.concatenate([np.zeros(0, np.int64), *(rows for _, rows, _ in rarer)]),
            np.concatenate([np.zeros(0, np.float32), *(impacts for *_, impacts in rarer)]),
            dense,
            size,
        )

    def scores(self, terms: Iterable[str]) -> Floats:
        """Score every row against the terms, any of which may be unknown: [size]."""
        return self._sum(terms)[: self.size]

    def _sum(self, terms: Iterable[str]) -> Floats:
        find, bounds, dense = self.terms.get, self.bounds, self.dense
        known = [number for term in set(terms) if (number := find(term)) is not None]
        known.sort()  # so that equal queries add up in one order, to the last bit
        total: Floats | None = None
        for number in known:
            if number < len(dense):
                if total is None:
                    total = dense[number].copy()
                else:
                    total += dense[number]
            else:
                if total is None:
                    total = np.zeros(dense.shape[1], np.float32)
                start, end = bounds[number], bounds[number + 1]
                # A term's rows are different ones, so this adds up without np.add.at.
                total[self.rows[start:end]] += self.impacts[start:end]
        return np.zeros(dense.shape[1], np.float32) if total is None else total

    def top(self, terms: Iterable[str], k: int) -> list[tuple[int, float]]:
        """Return the k best (row, score), best first; equal scores in row order, noughts never."""
        total = self._sum(terms)
        # The k-th best column has a row at least as good as any that can be left out.
        layers = total.reshape(LAYERS, -1)
        peaks = np.maximum.reduce(layers, axis=0)
        ranked = np.sort(peaks)
        floor = ranked[-k] if len(ranked) > k and ranked[-k] > 0 else _LEAST
        if len(total) < WIDE:
            rows = (total >= floor).nonzero()[0]
        else:
            columns = (peaks >= floor).nonzero()[0]
            layer, place = (layers[:, columns] >= floor).nonzero()
            rows = layer * len(peaks) + columns[place]
        losses = (-total[rows]).tolist()
        found = sorted(zip(losses, rows.tolist(), strict=True))
        return [(row, -loss) for loss, row in found[:k]]

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as <name>.*.npy and the rest as <name>.json."""
        rest = {
            "terms": list(self.terms),
            "bounds": self.bounds,
            "size": self.size,
        }
        folder.joinpath(f"{name}.json").write_text(
            json.dumps(rest, ensure_ascii=False), encoding="utf-8"
        )
        for part in _ARRAYS:
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str) -> Lookup:
        """Map what `save` wrote."""
        rest = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        arrays = {part: mapped(folder / f"{name}.{part}.npy") for part in _ARRAYS}
        return cls(
            terms={term: number for number, term in enumerate(rest["terms"])},
            bounds=rest["bounds"],
            size=rest["size"],
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
