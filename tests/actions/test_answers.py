"""Answers outside of the flows, and what is said when none fits."""

from __future__ import annotations

from typing import Any

import pytest


def test_the_greeting_knows_the_name_and_offers_the_hot_topics(customer: Any) -> None:
    reply = customer.say("/start")
    assert "小林" in reply.text
    assert {"/pay_failed", "/refund", "/fraud", "/human"} <= set(reply.payloads)


def test_an_faq_without_flow_is_answered_in_full(customer: Any) -> None:
    reply = customer.say("怎么扫码支付")
    assert reply.faqs == ["scan-pay-how"]
    assert not reply.answers[0]["short"]
    assert [b["payload"] for b in reply.answers[0]["buttons"]] == [
        "/solved",
        "/unsolved",
        "/human",
    ]


def test_what_the_deployment_knows_is_filled_in(customer: Any) -> None:
    customer.world["variables"] = {"hotline": "400-000-0000"}
    text = customer.say('/faq{"faq": "contact-channels"}').answers[0]["text"]
    assert "400-000-0000" in text
    assert "{{" not in text


def test_an_urgent_faq_offers_a_human_at_once(customer: Any) -> None:
    reply = customer.say('/faq{"faq": "fraud-link"}')
    assert reply.answers[0]["buttons"][0]["payload"] == "/human"
    assert customer.say("/human").command("escalate")["urgent"]


@pytest.mark.parametrize("said", ["/solved", "解决了"])
def test_a_solved_answer_is_resolved_with_its_faq(customer: Any, said: str) -> None:
    assert customer.say("怎么扫码支付", said).command("resolve")["faq_id"] == "scan-pay-how"


@pytest.mark.parametrize("said", ["/unsolved", "没解决", "没用", "没有"])
def test_an_answer_that_did_not_help_leads_to_a_human(customer: Any, said: str) -> None:
    command = customer.say("怎么扫码支付", said).command("escalate")
    assert command["reason"] == "unsolved"
    assert command["card"]["problem"] == "怎么扫码支付"


def test_two_misses_in_a_row_offer_a_human_unasked(customer: Any) -> None:
    first = customer.say("天王盖地虎")
    assert first.command("miss") is not None
    second = customer.say("宝塔镇河妖")
    assert second.titles[0] == "好，转人工"
    assert customer.say("好").command("escalate")["reason"] == "missed"


def test_a_button_of_a_finished_flow_offers_to_start_again(customer: Any) -> None:
    customer.say("/pay_failed", "算了")
    reply = customer.say('/reply{"slot": "pay_network", "value": "done"}')
    assert "/pay_failed" in reply.payloads


def test_an_faq_that_is_gone_is_admitted(customer: Any) -> None:
    assert "/human" in customer.say('/faq{"faq": "gone"}').payloads


def test_details_by_themselves_are_noted(customer: Any) -> None:
    reply = customer.say("36元")
    assert reply.command("note")["card"] == {"amount": "36元"}
    assert reply.command("miss") is None


def test_a_secret_is_explained_before_anything_was_asked(customer: Any) -> None:
    reply = customer.say("密码是［已隐藏］")
    assert "自动隐藏" in reply.text
    assert not reply.faqs


def test_a_secret_beside_a_question_is_explained_and_the_question_answered(customer: Any) -> None:
    reply = customer.say("我把验证码［已隐藏］告诉别人了")
    assert "自动隐藏" in reply.text
    assert reply.faqs == ["fraud-code-leaked"]


def test_small_talk_takes_two_lines(customer: Any) -> None:
    assert customer.say("你是机器人吗").text.count("\n") == 1


def test_a_slash_typed_by_a_customer_is_no_command(customer: Any) -> None:
    reply = customer.say(" /solved")
    assert reply.command("resolve") is None
