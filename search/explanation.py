"""Why a message is ranked as it is: what each similarity and each term adds, owner by owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from search.analysis import FIELDS, Analysed
from search.features import LEARNED, NAMES, Asked, View, look_up
from search.generation import Generation
from search.hashing import PAIRS, SHARE, characters, pairs_of
from search.model import FAQ, GATE, gate_features, posterior, sigmoid
from search.postings import EPSILON, Query

ROWS = 3
TERMS = 8
Reading = tuple[Analysed, Asked]


@dataclass(frozen=True, slots=True)
class Reason:
    """One similarity's part: its value, its weight, and the points above the average FAQ's."""

    name: str
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Account:
    """One owner's account: kind and id as in the index, share of the meaning, and why.

    rows: (text, likeness 0..1) of its nearest ways of asking. terms: (field, term, points) that
    the fitted class weights count for it or against it, the weightiest first.
    """

    kind: str
    id: str
    share: float
    reasons: tuple[Reason, ...]
    rows: tuple[tuple[str, float], ...]
    terms: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one text is read.

    found: the text in terms. meant: the same as it was probably meant, None where that is as typed.
    gate: (name, points) of the confidence, which is their logistic sum.
    """

    found: Analysed
    meant: Analysed | None
    confidence: float
    gate: tuple[tuple[str, float], ...]
    accounts: tuple[Account, ...]


def explain(generation: Generation, text: str, limit: int = 3) -> Explanation:
    """Explain how a text as a whole is ranked, for its `limit` best owners (topics included)."""
    compiled, model = generation.compiled, generation.model
    found, meant = generation.spelling.read(text)
    readings = [(each, look_up(compiled, each)) for each in (found, meant) if each is not None]
    seen = model.view(compiled, *(asked for _, asked in readings))
    evidence = seen.matrix @ model.weights
    share = posterior(evidence)
    points = gate_features(compiled.owners, seen, evidence) * model.gate
    best = np.argsort(-share, kind="stable")[:limit]
    return Explanation(
        found,
        meant,
        sigmoid(float(points.sum())),
        tuple(zip(GATE, points.tolist(), strict=True)),
        tuple(
            _account(generation, readings, seen, float(share[place]), int(place)) for place in best
        ),
    )


def _account(
    generation: Generation,
    readings: Sequence[Reading],
    seen: View,
    share: float,
    place: int,
) -> Account:
    owners, weights = generation.compiled.owners, generation.model.weights
    owner = int(seen.candidates[place])
    faqs = owners.kinds[seen.candidates] == FAQ
    average = seen.matrix[faqs].mean(axis=0) if faqs.any() else np.zeros(len(NAMES))
    gains = (seen.matrix[place] - average) * weights
    reasons = [
        Reason(name, float(seen.matrix[place, at]), float(weights[at]), float(gains[at]))
        for at, name in enumerate(NAMES)
    ]
    reasons.sort(key=lambda reason: -abs(reason.points))
    kind, name = owners.names[owner]
    return Account(
        kind,
        name,
        share,
        tuple(reasons),
        _nearest(generation, readings[0][1].terms["chars"], owner),
        _terms(generation, readings, owner),
    )


def _nearest(generation: Generation, query: Query, owner: int) -> tuple[tuple[str, float], ...]:
    chars = generation.compiled.fields["chars"]
    numbers = np.flatnonzero(generation.compiled.owners.of_row == owner)
    shared = chars.shared(query)[numbers]
    cosine = shared / np.sqrt(np.maximum(chars.mass[numbers] * query.mass, EPSILON))
    order = np.argsort(-cosine, kind="stable")[:ROWS]
    return tuple((generation.rows[int(numbers[at])].text, float(cosine[at])) for at in order)


def _terms(
    generation: Generation, readings: Sequence[Reading], owner: int
) -> tuple[tuple[str, str, float], ...]:
    """Split the owner's learned score into terms and pairs; readings have equal parts in it."""
    points: dict[tuple[str, str], float] = defaultdict(float)
    for reading in readings:
        for name, term, gain in _terms_of(generation, *reading, owner):
            points[name, term] += gain / len(readings)
    best = sorted(points.items(), key=lambda item: -abs(item[1]))[:TERMS]
    return tuple((name, term, gain) for (name, term), gain in best)


def _terms_of(
    generation: Generation, found: Analysed, asked: Asked, owner: int
) -> Iterator[tuple[str, str, float]]:
    """Give each term and pair of one reading its points; those of one bucket share it."""
    hashing, classes = generation.model.hashing, generation.model.classes
    weight = float(generation.model.weights[LEARNED])
    for name in FIELDS:
        field = generation.compiled.fields[name]
        scale = float(np.sqrt(SHARE[name] / max(asked.terms[name].mass, float(EPSILON))))
        for term in sorted(set(getattr(found, name)) & field.terms.keys()):
            number = field.terms[term]
            at = number + hashing.offsets[name]
            learned = classes.weight(hashing.buckets[at], owner) * float(hashing.signs[at])
            yield name, term, float(field.idf[number]) * scale * learned * weight
    pairs = pairs_of(asked.plain)
    scale = float(np.sqrt(PAIRS / max(1, len(pairs))))
    for pair, bucket, sign in zip(pairs.tolist(), *hashing.pairs(pairs), strict=True):
        learned = classes.weight(int(bucket), owner) * float(sign)
        yield "pairs", "…".join(characters(pair)), scale * learned * weight
