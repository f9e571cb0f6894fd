"""Bootstrap intervals: what another draw of as many messages might have given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

DRAWS = 1000
SEED = 7
One = TypeVar("One")


def interval(
    values: Sequence[One], figure: Callable[[Sequence[One]], float]
) -> tuple[float, float, float]:
    """Return a figure of some values with its 95 % interval; the draws are seeded."""
    draw = np.random.default_rng(SEED)
    drawn = sorted(
        figure([values[at] for at in draw.integers(0, len(values), len(values)).tolist()])
        for _ in range(DRAWS)
    )
    return figure(values), drawn[int(DRAWS * 0.025)], drawn[int(DRAWS * 0.975)]


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
