"""Who comes back: a place in the queue that is taken again, a case that is rated and reopened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.desk.conftest import NOW, Desk
from tests.desk.test_tickets import (
    HOURS,
    escalate,
)
from web.desk import (
    assignments,
    cases,
    conversations,
    escalations,
    events,
    progress,
    queue,
    ratings,
)
from web.desk.errors import WrongState
from web.desk.events import CUSTOMER
from web.desk.models import Escalation


def test_a_place_is_taken_back_within_ten_minutes_and_not_later(desk: Desk) -> None:
    first = desk.open().conversation.id
    escalate(desk, first)
    desk.later(minutes=1)
    second = desk.open().conversation.id
    escalate(desk, second)
    desk.later(minutes=5)

    def leave_queue() -> None:
        with desk.database.write() as session:
            escalations.leave(session, first, CUSTOMER, desk.now)

    def come_back() -> None:
        with desk.database.write() as session:
            escalations.rejoin(session, first, CUSTOMER, desk.now)

    leave_queue()
    desk.later(minutes=9)
    come_back()
    with desk.database.read() as session:
        assert queue.place_of(session, conversations.find(session, first)) == 1
        assert session.query(Escalation).count() == 2
    leave_queue()
    desk.later(minutes=10)
    with pytest.raises(WrongState):
        come_back()


def test_a_closed_case_is_rated_once_and_reopened_for_seven_days(desk: Desk) -> None:
    one = desk.open().conversation.id

    def rate(score: int) -> None:
        with desk.database.write() as session:
            ratings.rate(session, one, score, "密码是 abc123", desk.now)

    with pytest.raises(WrongState):
        rate(5)
    for score in (5, 2):
        if score == 5:
            escalate(desk, one)
        with desk.database.write() as session:
            assignments.claim(session, one, desk.anna, desk.now)
        with pytest.raises(WrongState):
            rate(score)
        desk.later(minutes=3)
        with desk.database.write() as session:
            assignments.close(session, one, desk.anna, desk.now)
        desk.later(seconds=1)
        rate(score)
        with pytest.raises(WrongState):
            rate(score)
        if score == 5:
            desk.later(days=6)
            with desk.database.write() as session:
                event = escalations.reopen(session, one, CUSTOMER, desk.now)
            assert event.type == "reopened"
    with desk.database.read() as session:
        case = session.scalars(select(Escalation)).one()
        rated = [event for event in events.after(session, one, 0) if event.type == "rated"]
        (row,) = progress.cases(session, conversations.find(session, one), HOURS, desk.now)
    assert case.score == 2
    assert "abc123" not in rated[0].data["comment"]
    assert (row["state"], row["next"]["code"]) == ("closed", "reopen")
    desk.later(days=7)
    with desk.database.write() as session, pytest.raises(WrongState):
        escalations.reopen(session, one, CUSTOMER, desk.now)
    with desk.database.read() as session:
        (row,) = progress.cases(session, conversations.find(session, one), HOURS, desk.now)
    assert row["next"] == {"code": "none", "at": None}


def test_the_seventh_day_is_over_to_the_second() -> None:
    ended = Escalation(state="closed", ended_at=NOW)
    assert cases.may_reopen(ended, NOW + cases.REOPEN - timedelta(seconds=1))
    assert not cases.may_reopen(ended, NOW + cases.REOPEN)
