"""The similar-question helper: what customers really asked that is near an FAQ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from faq.questions import bare_of

NEAR = 50  # rapidfuzz ratio from which a question counts as near
SURELY = 65  # the same for one that another FAQ answers
SHOWN = 15
LONGEST = 60  # characters; a story is no similar question


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A customer's question, how often it was asked, and how near it is (0 to 100)."""

    text: str
    times: int
    near: int
    faq_id: str | None


def neighbours(
    own: Iterable[str],
    asked: Iterable[tuple[str, str | None]],
    faq_id: str,
    normalise: Callable[[str], str],
) -> list[Neighbour]:
    """Find questions near an FAQ that it does not list yet.

    own: its question and similar ones. asked: (text, FAQ that answered) of customers.
    """
    listed = {bare_of(normalise(text)) for text in own}
    times: dict[str, int] = {}
    first: dict[str, tuple[str, str | None]] = {}
    for text, answered in asked:
        bare = bare_of(normalise(text))
        if bare in listed or not 2 <= len(bare) <= LONGEST:
            continue
        times[bare] = times.get(bare, 0) + 1
        first.setdefault(bare, (text, answered))
    if not first or not listed:
        return []
    scores = process.cdist(list(first), list(listed), scorer=fuzz.ratio, dtype=np.uint8).max(axis=1)
    found = [
        Neighbour(text, times[bare], int(score), answered)
        for (bare, (text, answered)), score in zip(first.items(), scores, strict=True)
        if answered == faq_id or score >= (NEAR if answered is None else SURELY)
    ]
    found.sort(key=lambda item: (-item.near - 5 * min(item.times, 5), item.text))
    return found[:SHOWN]
