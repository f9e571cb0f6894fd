"""Questions put together by what they mean, whatever words each of them uses.

Two texts are as near as the groups of characters that they share, the rarer the more. Texts that
share nothing still belong together where others link them: 给狗买保险 and 宠物险怎么赔 by 宠物保险.
So the texts are a net, cut where it is thin: the parts whose inner links are more than chance
(modularity; Blondel and others 2008), and each part again while that holds clearly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LENGTHS = (1, 2, 3)  # characters of a group
SINGLE = 0.6  # what a single character weighs beside pairs and threes
# Modularity from which a part is cut again, and texts below which it never is.
CLEAR, LEAST = 0.45, 12
# Mean nearness below which a part is a heap of odds and ends.
DENSE = 0.03
# A text this much less near to its part than the others there belongs to none.
LOOSE = 0.25
ROUNDS = 30


def put_together(texts: Sequence[str], known: Sequence[str]) -> list[list[int]]:
    """Return the texts' places by part, the largest part first; each text is in one.

    texts: in their bare form, each once. known: other texts, by which common words are told.
    """
    if not texts:
        return []
    near = _nearness(texts, known)
    parts = [part for whole in _cut(near) for part in _split(near, whole)]
    found: list[list[int]] = []
    for part in parts:
        found += _tidied(near, part)
    return sorted(found, key=lambda part: (-len(part), part[0]))


def groups(text: str) -> list[str]:
    """List a text's groups of characters."""
    return [text[at : at + n] for n in LENGTHS for at in range(len(text) - n + 1)]


def _nearness(texts: Sequence[str], known: Sequence[str]) -> Floats:
    """Return how near each two texts are, 0 to 1; shape (texts, texts), nothing to itself."""
    counted = [Counter(groups(text)) for text in texts]
    held = Counter(group for one in counted for group in one)
    held.update(group for text in known for group in set(groups(text)))
    total = len(texts) + len(known)
    shared = Counter(group for one in counted for group in one)
    places = {group: at for at, group in enumerate(g for g, n in shared.items() if n > 1)}
    rows = np.zeros((len(texts), max(1, len(places))), np.float32)
    norms = np.zeros(len(texts), np.float64)
    for at, one in enumerate(counted):
        for group, times in one.items():
            worth = times * math.log(1 + total / held[group])
            worth *= 1 if len(group) > 1 else SINGLE
            norms[at] += worth * worth
            if group in places:
                rows[at, places[group]] = worth
    rows /= np.sqrt(np.maximum(norms, 1e-9)).astype(np.float32)[:, None]
    near: Floats = (rows @ rows.T).astype(np.float64)
    np.fill_diagonal(near, 0)
    return near


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
