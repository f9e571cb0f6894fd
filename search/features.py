"""What speaks for an owner: a small vector of similarities per owner, for one query or all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from search.analysis import FIELDS, Analysed
from search.owners import KINDS, Owners
from search.postings import EPSILON, Field, Floats, Ints, Query

# What each field weighs in the learned class score; pinyin repeats the characters, so it counts less.
SHARE: Mapping[str, float] = {"words": 1.0, "chars": 1.0, "pinyin": 0.6, "terms": 1.0}
SIMILARITIES = tuple(
    f"{field}.{measure}" for field in FIELDS for measure in ("cosine", "overlap", "best3")
)
NAMES = (*SIMILARITIES, "learned", *(f"is_{kind}" for kind in KINDS[1:]))


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generation's rows: postings by field and the owners of the rows."""

    fields: dict[str, Field]
    owners: Owners


def query_features(compiled: Compiled, found: Analysed, learned: Floats) -> Floats:
    """Compute [owners, len(NAMES)] float32 for one analysed query.

    learned: [terms of all fields in FIELDS order, owners], the fitted class weights.
    """
    columns: list[Floats] = []
    scores = np.zeros(len(compiled.owners.names), np.float32)
    offset = 0
    for name in FIELDS:
        field = compiled.fields[name]
        query = field.query(getattr(found, name))
        columns.extend(_similarities(compiled.owners, field.shared(query), query.mass, field.mass))
        if len(query.ids):
            weights = field.idf[query.ids] * np.float32(
                np.sqrt(SHARE[name]) / np.sqrt(max(query.mass, float(EPSILON)))
            )
            scores += weights @ learned[offset + query.ids].astype(np.float32)
        offset += len(field.terms)
    columns.append(scores)
    return np.concatenate([np.stack(columns, axis=1), kind_columns(compiled.owners)], axis=1)


def _similarities(owners: Owners, shared: Floats, mass: float, masses: Floats) -> Iterator[Floats]:
    cosine = shared / np.sqrt(np.maximum(mass * masses, EPSILON))
    yield owners.best(cosine)
    yield owners.best(shared / np.maximum(np.maximum(masses, np.float32(mass)), EPSILON))
    yield owners.best_mean(cosine)


def row_features(compiled: Compiled, sample: Ints, learned: Floats) -> Floats:
    """Compute [sample, owners, len(NAMES)]: each sampled row as a query that is not in the index.

    learned: [sample, owners], the class scores with that row left out.
    """
    owners = compiled.owners
    own_terms = {name: _terms_by_row(field) for name, field in compiled.fields.items()}
    out = np.zeros((len(sample), len(owners.names), len(NAMES)), np.float32)
    for place, row in enumerate(sample):
        column = 0
        for name in FIELDS:
            field = compiled.fields[name]
            starts, terms = own_terms[name]
            query = Query(terms[starts[row] : starts[row + 1]], float(field.mass[row]))
            shared = field.shared(query)
            shared[row] = 0  # left out
            for values in _similarities(owners, shared, query.mass, field.mass):
                out[place, :, column] = values
                column += 1
    out[:, :, len(SIMILARITIES)] = learned
    out[:, :, len(SIMILARITIES) + 1 :] = kind_columns(owners)
    return out


def _terms_by_row(field: Field) -> tuple[Ints, Ints]:
    """Turn the postings round: starts by row, and the terms of each row."""
    counts = np.diff(field.starts)
    terms = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    order = np.argsort(field.rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(field.rows, minlength=len(field.mass)))])
    return starts.astype(np.int32), terms[order]


def kind_columns(owners: Owners) -> Floats:
    """Return [owners, kinds - 1]: which kind an owner is, FAQs being all zero."""
    return np.eye(len(KINDS), dtype=np.float32)[owners.kinds][:, 1:]

