"""Answers left owed: who gives them, when, and what the bot is told of those it gave too late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.web.conftest import Customer
from web.assistant import owed
from web.assistant.turn import ATTEMPTS_WITH_BOT, MOST_ATTEMPTS
from web.desk import turns
from web.desk.models import Conversation, Event, Turn
from web.services import utc_now


@pytest.fixture(autouse=True)
def by_hand(monkeypatch) -> None:
    monkeypatch.setattr("web.parts.OWED", 3600.0)


@pytest.fixture
def parts(app):
    return app.extensions["services"]


def leave_owed(parts, customer, text: str) -> int:
    """Store a message as a process does that dies before it asks the bot; returns its number."""
    from web.desk import conversations

    with parts.database.write() as session:
        now = utc_now()
        return conversations.post(session, customer.id, f"id-{text}", text, now).message.id


def sweep(parts, **later: float) -> int:
    return owed.sweep(parts.database, parts.assistant, utc_now() + timedelta(**later))


def state(parts, customer, number: int) -> str:
    with parts.database.read() as session:
        return session.get(Turn, (customer.id, number)).state


def answers(customer, number: int) -> list[str]:
    events = customer.read()["events"]
    return [event["data"].get("text") for event in events if event["cause"] == number]


def begun_long_ago(parts, customer, attempts: int = 1) -> None:
    with parts.database.write() as session:
        session.execute(
            update(Turn)
            .where(Turn.conversation_id == customer.id, Turn.state == "pending")
            .values(started_at=turns.LONG_AGO, attempts=attempts)
        )


def test_an_answer_is_left_to_its_taker_for_a_while_and_then_given_once(bot, parts, xiaolin):
    number = leave_owed(parts, xiaolin, "扣了两次钱")
    assert sweep(parts) == 0
    begun_long_ago(parts, xiaolin)
    assert sweep(parts, seconds=2) == 1
    assert answers(xiaolin, number) == ["好的"]
    assert sweep(parts, minutes=1) == 0
    assert bot.messages().count("扣了两次钱") == 1
    assert bot.asked[-1]["event"] == number


def test_a_clock_that_was_set_back_keeps_nobody_waiting(parts, xiaolin):
    number = leave_owed(parts, xiaolin, "扣了两次钱")
    with parts.database.write() as session:
        session.execute(update(Turn).values(started_at=utc_now() + timedelta(days=1)))
    assert sweep(parts) == 1
    assert answers(xiaolin, number) == ["好的"]


def test_answers_come_in_the_order_of_the_messages(bot, parts, xiaolin):
    numbers = [leave_owed(parts, xiaolin, text) for text in ("一", "二", "三")]
    begun_long_ago(parts, xiaolin)
    assert sweep(parts) == 3
    assert bot.messages()[-3:] == ["一", "二", "三"]
    events = xiaolin.read()["events"]
    assert [event["cause"] for event in events if event["cause"]] == numbers


def test_an_answer_owed_to_somebody_who_is_with_a_person_by_now_ends_quietly(bot, parts, xiaolin):
    number = leave_owed(parts, xiaolin, "扣了两次钱")
    with parts.database.write() as session:
        session.execute(update(Conversation).values(owner="agent"))
    before = xiaolin.read()["events"]
    begun_long_ago(parts, xiaolin)
    assert sweep(parts) == 1
    assert xiaolin.read()["events"] == before
    assert state(parts, xiaolin, number) != "pending"


def test_a_turn_that_cannot_be_finished_is_tried_without_the_bot_and_then_given_up(
    bot, parts, xiaolin
):
    number = leave_owed(parts, xiaolin, "扣了两次钱")
    asked = len(bot.asked)
    begun_long_ago(parts, xiaolin, attempts=ATTEMPTS_WITH_BOT)
    assert sweep(parts) == 1
    assert len(bot.asked) == asked
    assert state(parts, xiaolin, number) == "covered"
    assert len(answers(xiaolin, number)) == 2  # the notice, and what search found

    number = leave_owed(parts, xiaolin, "怎么退款")
    begun_long_ago(parts, xiaolin, attempts=MOST_ATTEMPTS)
    sweep(parts, seconds=2)
    assert state(parts, xiaolin, number) == "failed"
    assert sweep(parts, minutes=5) == 0


def test_a_process_that_stops_takes_nothing_over(parts, xiaolin):
    leave_owed(parts, xiaolin, "扣了两次钱")
    begun_long_ago(parts, xiaolin)
    parts.assistant.stop_taking()
    assert sweep(parts) == 0


def test_the_bot_is_told_which_answers_came_too_late(bot, make):
    xiaolin = Customer(make(bot_timeout=2).test_client())
    heard = xiaolin.say("扣了两次钱")["message"]["id"]
    assert bot.asked[-1]["unheard"] == []
    bot.pause = 3
    late = xiaolin.say("怎么退款")["message"]["id"]
    bot.pause = 0.0
    xiaolin.say("还在吗")
    assert (bot.asked[-1]["unheard"], heard < late) == ([late], True)
    xiaolin.say("在的")
    assert bot.asked[-1]["unheard"] == []


def test_the_report_takes_the_ranking_from_the_bot(bot, app, xiaolin, monkeypatch):
    from web.desk.asked import Asked

    def never(*_: object) -> None:
        raise AssertionError("ranked a second time")

    monkeypatch.setattr(app.extensions["services"].assistant._fallback, "rank", never)
    understood = {"band": "answer", "confidence": 0.93, "topic": None, "faq": "pay-duplicate"}
    bot.replies = lambda body: [
        {"custom": {"answer": {"faq_id": "pay-duplicate", "text": "先核对"}}},
        {"custom": {"understood": understood}},
    ]
    xiaolin.say("扣了两次钱")
    bot.replies = lambda body: [{"text": "好的"}, {"custom": {"understood": None}}]
    xiaolin.say("128元")
    with app.extensions["database"].read() as session:
        (row,) = session.scalars(select(Asked))
    assert (row.text, row.band, row.confidence, row.faq_id, row.outcome) == (
        "扣了两次钱", "answer", 0.93, "pay-duplicate", "answer",
    )  # fmt: skip


def test_what_is_owed_is_counted_with_its_age(parts, xiaolin):
    leave_owed(parts, xiaolin, "扣了两次钱")
    begun_long_ago(parts, xiaolin)
    with parts.database.read() as session:
        count, since = turns.owed(session)
        at = session.scalars(select(Event.at).order_by(Event.id.desc()).limit(1)).one()
    assert (count, since) == (1, at)
