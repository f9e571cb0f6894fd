"""What speaks for an owner: a small vector of similarities per owner, for one query or all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.analysis import FIELDS, Analysed
from search.owners import KINDS, Owners
from search.postings import EPSILON, Field, Floats, Ints, Query

# What each field weighs in the learned class score; pinyin repeats the characters.
SHARE: Mapping[str, float] = {"words": 1.0, "chars": 1.0, "pinyin": 0.6, "terms": 1.0}
SIMILARITIES = tuple(
    f"{field}.{measure}" for field in FIELDS for measure in ("cosine", "overlap", "best3")
)
# The learned score of an owner, that of its whole kind, and which kind it is.
NAMES = (*SIMILARITIES, "learned", "kind", *(f"is_{kind}" for kind in KINDS[1:]))
LEARNED = len(SIMILARITIES)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generation's rows: postings by field and the owners of the rows."""

    fields: dict[str, Field]
    owners: Owners


def query_features(compiled: Compiled, found: Analysed, learned: npt.NDArray[np.float16]) -> Floats:
    """Compute [owners, len(NAMES)] float32 for one analysed query.

    learned: [terms of all fields in FIELDS order, owners], the fitted class weights.
    """
    columns: list[Floats] = []
    scores = np.zeros(len(compiled.owners.names), np.float32)
    offset = 0
    for name in FIELDS:
        field = compiled.fields[name]
        query = field.query(getattr(found, name))
        shared = field.shared(query)
        columns.extend(_similarities(compiled.owners, shared, query.mass, field.mass))
        if len(query.ids):
            weights = field.idf[query.ids] * np.float32(
                np.sqrt(SHARE[name]) / np.sqrt(max(query.mass, float(EPSILON)))
            )
            scores += weights @ learned[offset + query.ids].astype(np.float32)
        offset += len(field.terms)
    columns.extend((scores, kind_scores(compiled.owners, scores)))
    return np.concatenate([np.stack(columns, axis=1), kind_columns(compiled.owners)], axis=1)


def _similarities(owners: Owners, shared: Floats, mass: float, masses: Floats) -> Iterator[Floats]:
    cosine: Floats = shared / np.sqrt(np.maximum(np.float32(mass) * masses, EPSILON))
    yield owners.best(cosine)
    yield owners.best(
        np.asarray(shared / np.maximum(np.maximum(masses, np.float32(mass)), EPSILON), np.float32)
    )
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
    out[:, :, LEARNED] = learned
    out[:, :, LEARNED + 1] = kind_scores(owners, learned)
    out[:, :, LEARNED + 2 :] = kind_columns(owners)
    return out


def _terms_by_row(field: Field) -> tuple[Ints, Ints]:
    """Turn the postings round: starts by row, and the terms of each row."""
    counts = np.diff(field.starts)
    terms = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    order = np.argsort(field.rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(field.rows, minlength=len(field.mass)))])
    return starts.astype(np.int32), terms[order]


def kind_scores(owners: Owners, learned: Floats) -> Floats:
    """Give every owner the sum of the learned scores of its kind; learned: [..., owners].

    The scores are fitted one against all, so their sum is what one fit of the kind would give.
    """
    member = np.eye(len(KINDS), dtype=np.float32)[owners.kinds]
    total: Floats = (learned @ member)[..., owners.kinds]
    return total


def kind_columns(owners: Owners) -> Floats:
    """Return [owners, kinds - 1]: which kind an owner is, FAQs being all zero."""
    return np.eye(len(KINDS), dtype=np.float32)[owners.kinds][:, 1:]
