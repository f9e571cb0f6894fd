"""What speaks for an owner: a small vector of similarities, for the owners worth looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from search.analysis import FIELDS, Analysed
from search.index import Row
from search.owners import KINDS, Owners
from search.postings import EPSILON, Field, Floats, Ints, Query, as_floats

SIMILARITIES = (
    *(f"{field}.{measure}" for field in FIELDS for measure in ("cosine", "overlap", "best3")),
    "edit.text",
    "edit.sound",
)
# The learned share of an owner, by terms and by what an encoder hears (nought without one), that of
# its whole kind, and which kind it is.
NAMES = (*SIMILARITIES, "learned", "meaning", "kind", *(f"is_{kind}" for kind in KINDS[1:]))
LEARNED = len(SIMILARITIES)
# What each field adds to a row's nearness.
NEAR: Mapping[str, float] = {"words": 0, "chars": 1, "pinyin": 0.5, "terms": 1}
# A share below e to this power says no more than this one.
FLOOR = np.float32(-12)
# Owners looked at: the best by class weights and the best by their nearest row.
CANDIDATES = 24
# And as many by what an encoder hears.
MEANT = 8


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

    candidates: owners, ascending. matrix: candidates × NAMES. kinds: the logarithm of what all
    owners of each kind share by the class weights. nearest: by candidate, its row with most in
    common. known: something is shared with some row.
    """

    candidates: Ints
    matrix: Floats
    kinds: Floats
    nearest: Ints
    known: bool


def look_up(compiled: Compiled, found: Analysed) -> Asked:
    """Look up an analysed text's terms in every field."""
    terms = {name: compiled.fields[name].query(getattr(found, name)) for name in FIELDS}
    return Asked(terms, found.text, found.sound)


def view(
    compiled: Compiled,
    asked: Asked,
    learned: Floats,
    meant: Floats | None = None,
    without: Ints | None = None,
    include: int | None = None,
) -> View:
    """Compute the candidates' features.

    learned: by owner, the logarithm of its share by the class weights. meant: the same by an
    encoder, None for none. without: rows to leave
    out, as if they were not in the index. include: an owner that is a candidate in any case.
    """
    owners = compiled.owners
    shared = np.stack([compiled.fields[name].shared(asked.terms[name]) for name in FIELDS])
    if without is not None:
        shared[:, without] = 0
    masses = [np.float32(max(asked.terms[name].mass, float(EPSILON))) for name in FIELDS]
    near = np.zeros(shared.shape[1], np.float32)
    for name, mass, row_shares in zip(FIELDS, masses, shared, strict=True):
        if NEAR[name]:
            likeness = row_shares * compiled.fields[name].scale
            likeness *= np.float32(NEAR[name]) / np.sqrt(mass)
            near += likeness
    candidates = _candidates(owners, learned, owners.best(near), meant, include)
    rows, starts, _ = owners.rows_of(candidates)
    overlaps = shared.take(rows, axis=1)
    cosines = np.empty_like(overlaps)
    for line, (name, mass) in enumerate(zip(FIELDS, masses, strict=True)):
        field = compiled.fields[name]
        np.multiply(overlaps[line], field.scale.take(rows), out=cosines[line])
        cosines[line] /= np.sqrt(mass)
        overlaps[line] /= np.maximum(field.mass.take(rows), mass)
    (best, second, third), _ = _highest(cosines, starts, 3)
    nearest = rows[_highest(near.take(rows)[None], starts, 1)[1][0]]
    mean = as_floats((best + second + third) / 3)
    columns: list[Floats] = []
    widest = np.maximum.reduceat(overlaps, starts, axis=1)
    for line in range(len(FIELDS)):
        columns.extend((best[line], widest[line], mean[line]))
    columns.extend(_edits(compiled.rows, asked, nearest, without))
    kinds = _of_kinds(owners, learned)
    columns.append(np.maximum(learned[candidates], FLOOR))
    none = np.zeros(len(candidates), np.float32)
    columns.append(none if meant is None else np.maximum(meant[candidates], FLOOR))
    columns.append(kinds[owners.kinds[candidates]])
    columns.extend((owners.kinds[candidates] == kind) for kind in range(1, len(KINDS)))
    matrix = np.stack(columns, axis=1).astype(np.float32)
    return View(candidates, matrix, kinds, nearest, bool(near.any()))


def _highest(values: Floats, starts: Ints, count: int) -> tuple[list[Floats], Ints]:
    """Return the `count` highest values of each stretch, and where its highest stands.

    values: [lines, rows], none below nought; where a stretch is too short, noughts. The first of
    equal ones is the highest.
    """
    last = values.shape[1] - 1
    lines = np.arange(len(values))[:, None]
    # Bits of floats order as these do; with the place behind them, one pass finds both.
    keys = (values.view(np.int32).astype(np.int64) << 32) | np.arange(last, -1, -1)
    found: list[Floats] = []
    places: list[Ints] = []
    for _ in range(count):
        tops = np.maximum.reduceat(keys, starts, axis=1)
        found.append((tops >> 32).astype(np.int32).view(np.float32))
        places.append(last - (tops & 0xFFFFFFFF))
        keys[lines, places[-1]] = 0
    return found, places[0]


def _edits(
    rows: Sequence[Row], asked: Asked, nearest: Ints, without: Ints | None
) -> tuple[Floats, Floats]:
    """Compare text and sound with each candidate's nearest row, letter by letter (0 to 1).

    The part that fits counts for the sound: a slip of the keys stays a slip in a long message.
    """
    near = [rows[number] for number in nearest.tolist()]
    texts = _ratios(asked.plain, [row.plain for row in near], fuzz.ratio)
    sounds = _ratios(asked.sound, [row.sound for row in near], fuzz.partial_ratio)
    if without is not None:
        left_out = np.isin(nearest, without)
        texts[left_out] = sounds[left_out] = 0
    return texts, sounds


def _ratios(text: str, others: list[str], scorer: Any) -> Floats:
    found = process.cdist([text], others, scorer=scorer, dtype=np.float32)[0]
    return as_floats(found / np.float32(100))


def _candidates(
    owners: Owners, learned: Floats, near: Floats, meant: Floats | None, include: int | None
) -> Ints:
    if len(owners.names) <= 2 * CANDIDATES:
        return np.arange(len(owners.names))
    chosen = np.zeros(len(owners.names), bool)
    chosen[np.argpartition(-learned, CANDIDATES)[:CANDIDATES]] = True
    chosen[np.argpartition(-near, CANDIDATES)[:CANDIDATES]] = True
    if meant is not None:
        chosen[np.argpartition(-meant, MEANT)[:MEANT]] = True
    if include is not None:
        chosen[include] = True
    return np.flatnonzero(chosen)


def _of_kinds(owners: Owners, learned: Floats) -> Floats:
    total = np.bincount(owners.kinds, np.exp(learned), len(KINDS))
    return as_floats(np.maximum(np.log(np.maximum(total, 1e-30)), FLOOR))
