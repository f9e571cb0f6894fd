"""A net of texts, cut where it is thin.

Texts that share nothing still belong together where others link them, so the parts are those whose
inner links are more than chance (modularity; Blondel and others 2008), and each part again while
that holds clearly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Modularity from which a part is cut again, and texts below which it never is.
CLEAR, LEAST = 0.45, 12
# Mean nearness below which a part is a heap of odds and ends.
DENSE = 0.03
# A text this much less near to its part than the others there belongs to none.
LOOSE = 0.25
ROUNDS = 30


def parts_of(near: Floats) -> list[list[int]]:
    """Cut a net of texts, 0 to 1 near, into parts; each text is in one."""
    parts = [part for whole in _cut(near) for part in _split(near, whole)]
    return [one for part in parts for one in _tidied(near, part)]


def _cut(near: Floats) -> list[list[int]]:
    """Cut a net into the parts that hold together more than chance would have it."""
    parts = [[at] for at in range(len(near))]
    links = near.copy()
    while True:
        labels = _moved(links)
        names = sorted(set(labels))
        if len(names) == len(parts):
            return parts
        parts = [
            [one for at, label in enumerate(labels) if label == name for one in parts[at]]
            for name in names
        ]
        belongs = np.array([[label == name for label in labels] for name in names], np.float64)
        links = belongs @ links @ belongs.T


def _moved(links: Floats) -> list[int]:
    """Move each node to the part that it gains most by, until none gains."""
    count = len(links)
    labels = np.arange(count)
    degrees = links.sum(1)
    total = float(degrees.sum())
    if total <= 0:
        return [int(one) for one in labels]
    sums = degrees.copy()
    for _ in range(ROUNDS):
        still = True
        for node in range(count):
            mine = int(labels[node])
            sums[mine] -= degrees[node]
            to = np.bincount(labels, weights=links[node], minlength=count)
            to[mine] -= links[node, node]
            gain = to - degrees[node] * sums / total
            best = int(np.argmax(gain))
            if gain[best] <= gain[mine] + 1e-12:
                best = mine
            labels[node] = best
            sums[best] += degrees[node]
            still &= best == mine
        if still:
            break
    return [int(one) for one in labels]


def _split(near: Floats, part: list[int]) -> list[list[int]]:
    """Cut a part again where it is thin, or its own parts stand clearly apart."""
    if len(part) < 2:
        return [part]
    own = near[np.ix_(part, part)]
    thin = own.sum() / (len(part) * (len(part) - 1)) < DENSE
    if not thin and len(part) < LEAST:
        return [part]
    inner = _cut(own)
    if len(inner) == 1:
        return [[one] for one in part] if thin else [part]
    if not thin and _modularity(own, inner) < CLEAR:
        return [part]
    return [one for places in inner for one in _split(near, [part[at] for at in places])]


def _modularity(links: Floats, parts: list[list[int]]) -> float:
    degrees = links.sum(1)
    total = float(degrees.sum())
    if total <= 0:
        return 0.0
    found: Any = sum(
        links[np.ix_(part, part)].sum() / total - (degrees[part].sum() / total) ** 2
        for part in parts
    )
    return float(found)


def _tidied(near: Floats, part: list[int]) -> list[list[int]]:
    """Take out the texts that only hang on to a part."""
    if len(part) < 3:
        return [part] if len(part) < 2 or near[part[0], part[1]] > 0 else [[one] for one in part]
    inner = near[np.ix_(part, part)].sum(1) / (len(part) - 1)
    least = LOOSE * float(np.median(inner))
    loose = [part[at] for at in range(len(part)) if inner[at] < least]
    kept = [one for one in part if one not in loose]
    return [kept, *([one] for one in loose)] if kept else [[one] for one in loose]
