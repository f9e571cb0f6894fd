"""Complaints are put together piece by piece."""

from __future__ import annotations

from typing import Any

PIECES = ["客服态度很差", "昨天下午", "电话里", "我打了三次", "希望道歉"]


def test_a_complaint_is_put_together_and_handed_over(customer: Any) -> None:
    customer.say("我要投诉", *PIECES)
    assert customer.state == ("complaint_form", "complaint_send")
    command = customer.say("转人工处理").command("escalate")
    assert command["topic"] == "complaint"
    for piece in ("客服态度很差", "电话里", "我打了三次", "希望道歉"):
        assert piece in command["card"]["problem"]
    assert command["card"]["time"] == "昨天下午"


def test_a_complaint_can_be_kept(customer: Any) -> None:
    reply = customer.say("我要投诉", *PIECES, "先留着")
    assert reply.command("escalate") is None
    assert "内容已经替您记在这次对话里" in reply.text
    assert reply.titles == ["转人工"]
    assert "希望道歉" in reply.command("note")["card"]["problem"]


def test_an_agents_manner_is_the_problem_already(customer: Any) -> None:
    customer.say("客服态度太差了")
    assert customer.state == ("complaint_form", "time")
    customer.say("昨天下午")
    assert customer.state == ("complaint_form", "complaint_place")  # and is not asked later on


def test_the_problem_stands_on_the_card_once(customer: Any) -> None:
    card = customer.say("客服态度太差了", "转人工").card
    assert card["problem"] == "客服态度太差了"
