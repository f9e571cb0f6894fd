"""What the bot says to somebody who waits for a person, and what it leaves to that person."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def waiting(customer: Any) -> Any:
    customer.say("付不了款", "转人工")
    customer.world["waiting"] = {"place": 2, "minutes": [3, 5], "agents": 1, "urgent": False}
    return customer


@pytest.mark.parametrize("said", ["还要多久", "要等多长时间啊"])
def test_how_long_it_takes_is_told_by_place_and_minutes(waiting: Any, said: str) -> None:
    reply = waiting.say(said)
    assert "第 2 位" in reply.text
    assert "3–5" in reply.text
    assert reply.command("escalate") is None


def test_a_question_is_answered_and_the_place_kept(waiting: Any) -> None:
    reply = waiting.say("怎么修改密码")
    assert reply.faqs == ["password-change"]
    assert reply.command("leave") is None


def test_what_is_told_meanwhile_is_kept_for_the_agent(waiting: Any) -> None:
    reply = waiting.say("昨天下午三点付的，36元")
    assert (reply.card["time"], reply.card["amount"]) == ("昨天下午三点", "36元")
    assert reply.text
    assert reply.command("miss") is None


def test_what_nobody_understands_is_kept_for_the_agent_too(waiting: Any) -> None:
    reply = waiting.say("我家的那个不太一样嘛")
    assert "我家的那个不太一样嘛" in reply.card["problem"]
    assert reply.text


def test_asking_for_a_human_again_tells_the_place(waiting: Any) -> None:
    reply = waiting.say("转人工")
    assert "2" in reply.text
    assert reply.command("escalate") is None


def test_who_does_not_want_to_wait_goes_on_with_the_bot(waiting: Any) -> None:
    reply = waiting.say("算了我问机器人吧")
    assert reply.command("leave") is not None
    del waiting.world["waiting"]
    assert waiting.say("怎么修改密码").faqs == ["password-change"]
