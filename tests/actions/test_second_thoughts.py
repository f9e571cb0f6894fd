"""What is said after an answer that missed, and opinions that are kept."""

from __future__ import annotations

from typing import Any


def faqs_offered(reply: Any) -> set[str]:
    return {payload for payload in reply.payloads if payload.startswith("/faq")}


def test_what_was_refused_is_not_offered_again(customer: Any) -> None:
    customer.say("怎么扫码支付")
    first = customer.say("不是这个")
    assert len(faqs_offered(first)) == 3
    assert first.command("reject")["faq_id"] == "scan-pay-how"
    second = customer.say("不是这个")
    assert faqs_offered(second) == set()
    assert second.text not in ("", first.text)
    assert "/human" in second.payloads


def test_an_opinion_that_is_announced_is_kept_when_it_comes(customer: Any) -> None:
    asked = customer.say("给你们提个意见")
    assert asked.text
    assert asked.command("feedback") is None
    kept = customer.say("字太小了看不清")
    assert kept.command("feedback")["text"] == "字太小了看不清"
    assert "记录下来" in kept.text
    assert "没法承诺" in kept.text
    assert customer.say("颜色也太淡了").command("feedback") is None  # one was announced
