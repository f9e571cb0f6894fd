"""The floor as a lead sees it: who waits, since when who is there, what is late, what alarms."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.desk.conftest import Desk
from web.desk import assignments, attendance, conversations, escalations, tickets
from web.desk.events import BOT, CUSTOMER
from web.desk.hours import Hours
from web.desk.measures import floor
from web.desk.measures.goals import BadGoals, Goals
from web.desk.models import AgentSession

ALWAYS = Hours(
    ZoneInfo("Asia/Shanghai"), {"chat": (((0, 1440),),) * 7}, frozenset(), ((),) * 7, ((),) * 7
)
NEVER = Hours(ALWAYS.zone, {}, frozenset(), ((),) * 7, ((),) * 7)
GOALS = Goals(answer_seconds=60, urgent_wait_seconds=60, wait_seconds=300)


def wait(desk: Desk, topic: str | None = None, *, urgent: bool = False) -> str:
    one = desk.open().conversation.id
    with desk.database.write() as session:
        escalations.escalate(
            session, one, BOT, desk.now, topic=topic, reason="asked", urgent=urgent, card={}
        )
    return one


def sit_down(desk: Desk, name: str = "anna") -> None:
    """Sign an agent in, whose console beats for the first time."""
    agent = desk.anna if name == "anna" else desk.zhou
    long_ago = desk.now - timedelta(hours=1)
    with desk.database.write() as session:
        session.add(
            AgentSession(token_hash=name, agent_id=agent.id, created_at=long_ago, seen_at=long_ago)
        )
    beat(desk, name)


def beat(desk: Desk, *names: str) -> None:
    for name in names:
        with desk.database.write() as session:
            attendance.here(session, name, desk.now)


def look(desk: Desk, hours: Hours = ALWAYS) -> floor.Floor:
    with desk.database.read() as session:
        return floor.look(session, desk.now, GOALS, hours)


def say(desk: Desk, one: str) -> None:
    with desk.database.write() as session:
        conversations.post_as_agent(session, one, desk.anna, f"hello-{one}"[:20], "您好", desk.now)


def test_an_empty_floor_in_hours_alarms_that_nobody_is_there(desk: Desk) -> None:
    seen = look(desk)
    assert (seen.waiting, seen.free, seen.online, seen.answers.share) == (0, 0, 0, None)
    assert seen.alarms == (floor.Alarm("nobody"),)
    assert look(desk, NEVER).alarms == ()


def test_who_waits_is_grouped_by_urgency_and_a_long_wait_alarms(desk: Desk) -> None:
    sit_down(desk)
    wait(desk, "refund")
    desk.later(seconds=250)
    wait(desk, "fraud", urgent=True)
    wait(desk, "life", urgent=True)
    desk.later(seconds=59)
    beat(desk, "anna")
    seen = look(desk)
    assert [(one.kind, one.count, one.longest, one.late) for one in seen.groups] == [
        ("life", 1, 59, 0),
        ("urgent", 1, 59, 0),
        ("other", 1, 309, 1),
    ]
    assert [(one.topic, one.life, one.late) for one in seen.longest] == [
        ("life", True, False),
        ("fraud", False, False),
        ("refund", False, True),
    ]
    assert seen.alarms == (floor.Alarm("life", 1), floor.Alarm("wait", 1))


def test_agents_stand_with_their_chats_and_since_when_they_are_so(desk: Desk) -> None:
    sit_down(desk)
    came = desk.now
    one = wait(desk)
    desk.later(minutes=10)
    beat(desk, "anna")
    desk.later(seconds=20)
    beat(desk, "anna")
    with desk.database.write() as session:
        assignments.claim(session, one, desk.anna, desk.now)
    desk.later(seconds=20)
    seen = look(desk)
    anna, zhou = seen.people
    assert (anna.name, anna.status, anna.chats, anna.max_chats, anna.oldest, anna.today) == (
        "安娜", "online", 1, 4, 20, 1,
    )  # fmt: skip
    assert (zhou.name, zhou.status, zhou.since) == ("老周", "offline", None)
    assert (seen.seats, seen.free) == (4, 3)
    # A beat after a gap begins a new stay; one in time leaves the old one.
    assert anna.since == came + timedelta(minutes=10)
    gone = desk.later(seconds=3)
    with desk.database.write() as session:
        attendance.settle(session, desk.anna.id, status="away", now=gone)
        attendance.settle(session, desk.anna.id, status="away", now=gone + timedelta(seconds=9))
    assert (look(desk).people[0].status, look(desk).people[0].since) == ("away", gone)


def test_the_days_answers_count_from_joining_to_a_persons_first_words(desk: Desk) -> None:
    sit_down(desk)
    for seconds in (20, 40, 100):
        one = wait(desk)
        desk.later(seconds=seconds / 2)
        with desk.database.write() as session:
            assignments.claim(session, one, desk.anna, desk.now)
        desk.later(seconds=seconds / 2)
        say(desk, one)
        with desk.database.write() as session:
            assignments.close(session, one, desk.anna, desk.now)
    silent = wait(desk)
    with desk.database.write() as session:
        assignments.claim(session, silent, desk.anna, desk.now)
    answers = look(desk).answers
    assert (answers.count, answers.within, answers.none) == (3, 2, 1)
    assert answers.share == 50
    assert [round(part or 0) for part in (answers.median, answers.p80, answers.p95)] == [
        40, 100, 100,
    ]  # fmt: skip
    desk.later(days=1)
    assert look(desk).answers.share is None


def test_messages_that_nobody_took_up_are_counted_and_late_after_a_day(desk: Desk) -> None:
    one = desk.open().conversation.id
    with desk.database.write() as session:
        wish = tickets.Wish(text="退款没到", client_id="ticket-0001", email=None)
        tickets.leave_message(session, one, wish, CUSTOMER, ALWAYS, desk.now)
    assert look(desk).tickets == floor.Owed(open=1, due=1, late=0, free=1)
    desk.later(hours=25)
    assert look(desk).tickets == floor.Owed(open=1, due=1, late=1, free=1)


def test_goals_that_cannot_be_are_refused_with_their_name() -> None:
    with pytest.raises(BadGoals, match="answer_share: 101 is no whole number from 1 to 100"):
        Goals.of({"answer_share": 101})
    with pytest.raises(BadGoals, match="no goal is named speed"):
        Goals.of({"speed": 1})
    assert Goals.of({"wait_seconds": 120}).wait_seconds == 120
