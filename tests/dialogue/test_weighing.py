"""The topic weighs in what a message means, and never so much that a clear question loses."""

from __future__ import annotations

import pytest

from actions import knowledge
from dialogue import weighing
from dialogue.state import State
from search import Hit


def first(topic: str, hits: dict[str, float], **state: object) -> str:
    faq = knowledge.find(topic)
    found = weighing.shares(
        knowledge.find,
        State(topic=topic, given={topic: ["whole"]}, **state),  # type: ignore[arg-type]
        [Hit(faq_id, score, "", "", "") for faq_id, score in hits.items()],
        faq,
    )
    assert sum(found.values()) == pytest.approx(sum(hits.values()))
    return max(found, key=lambda faq_id: found[faq_id])


def test_what_says_little_of_its_own_stays_with_the_topic() -> None:
    hits = {"response-time": 0.4, "withdraw-how": 0.25, "refund-time": 0.2}
    assert first("withdraw-how", hits) == "withdraw-how"


def test_a_clear_question_leaves_the_topic() -> None:
    assert first("withdraw-how", {"invoice-how": 0.97, "withdraw-how": 0.002}) == "invoice-how"


def test_of_two_that_are_near_the_one_related_to_the_topic_is_meant() -> None:
    hits = {"phone-busy": 0.45, "fee-withdraw": 0.4}
    assert first("withdraw-how", hits) == "fee-withdraw"


def test_what_was_asked_beside_is_meant_before_what_was_not() -> None:
    hits = {"sms-code-missing": 0.5, "notify-settings": 0.3}
    assert first("refund-how", hits) == "sms-code-missing"
    assert first("refund-how", hits, aside=["notify-settings"]) == "notify-settings"


def test_what_the_customer_did_not_mean_is_not_offered_first_again() -> None:
    hits = {"phone-busy": 0.6, "response-time": 0.3}
    assert first("chat-how", hits, refused=["phone-busy"]) == "response-time"
