"""Questions put together by what they mean, whatever words each of them uses.

Two texts are as near as the groups of characters that they share, the rarer the more, and as an
encoder of sentences finds them. Both are measured in what is usual between a text and an article's
question, which by definition mean different things. Then the texts' views of all others count too:
给狗买保险 and 宠物险怎么赔 are near to the same ones. Parts are joined while all of one are near
to all of the other on average, so that no single row chains two of them; in the end each text goes
to the part that it is nearest to. Without an encoder single texts share too little for that: the
net of what they do share is cut where it is thin (nets.py).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from faq import nets
from learning.vectors import Encode

Floats = NDArray[np.float64]
# Turns texts into vectors of length 1.
LENGTHS = (1, 2, 3)  # characters of a group
SINGLE = 0.6  # what a single character weighs beside pairs and threes
USUAL = 300  # articles' questions that say what is usual
MOST = 6.0  # usual deviations: nearer by characters is the same wording, and says no more
BY_CHARACTERS = 0.2  # what they weigh beside the encoder
# What the texts' views of all others weigh, once there are enough to have views of.
VIEWS, WEIGHT, ENOUGH = 0.5, 3.0, 20
# Mean nearness down to which parts are joined, and down to which a text goes to a part.
JOINED, TAKEN = 1.0, 0.4
LEAST = 3  # texts that make a part which others go to
ROUNDS = 10
_FAR = -np.inf


def put_together(
    texts: Sequence[str], known: Sequence[str], encode: Encode | None = None
) -> list[list[int]]:
    """Return the texts' places by part, the largest part first; each text is in one.

    texts: in their bare form, each once. known: the articles' own questions, likewise. encode: an
    encoder of sentences; None does by characters alone.
    """
    if len(texts) < 2:
        return [[at] for at in range(len(texts))]
    some = known[:: max(1, len(known) // USUAL)]
    rows, others = _rows(texts, some, known)
    if encode is None:
        net = rows @ rows.T
        np.fill_diagonal(net, 0)
        parts = nets.parts_of(net)
    else:
        meant = np.asarray(encode([*texts, *some]), np.float64)
        meanings = _unusual(meant[: len(texts)], meant[len(texts) :])
        spelled = np.minimum(_unusual(rows, others), MOST)
        near = _with_views(BY_CHARACTERS * spelled + (1 - BY_CHARACTERS) * meanings)
        parts = _moved(near, _joined(near))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def groups(text: str) -> list[str]:
    """List a text's groups of characters."""
    return [text[at : at + n] for n in LENGTHS for at in range(len(text) - n + 1)]


def _rows(texts: Sequence[str], some: Sequence[str], known: Sequence[str]) -> tuple[Floats, Floats]:
    """Weigh the groups of characters of texts, and of some known ones: rows of length 1."""
    counted = [Counter(groups(text)) for text in (*texts, *some)]
    held = Counter(group for one in counted[: len(texts)] for group in one)
    held.update(group for text in known for group in set(groups(text)))
    total = len(texts) + len(known)
    shared = Counter(group for one in counted for group in one)
    places = {group: at for at, group in enumerate(g for g, n in shared.items() if n > 1)}
    rows = np.zeros((len(counted), max(1, len(places))), np.float64)
    lengths = np.zeros(len(counted))
    for at, one in enumerate(counted):
        for group, times in one.items():
            worth = times * math.log(1 + total / held[group])
            worth *= 1 if len(group) > 1 else SINGLE
            lengths[at] += worth * worth
            if group in places:
                rows[at, places[group]] = worth
    rows /= np.sqrt(np.maximum(lengths, 1e-9))[:, None]
    return rows[: len(texts)], rows[len(texts) :]


def _unusual(rows: Floats, others: Floats) -> Floats:
    """Compare rows with each other, in deviations from how they compare with others."""
    near = rows @ rows.T
    usual = rows @ others.T if len(others) else near[~np.eye(len(near), dtype=bool)]
    found: Floats = (near - usual.mean()) / max(float(usual.std()), 1e-3)
    return found


def _with_views(near: Floats) -> Floats:
    """Add how alike two texts see all others."""
    views = near.copy()
    np.fill_diagonal(views, 0)
    views -= views.mean(1, keepdims=True)
    views /= np.maximum(np.linalg.norm(views, axis=1, keepdims=True), 1e-9)
    share = VIEWS * min(1.0, len(near) / ENOUGH) if len(near) > 2 else 0.0
    found: Floats = (1 - share) * near + share * WEIGHT * (views @ views.T)
    return found


def _joined(near: Floats) -> list[list[int]]:
    """Join the nearest two parts while the mean between their texts is not below JOINED.

    A part and the one that is nearest to it are followed until two are each other's (Murtagh 1983):
    what that joins is what joining the nearest two of all would.
    """
    means = near.copy()
    np.fill_diagonal(means, _FAR)
    parts = {at: [at] for at in range(len(near))}
    whole: list[list[int]] = []
    chain: list[int] = []
    while parts:
        if not chain:
            chain = [next(iter(parts))]
        last = chain[-1]
        other = int(np.argmax(means[last]))
        if len(chain) > 1 and means[last, chain[-2]] >= means[last, other]:
            other = chain[-2]
        if means[last, other] < JOINED:  # its nearest is too far: it is whole
            chain.pop()
            means[last] = means[:, last] = _FAR
            whole.append(parts.pop(last))
            continue
        if len(chain) < 2 or other != chain[-2]:
            chain.append(other)
            continue
        del chain[-2:]
        kept, gone = len(parts[last]), len(parts[other])
        mean = (kept * means[last] + gone * means[other]) / (kept + gone)
        means[last] = means[:, last] = mean
        means[last, last] = _FAR
        means[other] = means[:, other] = _FAR
        parts[last] += parts.pop(other)
    return whole


def _moved(near: Floats, parts: list[list[int]]) -> list[list[int]]:
    """Move each text to the part that it is nearest to on average, until none moves."""
    near = near.copy()
    np.fill_diagonal(near, 0)
    places = np.arange(len(near))
    labels = np.zeros(len(near), np.intp)
    for label, part in enumerate(parts):
        labels[part] = label
    for _ in range(ROUNDS):
        belongs = np.zeros((len(near), int(labels.max()) + 1))
        belongs[places, labels] = 1
        sizes = belongs.sum(0)
        means = (near @ belongs) / np.maximum(sizes - belongs, 1)
        means[:, sizes < LEAST] = _FAR
        best = means.argmax(1)
        moves = means[places, best] > np.maximum(means[places, labels], TAKEN)
        if not moves.any():
            break
        labels = np.unique(np.where(moves, best, labels), return_inverse=True)[1]
    found: dict[int, list[int]] = {}
    for at, label in enumerate(labels.tolist()):
        found.setdefault(label, []).append(at)
    return list(found.values())
