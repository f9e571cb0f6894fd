"""What speaks for an owner: a small vector of similarities, for the owners worth looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

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
# What each field adds to a row's nearness, by FIELDS.
_NEAR = np.array([0, 1, 0.5, 1], np.float32)
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
    shared = np.stack([compiled.fields[name].shared(asked.terms[name]) for name in FIELDS])
    if without is not None:
        shared[:, without] = 0
    likeness = np.empty_like(shared)
    masses = [np.float32(max(asked.terms[name].mass, float(EPSILON))) for name in FIELDS]
    for line, (name, mass) in enumerate(zip(FIELDS, masses, strict=True)):
        np.multiply(shared[line], compiled.fields[name].scale, out=likeness[line])
        likeness[line] /= np.sqrt(mass)
    near = _NEAR @ likeness
    candidates = _candidates(owners, learned, owners.best(near), include)
    rows, starts, lengths = owners.rows_of(candidates)
    cosines = likeness[:, rows]
    overlaps = shared[:, rows]
    for line, (name, mass) in enumerate(zip(FIELDS, masses, strict=True)):
        overlaps[line] /= np.maximum(compiled.fields[name].mass[rows], mass)
    best, third = _best_three(cosines, starts, lengths)
    nearest = rows[_first_of_best(near[rows][None], starts, lengths)[0]]
    columns: list[Floats] = []
    widest = np.maximum.reduceat(overlaps, starts, axis=1)
    for line in range(len(FIELDS)):
        columns.extend((best[line], widest[line], third[line]))
    columns.extend(_edits(compiled.rows, asked, nearest, without))
    columns.extend((learned[candidates], kind_scores(owners, learned)[candidates]))
    columns.extend((owners.kinds[candidates] == kind) for kind in range(1, len(KINDS)))
    matrix = np.stack(columns, axis=1).astype(np.float32)
    return View(candidates, matrix, learned, nearest, bool(near.any()))


def _best_three(values: Floats, starts: Ints, lengths: Ints) -> tuple[Floats, Floats]:
    """Return the highest value of each stretch and the mean of its three highest.

    values: [fields, rows], none below nought, changed; a missing third counts as nought.
    """
    best = np.maximum.reduceat(values, starts, axis=1)
    total = best.copy()
    for _ in range(2):
        values[np.arange(len(values))[:, None], _first_of_best(values, starts, lengths)] = 0
        total += np.maximum.reduceat(values, starts, axis=1)
    return best, as_floats(total / 3)


def _first_of_best(values: Floats, starts: Ints, lengths: Ints) -> Ints:
    """Return where each stretch has its highest value, the first of equal ones."""
    best = np.repeat(np.maximum.reduceat(values, starts, axis=1), lengths, axis=1)
    line, place = (values == best)[:, ::-1].nonzero()
    place = values.shape[1] - 1 - place
    stretch = np.repeat(np.arange(len(starts)), lengths)
    found = np.zeros((len(values), len(starts)), np.int64)
    found[line, stretch[place]] = place  # the last one written stays
    return found


def _edits(
    rows: Sequence[Row], asked: Asked, nearest: Ints, without: int | None
) -> tuple[Floats, Floats]:
    """Compare text and sound with each candidate's nearest row, letter by letter (0 to 1).

    The part that fits counts for the sound: a slip of the keys stays a slip in a long message.
    """
    near = [rows[number] for number in nearest.tolist()]
    texts = _ratios(asked.plain, [row.plain for row in near], fuzz.ratio)
    sounds = _ratios(asked.sound, [row.sound for row in near], fuzz.partial_ratio)
    if without is not None:
        texts[nearest == without] = sounds[nearest == without] = 0
    return texts, sounds


def _ratios(text: str, others: list[str], scorer: Any) -> Floats:
    found = process.cdist([text], others, scorer=scorer, dtype=np.float32)[0]
    return as_floats(found / np.float32(100))


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
