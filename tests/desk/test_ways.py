"""Which way to a person is told to be the quickest, and what is promised of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.desk.conftest import Desk
from tests.desk.test_callbacks import book
from tests.desk.test_tickets import (
    HERE,
    HOURS,
    NIGHT,
)
from web.desk import (
    channels,
    conversations,
    estimates,
    progress,
    slots,
)
from web.desk.models import AgentSession, Conversation


def test_nothing_is_promised_without_chats_to_go_by(desk: Desk) -> None:
    with desk.database.read() as session:
        load = estimates.load(session, desk.now)
    assert (load.seats, load.minutes(1)) == (0, None)


def test_the_ways_are_compared_and_one_is_advised(desk: Desk) -> None:
    one = desk.open().conversation

    def ways(conversation: Conversation | None = None):
        with desk.database.read() as session:
            return channels.compare(
                session,
                conversation,
                HOURS,
                3,
                {"hotline": "400-000-0000"},
                desk.now,
                fast_lane=("fraud",),
            )

    desk.now = datetime(2026, 11, 23, 10, 0, tzinfo=HERE)
    told = ways(one)
    assert told["channels"]["chat"]["open"]
    assert told["channels"]["chat"]["place"] == 1
    assert told["channels"]["hotline"]["number"] == "400-000-0000"
    assert len(told["channels"]["callback"]["slots"]) == 3
    assert told["advice"] == "callback"  # nobody is at the desk
    with desk.database.write() as session:
        session.add(
            AgentSession(
                token_hash="x", agent_id=desk.anna.id, created_at=desk.now, seen_at=desk.now
            )
        )
    assert ways(one)["advice"] == "chat"
    desk.now = NIGHT
    told = ways()
    assert told["channels"]["chat"]["next_opening"] == "2026-11-22T01:00:00.000Z"
    assert told["advice"] == "callback"
    one.card = {"topic": "fraud"}
    assert ways(one)["advice"] == "urgent"


def test_a_booked_call_is_a_row_of_its_own_where_no_case_has_it(desk: Desk) -> None:
    one = desk.open().conversation
    booked = book(desk, one.id)
    with desk.database.read() as session:
        (row,) = progress.cases(session, conversations.find(session, one.id), HOURS, desk.now)
    assert (row["id"], row["state"]) == (f"callback-{booked.id}", "callback")
    assert row["next"]["code"] == "callback"


def test_a_slot_is_booked_some_time_before_it_begins_and_not_years_ahead() -> None:
    start = datetime(2026, 11, 23, 10, 0, tzinfo=HERE)
    assert slots.is_slot(HOURS, start, start - slots.LEAD)
    assert not slots.is_slot(HOURS, start, start - slots.LEAD + timedelta(seconds=1))
    assert slots.is_slot(HOURS, start, start - slots.HORIZON)
    assert not slots.is_slot(HOURS, start, start - slots.HORIZON - timedelta(seconds=1))
