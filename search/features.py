"""What speaks for an owner: a small vector of similarities, for the owners worth looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from search.analysis import FIELDS, Analysed
from search.hashing import Hashing
from search.index import Row
from search.owners import KINDS, Owners
from search.postings import EPSILON, Field, Floats, Ints, Query, as_floats

SIMILARITIES = (
    *(f"{field}.{measure}" for field in FIELDS for measure in ("cosine", "overlap", "best3")),
    "edit.text",
    "edit.sound",
)
# The learned score of an owner, that of its whole kind, and which kind it is.
NAMES = (*SIMILARITIES, "learned", "kind", *(f"is_{kind}" for kind in KINDS[1:]))
LEARNED = len(SIMILARITIES)
# Owners looked at: the best by class weights and the best by their nearest row.
CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generation's rows, their postings by field, and their owners."""

    fields: dict[str, Field]
    owners: Owners
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query looked up: its terms by field, its normalised text and how it sounds."""

    terms: Mapping[str, Query]
    plain: str
    sound: str


@dataclass(frozen=True, slots=True)
class View:
    """A query as the ranking sees it.

    candidates: owners, ascending. matrix: candidates × NAMES. learned: class score of every owner.
    nearest: by candidate, its row with most in common. known: something is shared with some row.
    """

    candidates: Ints
    matrix: Floats
    learned: Floats
    nearest: Ints
    known: bool


def look_up(compiled: Compiled, found: Analysed) -> Asked:
    """Look up an analysed text's terms in every field."""
    terms = {name: compiled.fields[name].query(getattr(found, name)) for name in FIELDS}
    return Asked(terms, found.text, found.sound)


def learned_scores(compiled: Compiled, asked: Asked, hashing: Hashing, solution: Floats) -> Floats:
    """Score every owner by its class weights; solution: [dimensions, owners]."""
    vector = hashing.vector(compiled.fields, asked.terms)
    used = np.flatnonzero(vector)  # a hundred of thousands: the rest would only cost
    return as_floats(vector[used] @ solution[used])


def view(
    compiled: Compiled,
    asked: Asked,
    learned: Floats,
    without: int | None = None,
    include: int | None = None,
) -> View:
    """Compute the candidates' features.

    without: a row to leave out, as if it were not in the index. include: an owner that is a
    candidate in any case.
    """
    owners = compiled.owners
    cosines: dict[str, Floats] = {}
    overlaps: dict[str, Floats] = {}
    for name in FIELDS:
        query, masses = asked.terms[name], compiled.fields[name].mass
        shared = compiled.fields[name].shared(query)
        if without is not None:
            shared[without] = 0
        mass = np.float32(max(query.mass, float(EPSILON)))
        cosines[name] = as_floats(shared / np.sqrt(mass * np.maximum(masses, EPSILON)))
        overlaps[name] = as_floats(shared / np.maximum(masses, mass))
    near = as_floats(cosines["chars"] + cosines["terms"] + cosines["pinyin"] / 2)
    candidates = _candidates(owners, learned, owners.best(near), include)
    # The missing rows of the table point one past the end, at a nought.
    table = owners.table[candidates]
    columns: list[Floats] = []
    for name in FIELDS:
        cosine = np.append(cosines[name], np.float32(0))[table]
        best = np.partition(cosine, -3, axis=1)[:, -3:]
        columns.append(best.max(axis=1))
        columns.append(np.append(overlaps[name], np.float32(0))[table].max(axis=1))
        columns.append(best.mean(axis=1))
    nearest = table[np.arange(len(candidates)), np.append(near, -1)[table].argmax(axis=1)]
    columns.extend(_edits(compiled.rows, asked, nearest, without))
    columns.extend((learned[candidates], kind_scores(owners, learned)[candidates]))
    kinds = np.eye(len(KINDS), dtype=np.float32)[owners.kinds[candidates]][:, 1:]
    matrix = np.concatenate([np.stack(columns, axis=1), kinds], axis=1).astype(np.float32)
    return View(candidates, matrix, learned, nearest, bool(near.any()))


def _edits(
    rows: Sequence[Row], asked: Asked, nearest: Ints, without: int | None
) -> tuple[Floats, Floats]:
    """Compare text and sound with each candidate's nearest row, letter by letter (0 to 1).

    The part that fits counts for the sound: a slip of the keys stays a slip in a long message.
    """
    texts = np.zeros(len(nearest), np.float32)
    sounds = np.zeros(len(nearest), np.float32)
    for place, number in enumerate(nearest):
        if number != without:
            row = rows[number]
            texts[place] = fuzz.ratio(asked.plain, row.plain) / 100
            sounds[place] = fuzz.partial_ratio(asked.sound, row.sound) / 100
    return texts, sounds


def _candidates(owners: Owners, learned: Floats, near: Floats, include: int | None) -> Ints:
    if len(owners.names) <= 2 * CANDIDATES:
        return np.arange(len(owners.names))
    first = np.argpartition(-learned, CANDIDATES)[:CANDIDATES]
    second = np.argpartition(-near, CANDIDATES)[:CANDIDATES]
    own = [] if include is None else [include]
    return np.array(sorted({*map(int, first), *map(int, second), *own}), np.int64)


def kind_scores(owners: Owners, learned: Floats) -> Floats:
    """Give every owner the sum of the learned scores of its kind; learned: [owners].

    The scores are fitted one against all, so their sum is what one fit of the kind would give.
    """
    total = np.bincount(owners.kinds, learned, len(KINDS)).astype(np.float32)
    spread: npt.NDArray[np.float32] = total[owners.kinds]
    return spread
