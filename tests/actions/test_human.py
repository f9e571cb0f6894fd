"""To a human and back."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "wish", ["人工", "转人工", "真人", "找人", "轉人工", "活人", "/human", "我要投诉不如直接转人工"]
)
def test_a_human_is_there_at_once_when_nothing_was_said_yet(customer: Any, wish: str) -> None:
    command = customer.say(wish).command("escalate")
    assert command["reason"] == "asked"


def test_declining_a_human_is_not_asking_for_one(customer: Any) -> None:
    assert customer.say("先不转人工").command("escalate") is None


def test_the_wish_for_a_human_keeps_what_it_says_besides(customer: Any) -> None:
    card = customer.say("昨天扣了我36元，订单没有，快转人工").card
    assert card["amount"] == "36元"
    assert card["time"] == "昨天"
    assert "订单没有" in card["problem"]


def test_the_queue_is_told(customer: Any) -> None:
    customer.world["queue"] = {"waiting": 3}
    assert "3 位" in customer.say("转人工").text


def test_out_of_hours_is_said(customer: Any) -> None:
    customer.world["open"] = {"chat": False}
    customer.world["variables"] = {"chat_hours": "9:00–18:00"}
    reply = customer.say("转人工")
    assert "9:00–18:00" in reply.text
    assert reply.command("escalate") is not None


def test_asking_again_keeps_the_card(customer: Any) -> None:
    first = customer.say("付不了款", "付了36元", "转人工").card
    assert customer.say("人工呢").card == first


def test_what_is_said_while_waiting_is_noted(customer: Any) -> None:
    customer.say("付不了款", "转人工")
    assert customer.say("金额36元").command("note")["card"]["amount"] == "36元"


def test_after_a_human_the_bot_asks_whether_it_is_solved(customer: Any) -> None:
    customer.say("付不了款", "转人工")
    reply = customer.say("/human_left")
    assert {"/solved", "/unsolved"} <= set(reply.payloads)
    assert customer.say("解决了").command("resolve")["topic"] == "pay_failed"


def test_not_solved_after_a_human_goes_back_with_the_same_card(customer: Any) -> None:
    customer.say("付不了款", "付了36元", "转人工", "/human_left")
    assert customer.say("没有").command("escalate")["card"]["amount"] == "36元"


def test_the_next_case_starts_with_an_empty_card(customer: Any) -> None:
    customer.say("付不了款", "付了36元", "解决了")
    assert "amount" not in customer.say("怎么申请退款").card


def test_a_flow_starts_afresh_the_second_time(customer: Any) -> None:
    customer.say("付不了款", "网络没问题", "算了", "付不了款")
    assert customer.state == ("pay_failed_form", "pay_network")
