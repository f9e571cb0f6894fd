"""Times that are told to who waits: from real waits, with nobody there said as such, and kept."""

from __future__ import annotations

import heapq
import random
from datetime import timedelta

from tests.desk.conftest import NOW, Desk
from web.desk import assignments, conversations, escalations, estimates, queue
from web.desk.estimates import Load
from web.desk.events import BOT
from web.desk.models import AgentSession


def wait(desk: Desk) -> str:
    one = desk.open().conversation.id
    with desk.database.write() as session:
        escalations.escalate(
            session, one, BOT, desk.now, topic=None, reason="asked", urgent=False, card={}
        )
    return one


def claim(desk: Desk, one: str) -> None:
    with desk.database.write() as session:
        assignments.claim(session, one, desk.anna, desk.now)
        assignments.close(session, one, desk.anna, desk.now)


def arrive(desk: Desk) -> None:
    """安娜 comes to her desk."""
    with desk.database.write() as session:
        session.add(
            AgentSession(
                token_hash="x", agent_id=desk.anna.id, created_at=desk.now,
                seen_at=desk.now + timedelta(days=1),
            )
        )  # fmt: skip


def told(desk: Desk, one: str) -> dict[str, object]:
    with desk.database.read() as session:
        shown = queue.state(session, conversations.find(session, one), desk.now)["queue"]
    assert isinstance(shown, dict)
    return shown


def test_nothing_is_named_without_enough_to_go_by_and_nobody_there_is_said(desk: Desk) -> None:
    one = wait(desk)
    assert told(desk, one) == {
        "place": 1,
        "waiting": 1,
        "minutes": None,
        "agents": 0,
        "doubtful": False,
    }
    arrive(desk)  # four free seats, and still no promise
    assert told(desk, one) == {
        "place": 1,
        "waiting": 1,
        "minutes": None,
        "agents": 1,
        "doubtful": False,
    }


def test_the_estimate_is_a_span_from_the_waits_of_this_hour(desk: Desk) -> None:
    arrive(desk)
    for minutes in (4, 6, 8, 6):
        one = wait(desk)
        desk.later(minutes=minutes)
        claim(desk, one)
    one = wait(desk)
    assert told(desk, one)["minutes"] == [4, 8]
    desk.later(hours=2)
    assert told(desk, one)["minutes"] is None  # what was two hours ago says nothing any more


def test_an_hour_that_tells_too_little_is_judged_by_the_same_hour_of_other_weeks(
    desk: Desk,
) -> None:
    for minutes in (4, 6, 8, 6):
        one = wait(desk)
        desk.later(minutes=minutes)
        claim(desk, one)
    desk.later(days=6, hours=23, minutes=45)
    arrive(desk)
    one = wait(desk)
    assert told(desk, one)["minutes"] == [4, 8]
    desk.later(minutes=30)
    slower = told(desk, one)["minutes"]
    assert isinstance(slower, list)
    assert slower[1] > 15, "it is slower today than it used to be"


def test_a_queue_that_nobody_works_on_becomes_slower_by_the_minute(desk: Desk) -> None:
    arrive(desk)
    for _ in range(4):
        one = wait(desk)
        desk.later(seconds=20)
        claim(desk, one)
    one = wait(desk)
    assert told(desk, one)["minutes"] == [0, 1]
    desk.later(seconds=421)  # free seats all the while, and nobody claims
    _, high = told(desk, one)["minutes"]  # type: ignore[misc]
    assert high > 3


def test_four_of_five_are_served_within_what_they_were_told() -> None:
    """Six agents of one chat each, two customers in three minutes, for eight hours."""
    draw = random.Random(20261129)
    kept = asked = 0
    arrivals, at = [], 0.0
    while at < 8 * 3600:
        at += draw.expovariate(1 / 90)
        arrivals.append(at)
    free = [0.0] * 6
    heapq.heapify(free)
    plan = []
    for came in arrivals:
        taken = max(came, heapq.heappop(free)) + draw.uniform(3, 20)
        heapq.heappush(free, taken + draw.lognormvariate(6.2, 0.5))
        plan.append((came, taken))
    for number, (came, taken) in enumerate(plan):
        ahead = [one for one in plan[:number] if one[1] > came]
        before = [one for one in plan[:number] if came - 3600 < one[1] <= came]
        now = NOW + timedelta(seconds=came)
        steps = estimates.steps(
            sorted(
                ((NOW + timedelta(seconds=a), NOW + timedelta(seconds=b)) for a, b in before),
                key=lambda one: one[1],
            ),
            NOW + timedelta(seconds=ahead[0][0]) if ahead else now,
            now,
        )
        minutes = Load(online=6, seats=6, free=0, steps=steps).minutes(len(ahead) + 1)
        if minutes is None:
            continue
        asked += 1
        kept += taken - came <= minutes[1] * 60
    print(f"kept: {kept}/{asked} = {kept / asked:.0%}")
    assert asked > 200
    assert kept / asked >= 0.8
