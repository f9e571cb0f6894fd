"""A customer who is gone holds no seat for ever: a word first, then the case is closed."""

from __future__ import annotations

import pytest

from tests.desk.conftest import Desk
from web.desk import (
    assignments,
    calls,
    conversations,
    escalations,
    events,
    idle,
    marks,
    queue,
    video,
)
from web.desk.errors import WrongState
from web.desk.events import BOT
from web.realtime.bus import Bus
from web.watch import end_idle


@pytest.fixture
def had(desk: Desk) -> str:
    """A conversation that 安娜 has and in which she has just spoken."""
    return begun(desk)


def begun(desk: Desk, *, topic: str = "refund", urgent: bool = False) -> str:
    one = desk.open().conversation.id
    with desk.database.write() as session:
        escalations.escalate(
            session, one, BOT, desk.now, topic=topic, reason="asked", urgent=urgent, card={}
        )
        assignments.claim(session, one, desk.anna, desk.now)
    speak(desk, one)
    return one


def speak(desk: Desk, one: str) -> None:
    with desk.database.write() as session:
        number = f"said-{desk.now:%d%H%M%S}"
        conversations.post_as_agent(session, one, desk.anna, number, "请看一下", desk.now)


def told(desk: Desk, one: str) -> list[tuple[str, str | None]]:
    with desk.database.read() as session:
        found = events.after(session, one, 0, staff=True)
    return [(event.type, event.data.get("code") or event.data.get("reason")) for event in found]


def look(desk: Desk) -> list[str]:
    return end_idle(desk.database, Bus(), desk.now)


def test_who_does_not_see_the_agents_words_is_asked_and_then_the_seat_is_free(
    desk: Desk, had: str
) -> None:
    desk.later(minutes=9)
    assert look(desk) == []
    desk.later(minutes=1)
    assert look(desk) == [had]
    assert told(desk, had)[-1] == ("notice", "still_there")
    desk.later(minutes=9)
    assert look(desk) == []
    desk.later(minutes=1)
    assert look(desk) == [had]
    assert told(desk, had)[-1] == ("closed", "idle")
    with desk.database.read() as session:
        conversation = conversations.find(session, had)
        assert queue.state(session, conversation, desk.now)["owner"] == "bot"
    assert look(desk) == []


def test_an_answer_or_the_agents_next_words_begin_it_anew(desk: Desk, had: str) -> None:
    desk.later(minutes=10)
    look(desk)
    with desk.database.write() as session:
        conversations.post(session, had, "said-back", "我在，刚才接电话", desk.now)
    desk.later(minutes=60)
    assert look(desk) == [], "now the agent owes an answer"
    speak(desk, had)
    desk.later(minutes=9)
    assert look(desk) == []


def test_who_has_seen_the_words_has_longer(desk: Desk, had: str) -> None:
    with desk.database.write() as session:
        last = conversations.find(session, had).last_event
        marks.read_by_customer(session, had, last)
    desk.later(minutes=29)
    assert look(desk) == []
    desk.later(minutes=1)
    assert look(desk) == [had]


def test_a_life_in_danger_and_a_call_are_left_alone(desk: Desk, had: str) -> None:
    life = begun(desk, topic="life", urgent=True)
    with desk.database.write() as session:
        call = video.request(session, had, "video", [desk.anna.id], desk.now)
        video.accept(session, call.id, desk.anna, desk.now)
    desk.later(minutes=40)
    assert look(desk) == []
    with desk.database.write() as session, pytest.raises(WrongState):
        idle.end(session, life, desk.now)
    with desk.database.read() as session:
        assert calls.current(session, had) is not None
