"""How much the topic weighs in what a message means: kinship of FAQs, shares given the topic."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from dialogue.state import State
from dialogue.topics import Named
from search import Faq, Hit

# What an FAQ counts more for beside the topic, in logarithms of shares.
RELATED, SAME_OBJECT, SAME_FLOW, SAME_CATEGORY = 1.6, 1.4, 0.7, 0.4
# What an FAQ that the customer said they did not mean counts less.
REFUSED = 4.0
# From this share on, a message needs no topic to be understood.
PLAIN = 0.8


def akin(topic: Faq, faq: Faq) -> bool:
    """Say whether two FAQs belong together."""
    return kinship(topic, faq) >= SAME_OBJECT


def kinship(topic: Faq, faq: Faq) -> float:
    """Count how much two FAQs belong together, in logarithms of shares."""
    points = 0.0
    if faq.id in topic.related or topic.id in faq.related:
        points += RELATED
    if topic.object is not None and topic.object == faq.object:
        points += SAME_OBJECT
    if topic.flow is not None and topic.flow == faq.flow:
        points += SAME_FLOW
    if topic.category == faq.category:
        points += SAME_CATEGORY
    return points


def shares(
    find: Callable[[str], Faq | None],
    state: State,
    hits: Sequence[Hit],
    topic: Faq | None,
    named: Named,
) -> dict[str, float]:
    """Share a message's meaning among its hits, given what is talked about.

    A message that names another object owes the topic nothing.
    """
    if topic is None:
        return {hit.id: hit.score for hit in hits}
    elsewhere = bool(named.objects) and topic.object not in named.objects
    plain = bool(hits) and hits[0].score >= PLAIN  # a clear question never loses to the topic
    weight = 0.25 if elsewhere or plain else 1.0
    points: dict[str, float] = {}
    for hit in hits:
        faq = find(hit.id)
        if faq is None:
            continue
        bonus = 0.0 if faq.id == topic.id else kinship(topic, faq)
        if named.objects and faq.object in named.objects:
            bonus += SAME_OBJECT / max(weight, 0.5)
        if faq.id in state.refused:
            bonus -= REFUSED
        points[faq.id] = math.log(max(hit.score, 1e-6)) + weight * bonus
    total = math.log(sum(map(math.exp, points.values()))) if points else 0.0
    kept = sum(hit.score for hit in hits)
    return {faq_id: kept * math.exp(point - total) for faq_id, point in points.items()}
