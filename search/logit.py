"""A conditional logit: which of some candidates is the right one, by their features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.postings import Ints

Doubles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
MOST_STEPS = 40
SHORTEST = 1e-3  # of a full step
# What a step gains in likelihood for each row, below which no other is taken.
ENOUGH = 1e-4


@dataclass(frozen=True, slots=True)
class Logit:
    """Rows with their candidates.

    features: [rows, candidates, features]. blank: places without a candidate. right: the place of
    each row's right one. importance: what each row says. prior: what the weights are drawn
    towards, and penalty how strongly, in rows.
    """

    features: Doubles
    blank: npt.NDArray[np.bool_]
    right: Ints
    importance: Doubles
    prior: Doubles
    penalty: float

    def fit(self) -> Doubles:
        """Maximise the weighted log-likelihood of p(right | row) ∝ exp(features · weights)."""
        weights = self.prior
        value, gradient, curvature = self.likelihood(weights)
        for _ in range(MOST_STEPS):
            step = np.linalg.solve(curvature, gradient)
            length = 1.0
            while True:
                tried = self.likelihood(weights + length * step)
                if tried[0] > value or length < SHORTEST:
                    break
                length /= 2  # a full Newton step may overshoot
            gain = tried[0] - value
            weights = weights + length * step
            value, gradient, curvature = tried
            if gain < ENOUGH * len(self.features):
                break
        return weights

    def likelihood(self, weights: Doubles) -> tuple[float, Doubles, Doubles]:
        """Return the log-likelihood of weights, its gradient, and the negative of its curvature."""
        features, right, importance = self.features, self.right, self.importance
        evidence = features @ weights
        evidence[self.blank] = -np.inf
        share = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        rows = np.arange(len(features))
        away = weights - self.prior
        value = -0.5 * self.penalty * float(away @ away)
        value += float((np.log(np.maximum(share[rows, right], 1e-12)) * importance).sum())
        mean = np.einsum("rof,ro->rf", features, share)
        gradient = ((features[rows, right] - mean) * importance[:, None]).sum(axis=0)
        scaled = features * np.sqrt(share * importance[:, None])[:, :, None]
        flat = scaled.reshape(-1, len(weights))
        curvature = flat.T @ flat - (mean * importance[:, None]).T @ mean
        return (
            value,
            gradient - self.penalty * away,
            curvature + self.penalty * np.eye(len(weights)),
        )
