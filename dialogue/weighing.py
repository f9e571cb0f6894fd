"""How much the topic weighs in what a message means: kinship of FAQs, shares given the topic."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Sequence
from typing import NamedTuple

from dialogue.state import State
from search import Faq, Hit


class Evidence(NamedTuple):
    """What speaks for an FAQ while another, or itself, is talked about.

    ranked: the logarithm of its share in the ranking; the others are 1 where they hold, else 0.
    """

    ranked: float
    related: float
    same_object: float
    same_flow: float
    same_category: float
    itself: float
    given: float


# What each counts, in logarithms of shares: learned from written dialogues by
# `python -m benchmarks.topic_weights`, which prints them.
WEIGHTS = Evidence(0.59, 0.68, 0.39, 0.19, 0.38, 1.56, 1.62)
# What an FAQ counts more for that was asked for beside another and not answered yet.
ASIDE = 1.6
# What an FAQ that the customer said they did not mean counts less.
REFUSED = 4.0


def akin(topic: Faq, faq: Faq) -> bool:
    """Say whether two FAQs belong together."""
    same = topic.object is not None and topic.object == faq.object
    return same or faq.id in topic.related or topic.id in faq.related


def evidence(topic: Faq, faq: Faq, score: float, given: Container[str]) -> Evidence:
    """List what speaks for an FAQ. score: its share in the ranking. given: FAQs answered so far."""
    other = faq.id != topic.id
    return Evidence(
        math.log(max(score, 1e-6)),
        float(other and (faq.id in topic.related or topic.id in faq.related)),
        float(other and topic.object is not None and topic.object == faq.object),
        float(other and topic.flow is not None and topic.flow == faq.flow),
        float(other and topic.category == faq.category),
        float(not other),
        float(faq.id in given),
    )


def shares(
    find: Callable[[str], Faq | None], state: State, hits: Sequence[Hit], topic: Faq | None
) -> dict[str, float]:
    """Share a message's meaning among its hits, given what is talked about."""
    if topic is None:
        return {hit.id: hit.score for hit in hits}
    points: dict[str, float] = {}
    for hit in hits:
        faq = find(hit.id)
        if faq is None:
            continue
        found = evidence(topic, faq, hit.score, state.given)
        points[faq.id] = sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))
        if faq.id in state.aside:
            points[faq.id] += ASIDE
        if faq.id in state.refused:
            points[faq.id] -= REFUSED
    total = math.log(sum(map(math.exp, points.values()))) if points else 0.0
    kept = sum(hit.score for hit in hits)
    return {faq_id: kept * math.exp(point - total) for faq_id, point in points.items()}
