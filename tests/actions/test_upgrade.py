"""Conversations that the bot remembers from when each flow had a form of its own go on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.tables import conversations
from tests.actions.conftest import Customer

# Rows of the bot's memory as that version wrote them.
KEPT = json.loads(Path(__file__).with_name("a_form_for_each_flow.json").read_text(encoding="utf-8"))


@pytest.fixture
def remembered(assistant: Any, new_customer: Callable[[], Customer]) -> Callable[[str], Customer]:
    def remember(name: str) -> Customer:
        customer = new_customer()
        row = {
            "id": customer.id,
            "state": json.dumps(KEPT[name]),
            "touched": dt.datetime.now(dt.timezone.utc).timestamp(),
        }
        with assistant.tracker_store._engine.begin() as connection:
            connection.execute(conversations.insert(), [row])
        return customer

    return remember


def test_a_step_that_was_asked_is_answered_and_what_was_said_is_kept(
    remembered: Callable[[str], Customer],
) -> None:
    customer = remembered("asked")
    assert customer.state == ("pay_failed_form", "pay_balance")
    reply = customer.say("余额够")
    assert customer.state == ("pay_failed_form", "pay_method")
    assert "卡过期或解绑了" in reply.titles
    card = customer.say("转人工").card
    assert (card["amount"], card["time"]) == ("128元", "昨天晚上八点")
    assert {entry["step"]: entry["result"] for entry in card["tried"]} == {
        "network": "done",
        "balance": "done",
    }


def test_a_button_of_before_the_upgrade_still_answers(
    remembered: Callable[[str], Customer],
) -> None:
    customer = remembered("asked")
    customer.say('/reply{"slot": "pay_balance", "value": "no"}')
    assert customer.state == ("pay_failed_form", "pay_retry")


def test_a_step_that_waited_quietly_is_still_waited_for(
    remembered: Callable[[str], Customer],
) -> None:
    customer = remembered("waiting")
    customer.say("质量问题")
    assert customer.state == ("refund_form", "refund_merchant")


def test_another_flow_starts_from_there(remembered: Callable[[str], Customer]) -> None:
    customer = remembered("waiting")
    customer.say("/pay_failed")
    assert customer.state == ("pay_failed_form", "pay_network")
