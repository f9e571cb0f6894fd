"""Fit a generation's model from its own rows, each row left out of what judges it.

1. Class weights by ridge regression on the terms, one against all, solved in the dual form.
2. Feature weights by a conditional logit over all owners, fitted with Newton's method. The class
   score that it sees is the left-one-out one, in closed form: residual_i / (1 - leverage_i)
   (Allen's PRESS, 1974), on terms hashed to fewer dimensions, where the leverage is cheap.
3. The gate by logistic regression on "the first FAQ is the right one"; a topic beyond the help
   center is left out as a whole, for customers bring subjects that nobody listed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from search.features import LEARNED, SHARE, Compiled, kind_scores, row_features
from search.model import FAQ, GATE, Model, gate_features, posterior
from search.owners import KINDS
from search.postings import EPSILON, Field, Floats, Ints

RIDGE = 1.0
PENALTY = 1.0
# How much a row of each kind says about the weights; customers mostly ask about the wallet.
IMPORTANCE = {"faq": 1.0, "smalltalk": 0.5, "beyond": 0.5, "human": 0.5}
HASHED = 2048
# Above this many rows the exact solution (n² memory, n³ time) gives way to the hashed one.
EXACT = 12_000
# Rows that the two dozen weights are fitted on; more change the second decimal.
SAMPLE = 3_000
SEED = 20_261_121

Progress = Callable[[str], None]


def fit(compiled: Compiled, progress: Progress = lambda step: None) -> Model:
    """Fit a model; the same rows give the same model. Up to EXACT rows take n² · 8 bytes."""
    random = np.random.default_rng(SEED)
    owners = compiled.owners
    rows = len(owners.of_row)
    target = np.zeros((rows, len(owners.names)), np.float32)
    target[np.arange(rows), owners.of_row] = 1
    progress("learning what speaks for whom")
    hashed, buckets, signs = _hash(compiled, random)
    inverse = np.linalg.inv(
        hashed.T @ hashed + np.float32(RIDGE) * np.eye(HASHED, dtype=np.float32)
    )
    projected = hashed @ inverse
    solution = inverse @ (hashed.T @ target)
    residual = target - hashed @ solution
    leverage = np.einsum("rd,rd->r", projected, hashed)
    left_out = target - residual / (1 - leverage)[:, None]
    if rows <= EXACT:
        kernel = _kernel(compiled)
        kernel[np.diag_indices(rows)] += RIDGE
        learned = _class_weights(compiled, np.linalg.solve(kernel, target))
        del kernel
    else:
        learned = (solution[buckets] * signs[:, None]).astype(np.float16)
    progress("weighing the similarities")
    sample = np.sort(random.permutation(rows)[:SAMPLE])
    features = row_features(compiled, sample, left_out[sample])
    importance = np.array(
        [IMPORTANCE[KINDS[owners.kinds[owner]]] for owner in owners.of_row[sample]], np.float32
    )
    weights = _conditional_logit(features, owners.of_row[sample], importance)
    progress("calibrating the confidence")
    unseen = _topics_left_out(compiled, hashed, projected, residual)
    return Model(learned, weights, _gate(compiled, sample, features, weights, unseen[sample]))


def _hash(compiled: Compiled, random: np.random.Generator) -> tuple[Floats, Ints, Floats]:
    """Hash the weighted, normalised terms: rows × HASHED, with each term's bucket and sign."""
    rows = len(compiled.owners.of_row)
    total = sum(len(field.terms) for field in compiled.fields.values())
    buckets = random.integers(0, HASHED, total).astype(np.int32)
    signs = random.choice(np.array([-1, 1], np.float32), total)
    hashed = np.zeros(rows * HASHED, np.float32)
    offset = 0
    for name, field in compiled.fields.items():
        counts = np.diff(field.starts)
        terms = np.repeat(np.arange(len(counts)), counts)
        values = field.idf[terms] * signs[offset + terms] * _scale(name, field)[field.rows]
        places = field.rows.astype(np.int64) * HASHED + buckets[offset + terms]
        hashed += np.bincount(places, values, rows * HASHED).astype(np.float32)
        offset += len(counts)
    return hashed.reshape(rows, HASHED), buckets, signs


def _scale(name: str, field: Field) -> Floats:
    """What makes a row's terms in one field a vector of length sqrt(SHARE)."""
    return np.asarray(np.sqrt(SHARE[name] / np.maximum(field.mass, EPSILON)), np.float32)


def _kernel(compiled: Compiled) -> Floats:
    rows = len(compiled.owners.of_row)
    kernel = np.zeros((rows, rows), np.float32)
    for name, field in compiled.fields.items():
        scale = _scale(name, field)
        gram = field.gram()
        gram *= scale[:, None]
        gram *= scale[None, :]
        kernel += gram
    return kernel


def _class_weights(compiled: Compiled, coefficients: Floats) -> np.ndarray:
    """Turn row coefficients into term weights: [terms of all fields, owners] float16."""
    parts = []
    for name, field in compiled.fields.items():
        scaled = coefficients * _scale(name, field)[:, None]
        out = np.zeros((len(field.terms), coefficients.shape[1]), np.float16)
        for first in range(0, len(field.terms), 4096):
            last = min(first + 4096, len(field.terms))
            bounds = field.starts[first : last + 1]
            flat = field.rows[bounds[0] : bounds[-1]]
            sums = np.add.reduceat(scaled[flat], bounds[:-1] - bounds[0], axis=0)
            out[first:last] = sums * field.idf[first:last, None]
        parts.append(out)
    return np.concatenate(parts)


def _conditional_logit(features: Floats, truth: Ints, importance: Floats) -> Floats:
    """Maximise the weighted log-likelihood of p(owner | row) ∝ exp(features · weights)."""
    rows, _, size = features.shape
    weights = np.zeros(size)
    value, gradient, curvature = _likelihood(features, truth, importance, weights)
    for _ in range(40):
        step = np.linalg.solve(curvature, gradient)
        length = 1.0
        while True:
            tried = _likelihood(features, truth, importance, weights + length * step)
            if tried[0] > value or length < 1e-3:
                break
            length /= 2  # a full Newton step overshoots from the flat start
        gain = tried[0] - value
        weights = weights + length * step
        value, gradient, curvature = tried
        if gain < 1e-4 * rows:
            break
    return weights.astype(np.float32)


def _likelihood(
    features: Floats, truth: Ints, importance: Floats, weights: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    size = len(weights)
    value = -0.5 * PENALTY * float(weights @ weights)
    gradient = -PENALTY * weights
    curvature = PENALTY * np.eye(size)
    for start in range(0, len(features), 512):
        part = features[start : start + 512]
        weight = importance[start : start + 512].astype(np.float64)
        share = posterior(part @ weights.astype(np.float32)).astype(np.float64)
        right = np.arange(len(part)), truth[start : start + 512]
        value += float((np.log(np.maximum(share[right], 1e-12)) * weight).sum())
        mean = np.einsum("rof,ro->rf", part, share.astype(np.float32)).astype(np.float64)
        gradient += ((part[right] - mean) * weight[:, None]).sum(axis=0)
        root = np.sqrt(share * weight[:, None]).astype(np.float32)
        scaled = (part * root[:, :, None]).reshape(-1, size)
        curvature += scaled.T @ scaled
        curvature -= (mean * weight[:, None]).T @ mean
    return value, gradient, curvature


def _topics_left_out(
    compiled: Compiled, hashed: Floats, projected: Floats, residual: Floats
) -> Floats:
    """Class scores of the rows beyond the help center when their whole topic is unknown.

    The other rows are nan. By blocks: (1 - leverage of the block)⁻¹ · residual of the block.
    """
    owners = compiled.owners
    out = np.full(residual.shape, np.nan, np.float32)
    for owner in np.flatnonzero(owners.kinds == KINDS.index("beyond")):
        block = np.flatnonzero(owners.of_row == owner)
        leverage = projected[block] @ hashed[block].T
        out[block] = -np.linalg.solve(
            np.eye(len(block), dtype=np.float32) - leverage, residual[block]
        )
        out[block, owner] += 1
    return out


def _gate(
    compiled: Compiled, sample: Ints, features: Floats, weights: Floats, unseen: Floats
) -> Floats:
    owners = compiled.owners
    truth = owners.of_row[sample]
    strange = np.flatnonzero(~np.isnan(unseen[:, 0]))
    features = features.copy()
    features[strange, :, LEARNED] = unseen[strange]
    features[strange, :, LEARNED + 1] = kind_scores(owners, unseen[strange])
    evidence = features @ weights
    evidence[strange, truth[strange]] = -np.inf
    design = gate_features(owners, evidence, features).astype(np.float64)
    best = np.where(owners.kinds == FAQ, evidence, -np.inf).argmax(axis=1)
    right = (best == truth).astype(np.float64)
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
