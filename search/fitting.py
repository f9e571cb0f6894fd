"""Fit a generation's model from its own rows, each row left out of what judges it.

1. Class weights by ridge regression on the hashed terms, one against all. Leaving a row out has a
   closed form: residual / (1 - leverage) (Allen's PRESS, 1974).
2. Feature weights by a conditional logit over the candidates, fitted with Newton's method, on
   rows as they are and again with a slip of the keys.
3. The gate by logistic regression on "the first FAQ is the right one"; a topic beyond the help
   center is left out as a whole, for customers bring subjects that nobody listed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from search.analysis import FIELDS, Analyser
from search.features import NAMES, Asked, Compiled, View, look_up, view
from search.hashing import DIMENSIONS, Hashing
from search.model import BEYOND, FAQ, GATE, Model, gate_features, posterior
from search.owners import KINDS
from search.postings import Field, Floats, Ints, Query, as_floats
from search.slips import Slips

RIDGE = 2.0
PENALTY = 1.0
# How much a row of each kind says about the weights; customers mostly ask about the wallet.
IMPORTANCE = {"faq": 1.0, "smalltalk": 0.5, "beyond": 0.5, "human": 0.5}
# Rows that the two dozen weights are fitted on; more change the second decimal.
SAMPLE = 2_500
SEED = 20_261_121

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Ridge:
    """Class weights and what they say of their own rows.

    solution: [dimensions, owners]. left_out: [rows, owners], each row's scores without it; unseen:
    the same with its whole topic left out, for rows beyond the help center.
    push: by row, the residual that leaving it out takes off along `projected`.
    """

    solution: Floats
    left_out: Floats
    unseen: Floats
    projected: Floats
    push: Floats

    def without(self, row: int, vector: Floats) -> Floats:
        """Score another vector as if that row were not known; the closed form once more."""
        used = np.flatnonzero(vector)
        shared = float(vector[used] @ self.projected[row, used])
        return as_floats(vector[used] @ self.solution[used] - shared * self.push[row])


def fit(compiled: Compiled, analyser: Analyser, progress: Progress = lambda step: None) -> Model:
    """Fit a model; the same rows give the same model. Takes rows · DIMENSIONS · 12 bytes."""
    draw = np.random.default_rng(SEED)
    hashing = Hashing.draw(compiled.fields, draw)
    progress("learning what speaks for whom")
    ridge = _ridge(compiled, hashing.rows(compiled.fields))
    progress("weighing the similarities")
    rows = len(compiled.owners.of_row)
    sample = np.sort(draw.permutation(rows)[:SAMPLE])
    terms = {name: _terms_by_row(compiled.fields[name]) for name in FIELDS}
    views = [_view(compiled, terms, int(row), ridge.left_out[row], keep=True) for row in sample]
    views += _slipped(compiled, analyser, hashing, ridge, sample)
    truth = compiled.owners.of_row[sample]
    weights = _conditional_logit(compiled, views, np.concatenate([truth, truth]))
    progress("calibrating the confidence")
    gate = _gate(compiled, terms, sample, ridge, weights)
    return Model(hashing, ridge.solution, weights, gate)


def _ridge(compiled: Compiled, hashed: Floats) -> _Ridge:
    owners = compiled.owners
    rows = len(owners.of_row)
    target = np.zeros((rows, len(owners.names)), np.float32)
    target[np.arange(rows), owners.of_row] = 1
    square = hashed.T @ hashed
    square[np.diag_indices(DIMENSIONS)] += RIDGE
    inverse = np.linalg.inv(square)
    projected = hashed @ inverse
    solution = inverse @ (hashed.T @ target)
    residual = target - hashed @ solution
    leverage = np.einsum("rd,rd->r", projected, hashed)
    push = as_floats(residual / np.maximum(1 - leverage, 1e-3)[:, None])
    left_out = target - push
    unseen = left_out.copy()
    for owner in np.flatnonzero(owners.kinds == BEYOND):
        block = np.flatnonzero(owners.of_row == owner)
        among = np.eye(len(block), dtype=np.float32) - projected[block] @ hashed[block].T
        unseen[block] = -np.linalg.solve(among, residual[block])
        unseen[block, owner] += 1
    return _Ridge(solution, left_out, unseen, projected, push)


def _terms_by_row(field: Field) -> tuple[Ints, Ints]:
    """Turn the postings round: starts by row, and the terms of each row."""
    terms = np.repeat(np.arange(len(field.idf), dtype=np.int32), field.counts())
    order = np.argsort(field.rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(field.rows, minlength=len(field.mass)))])
    return starts.astype(np.int32), terms[order]


def _view(
    compiled: Compiled,
    terms: dict[str, tuple[Ints, Ints]],
    row: int,
    learned: Floats,
    keep: bool = False,
) -> View:
    """See a row as a query that is not in the index; keep: its own owner stays a candidate."""
    queries = {
        name: Query(found[starts[row] : starts[row + 1]], float(compiled.fields[name].mass[row]))
        for name, (starts, found) in terms.items()
    }
    asked = Asked(queries, compiled.rows[row].plain, compiled.rows[row].sound)
    own = int(compiled.owners.of_row[row]) if keep else None
    return view(compiled, asked, learned, without=row, include=own)


def _slipped(
    compiled: Compiled, analyser: Analyser, hashing: Hashing, ridge: _Ridge, sample: Ints
) -> list[View]:
    """See the sampled rows again, each with a character that only sounds right."""
    dice = random.Random(SEED)  # noqa: S311 - no secret
    slips = Slips(analyser.pinyin, (row.plain for row in compiled.rows))
    views = []
    for row in map(int, sample):
        asked = look_up(compiled, analyser(slips.homophones(compiled.rows[row].plain, dice)))
        learned = ridge.without(row, hashing.vector(compiled.fields, asked.terms))
        own = int(compiled.owners.of_row[row])
        views.append(view(compiled, asked, learned, without=row, include=own))
    return views


def _conditional_logit(compiled: Compiled, views: list[View], truth: Ints) -> Floats:
    """Maximise the weighted log-likelihood of p(owner | row) ∝ exp(features · weights)."""
    kinds = compiled.owners.kinds
    widest = max(len(seen.candidates) for seen in views)
    features = np.zeros((len(views), widest, len(NAMES)), np.float64)
    blank = np.ones((len(views), widest), bool)
    right = np.zeros(len(views), np.int64)
    for number, (seen, owner) in enumerate(zip(views, truth, strict=True)):
        features[number, : len(seen.candidates)] = seen.matrix
        blank[number, : len(seen.candidates)] = False
        right[number] = int(np.searchsorted(seen.candidates, owner))
    importance = np.array([IMPORTANCE[KINDS[kinds[owner]]] for owner in truth])
    weights = np.zeros(len(NAMES))
    value, gradient, curvature = _likelihood(features, blank, right, importance, weights)
    for _ in range(40):
        step = np.linalg.solve(curvature, gradient)
        length = 1.0
        while True:
            tried = _likelihood(features, blank, right, importance, weights + length * step)
            if tried[0] > value or length < 1e-3:
                break
            length /= 2  # a full Newton step overshoots from the flat start
        gain = tried[0] - value
        weights = weights + length * step
        value, gradient, curvature = tried
        if gain < 1e-4 * len(views):
            break
    return weights.astype(np.float32)


Doubles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _likelihood(
    features: Doubles, blank: np.ndarray, right: Ints, importance: Doubles, weights: Doubles
) -> tuple[float, Doubles, Doubles]:
    evidence = features @ weights
    evidence[blank] = -np.inf
    share = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    rows = np.arange(len(features))
    value = -0.5 * PENALTY * float(weights @ weights)
    value += float((np.log(np.maximum(share[rows, right], 1e-12)) * importance).sum())
    mean = np.einsum("rof,ro->rf", features, share)
    gradient = ((features[rows, right] - mean) * importance[:, None]).sum(axis=0)
    scaled = features * np.sqrt(share * importance[:, None])[:, :, None]
    flat = scaled.reshape(-1, len(weights))
    curvature = flat.T @ flat - (mean * importance[:, None]).T @ mean
    return (
        value,
        gradient - PENALTY * weights,
        curvature + PENALTY * np.eye(len(weights)),
    )


def _gate(
    compiled: Compiled,
    terms: dict[str, tuple[Ints, Ints]],
    sample: Ints,
    ridge: _Ridge,
    weights: Floats,
) -> Floats:
    owners = compiled.owners
    design = np.zeros((len(sample), len(GATE)))
    right = np.zeros(len(sample))
    for number, row in enumerate(sample):
        owner = owners.of_row[row]
        seen = _view(compiled, terms, int(row), ridge.unseen[row])
        evidence = seen.matrix @ weights
        if owners.kinds[owner] == BEYOND:
            evidence[seen.candidates == owner] = -np.inf
        design[number] = gate_features(owners, seen, evidence)
        of_faqs = np.where(owners.kinds[seen.candidates] == FAQ, posterior(evidence), -1)
        right[number] = seen.candidates[int(of_faqs.argmax())] == owner
    gate = np.zeros(len(GATE))
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(design @ gate, -30, 30)))
        gradient = design.T @ (right - chance) - gate
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.eye(len(GATE))
        step = np.linalg.solve(curvature, gradient)
        gate += step
        if np.abs(step).max() < 1e-4:
            break
    return gate.astype(np.float32)
