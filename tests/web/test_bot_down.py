"""The bot down, slow or talking nonsense: search answers, and a human stays in reach."""

from __future__ import annotations

import time

import pytest

from tests.web.conftest import Customer
from web.assistant.client import FAILURES, Bot, BotDown

FAST = {"bot_timeout": 0.4}


def codes(answer):
    return [event["data"].get("code") for event in answer["events"] if event["type"] == "notice"]


def test_a_dead_bot_is_told_once_and_search_answers(bot, make):
    bot.close()
    customer = Customer(make().test_client())
    assert [event["type"] for event in customer.opened["events"]] == ["notice", "message"]
    answer = customer.say("扣了两次钱")
    (reply,) = answer["events"]
    assert reply["data"]["faq_id"] == "pay-duplicate"
    assert reply["data"]["format"] == "markdown"
    assert "{{" not in reply["data"]["text"]
    assert {"title": "转人工", "payload": "/human"} in reply["data"]["buttons"]


def test_nothing_fitting_still_offers_a_human(bot, make):
    bot.close()
    customer = Customer(make().test_client())
    (reply,) = customer.say("今天天气怎么样")["events"]
    assert reply["data"]["buttons"][-1]["payload"] == "/human"
    assert "faq_id" not in reply["data"]


@pytest.mark.parametrize(("text", "payload"), [("转人工", None), ("人工", "/human")])
def test_a_human_is_reached_without_the_bot(bot, make, text, payload):
    bot.close()
    customer = Customer(make().test_client())
    customer.say("付款失败了")
    answer = customer.say(text, payload)
    assert [event["type"] for event in answer["events"]] == ["escalated"]
    card = answer["events"][0]["data"]["card"]
    assert [asked["text"] for asked in card["asked"]] == ["付款失败了"]
    assert answer["state"]["owner"] == "queue"


def test_an_offered_faq_opens_without_the_bot(bot, make):
    bot.close()
    customer = Customer(make().test_client())
    (reply,) = customer.say("怎么退款", '/faq{"faq":"refund-how"}')["events"]
    assert reply["data"]["faq_id"] == "refund-how"


def test_a_slow_bot_is_not_waited_for(bot, make):
    customer = Customer(make(**FAST).test_client())
    bot.pause = 30
    started = time.monotonic()
    answer = customer.say("扣了两次钱")
    assert time.monotonic() - started < 10  # half a second on a machine of one's own
    assert codes(answer) == ["bot_down"]
    assert answer["events"][1]["data"]["faq_id"] == "pay-duplicate"


def test_a_dripping_answer_is_cut(bot, make):
    customer = Customer(make(**FAST).test_client())
    bot.drip = 5
    started = time.monotonic()
    assert codes(customer.say("扣了两次钱")) == ["bot_down"]
    assert time.monotonic() - started < 10  # all of it would come after half a minute


GARBAGE = [
    b"<html>",
    b"{}",
    b"null",
    b"",
    b"\xff\xfe",
    b"[" * 5000,
]


@pytest.mark.parametrize("answer", GARBAGE, ids=repr)
def test_an_unreadable_answer_counts_as_down(bot, make, answer):
    customer = Customer(make(**FAST).test_client())
    bot.replies = lambda body: answer
    assert codes(customer.say("扣了两次钱")) == ["bot_down"]


def test_a_bots_error_counts_as_down(bot, make):
    customer = Customer(make().test_client())
    bot.status = 500
    assert codes(customer.say("扣了两次钱")) == ["bot_down"]


def test_malformed_replies_are_left_out_and_the_rest_is_kept(bot, xiaolin):
    bot.replies = lambda body: [
        None, 5, "text", [], {"text": 7}, {"custom": []}, {"custom": {"answer": {"text": None}}},
        {"text": "a\u0000b\ud800c",
         "buttons": [None, {"title": 1}, {"title": "x", "payload": "/y"}]},
        {"custom": {"command": "escalate", "topic": {"a": 1}, "reason": "?", "urgent": "yes",
                    "card": {"tried": "all", "amount": 88.5, "problem": ["x"]}}},
        {"custom": {"command": "dance"}},
        {"custom": {"expects": "password"}},
    ]  # fmt: skip
    events = xiaolin.say("扣了两次钱")["events"]
    assert events[0]["data"] == {
        "text": "abc",
        "format": "text",
        "buttons": [{"title": "x", "payload": "/y"}],
    }
    assert events[1]["data"] == {
        "topic": None,
        "reason": "asked",
        "urgent": False,
        "card": {"amount": "88.5", "asked": []},
    }
    assert len(events) == 2


def test_the_bot_coming_back_is_noticed(bot, make):
    customer = Customer(make().test_client())
    bot.status = 500
    assert codes(customer.say("一")) == ["bot_down"]
    assert codes(customer.say("二")) == []
    bot.status = 200
    assert [event["data"]["text"] for event in customer.say("三")["events"]] == ["好的"]
    bot.status = 500
    assert codes(customer.say("四")) == ["bot_down"]


def test_after_failures_the_bot_is_left_alone_for_a_moment(bot):
    now = [0.0]
    client = Bot(bot.url, 1.0, clock=lambda: now[0])
    bot.status = 500
    for _ in range(FAILURES):
        with pytest.raises(BotDown):
            client.send("a", "b", {})
    asked = len(bot.asked)
    with pytest.raises(BotDown):
        client.send("a", "b", {})
    assert len(bot.asked) == asked
    now[0], bot.status = 60.0, 200
    assert client.send("a", "b", {}) == [{"text": "好的"}]
    client.close()


def test_a_message_in_the_bots_first_seconds_waits_for_its_answer(bot, make):
    bot.status = 503
    looks = []

    def looked():
        looks.append(bot.status)
        if len(looks) == 3:
            bot.status = 200

    bot.looked = looked
    customer = Customer(make().test_client())
    assert codes(customer.opened) == []
    (reply,) = customer.say("扣了两次钱")["events"]
    assert reply["data"]["text"] == "好的"


def test_a_bot_that_starts_too_slowly_is_waited_for_within_the_limit_alone(bot, make):
    bot.status = 503
    started = time.monotonic()
    customer = Customer(make(bot_timeout=1.0).test_client())
    assert codes(customer.opened) == ["bot_down"]
    assert time.monotonic() - started < 3


def test_a_bot_that_was_starting_is_not_left_alone_once_it_is_ready(bot):
    client = Bot(bot.url, 0.4)
    bot.status = 503
    for _ in range(FAILURES):
        with pytest.raises(BotDown):
            client.send("a", "b", {})
    bot.status = 200
    assert client.probe() == {"ok": True}
    assert client.send("a", "b", {}) == [{"text": "好的"}]
    client.close()


def test_the_probe_says_no_as_long_as_no_message_would_be_sent(bot):
    now = [0.0]
    client = Bot(bot.url, 1.0, clock=lambda: now[0])
    bot.status = 500
    for _ in range(FAILURES):
        with pytest.raises(BotDown):
            client.send("a", "b", {})
    bot.status = 200
    assert client.probe()["ok"] is False
    now[0] = 60.0
    assert client.probe() == {"ok": True}
    client.close()


def test_a_cry_for_help_is_answered_without_the_bot_and_a_person_called(bot, make):
    bot.close()
    customer = Customer(make().test_client())
    answer = customer.say("钱没了，我不想活了")
    said = [event for event in answer["events"] if event["type"] == "message"][-1]["data"]
    assert "12356" in said["text"]
    assert "faq_id" not in said
    escalated = next(event for event in answer["events"] if event["type"] == "escalated")
    assert escalated["data"]["urgent"] is True
    assert escalated["data"]["topic"] == "life"
