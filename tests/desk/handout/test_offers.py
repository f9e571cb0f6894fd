"""Offers: one rings for a case and at an agent; it is taken, passed on or runs out."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.desk.handout.conftest import Floor
from web.desk import assignments, attendance, board, escalations, events, video
from web.desk.errors import Full, Reserved, WrongState
from web.desk.events import CUSTOMER
from web.desk.handout import skills
from web.desk.handout.offers import OfferOver
from web.desk.models import Agent, AgentSession, Conversation


def test_an_offer_is_taken_and_leaves_its_events_which_the_customer_does_not_see(
    floor: Floor,
) -> None:
    one = floor.wait("refund")
    assert floor.step() == [one]
    assert floor.step() == []  # it rings already
    ring = floor.ring()
    with floor.database.read() as session:
        told = board.of_agent(session, ring.agent_id, floor.now)["offer"]
    assert (told["conversation"], told["topic"], told["may_decline"]) == (one, "refund", True)
    floor.accept(ring)
    assert floor.owner(one) == ("agent", ring.agent_id)
    assert floor.kinds(one) == ["escalated", "offered", "agent_joined"]
    with floor.database.read() as session:
        seen = [event.type for event in events.after(session, one, 0)]
    assert seen == ["escalated", "agent_joined"]
    assert floor.rung() == [(ring.agent_id, "accepted")]


def test_what_is_passed_on_or_not_answered_goes_to_the_next_and_an_agent_may_decline_once(
    floor: Floor,
) -> None:
    one = floor.wait()
    floor.step()
    first = floor.ring()
    floor.decline(first)
    floor.step()
    second = floor.ring()
    assert second.agent_id != first.agent_id
    floor.later(seconds=20)
    floor.step()  # ran out; both were asked, so the first is asked once more
    third = floor.ring()
    assert third.agent_id == first.agent_id
    with pytest.raises(WrongState):
        floor.decline(third)
    with pytest.raises(OfferOver):
        floor.accept(second)
    floor.accept(third)
    assert floor.kinds(one) == [
        "escalated", "offered", "offer_declined", "offered", "offer_missed", "offered",
        "agent_joined",
    ]  # fmt: skip


def test_who_lets_two_in_a_row_run_out_is_away_and_the_case_goes_on(floor: Floor) -> None:
    one = floor.wait()
    for _ in range(4):
        floor.step()
        floor.later(seconds=20)
    floor.step()
    with floor.database.read() as session:
        assert set(session.scalars(select(Agent.status))) == {"away"}
    assert floor.rings() == []
    assert floor.owner(one) == ("queue", None)  # nobody is there: it waits


def test_an_offer_is_kept_for_its_agent_while_it_rings_and_their_claim_takes_it(
    floor: Floor,
) -> None:
    one = floor.wait()
    floor.step()
    ring = floor.ring()
    mine = floor.agent(ring.agent_id)
    with pytest.raises(Reserved), floor.database.write() as session:
        assignments.claim(session, one, floor.other(mine), floor.now)
    with floor.database.write() as session:
        assignments.claim(session, one, mine, floor.now)
    assert floor.rung() == [(mine.id, "accepted")]


def test_a_customer_who_leaves_takes_the_offer_with_them(floor: Floor) -> None:
    one = floor.wait()
    floor.step()
    ring = floor.ring()
    with floor.database.write() as session:
        escalations.leave(session, one, CUSTOMER, floor.now)
    assert floor.rung() == [(ring.agent_id, "withdrawn")]
    with pytest.raises(OfferOver):
        floor.accept(ring)
    assert floor.owner(one) == ("bot", None)


def test_who_only_signed_in_and_opened_no_console_is_offered_nothing(floor: Floor) -> None:
    with floor.database.write() as session:
        session.execute(update(AgentSession).values(created_at=floor.now, seen_at=floor.now))
    floor.wait()
    assert floor.step() == []
    floor.later(seconds=1)
    with floor.database.write() as session:
        attendance.here(session, "zhou", floor.now)
    floor.step()
    assert floor.ring().agent_id == floor.zhou.id


def test_who_puts_a_case_back_does_not_get_it_next(floor: Floor) -> None:
    one = floor.wait()
    floor.step()
    mine = floor.agent(floor.ring().agent_id)
    floor.accept(floor.ring())
    with floor.database.write() as session:
        assignments.give_back(session, one, mine, floor.now)
    floor.step()
    assert floor.ring().agent_id == floor.other(mine).id


def test_an_urgent_case_rings_at_several_and_one_takes_it_from_the_others(floor: Floor) -> None:
    one = floor.wait("fraud", urgent=True)
    assert floor.step() == [one, one]
    assert floor.step() == []
    first, second = floor.rings()
    assert {first.agent_id, second.agent_id} == {floor.anna.id, floor.zhou.id}
    floor.accept(second)
    assert floor.owner(one) == ("agent", second.agent_id)
    assert floor.rung() == [(first.agent_id, "withdrawn"), (second.agent_id, "accepted")]
    with pytest.raises(OfferOver):
        floor.accept(first)


def test_who_is_not_there_delays_no_urgent_case_and_is_away_after_two_that_nobody_took(
    floor: Floor,
) -> None:
    for misses in (1, 2):
        one = floor.wait("fraud", urgent=True)
        floor.step()
        zhou = next(ring for ring in floor.rings() if ring.agent_id == floor.zhou.id)
        anna = next(ring for ring in floor.rings() if ring.agent_id == floor.anna.id)
        floor.decline(zhou)
        assert floor.step() == []  # 安娜 rings still, and 老周 has let it pass
        floor.later(seconds=20)
        floor.step()
        assert (floor.anna.id, "missed") in floor.rung()
        with floor.database.write() as session:
            status = session.get_one(Agent, floor.anna.id).status
            assert status == ("online" if misses == 1 else "away")
            assignments.claim(session, one, floor.zhou, floor.now)
            assignments.close(session, one, floor.zhou, floor.now)
        assert anna.conversation_id == one


def test_who_is_full_is_asked_for_an_urgent_one_more_and_no_further(floor: Floor) -> None:
    with floor.database.write() as session:
        attendance.settle(session, floor.zhou.id, status="away", now=floor.now)
        attendance.settle(session, floor.anna.id, max_chats=1)
    first = floor.wait()
    floor.step()
    floor.accept(floor.ring())
    floor.wait()
    assert floor.step() == []
    hurried = floor.wait("fraud", urgent=True)
    assert floor.step() == [hurried]
    with pytest.raises(Full), floor.database.write() as session:
        assignments.claim(session, hurried, floor.anna, floor.now)  # by hand one keeps to it
    floor.accept(floor.ring())
    assert floor.owner(hurried) == ("agent", floor.anna.id)
    floor.wait("fraud", urgent=True)
    assert floor.step() == []
    assert floor.owner(first) == ("agent", floor.anna.id)


def test_nothing_rings_at_who_is_in_a_call(floor: Floor) -> None:
    with floor.database.write() as session:
        attendance.settle(session, floor.zhou.id, status="away", now=floor.now)
    caller = floor.open().conversation.id
    with floor.database.write() as session:
        call = video.request(session, caller, "video", [floor.anna.id], floor.now)
        video.accept(session, call.id, floor.anna, floor.now)
    floor.wait("fraud", urgent=True)
    assert floor.step() == []
    with floor.database.write() as session:
        video.hang_up(session, call.id, CUSTOMER, floor.now)
    assert len(floor.step()) == 1


def test_a_lead_declares_skills_and_cases_go_by_them(floor: Floor) -> None:
    with floor.database.write() as session:
        skills.declare(session, floor.anna.id, ["refund"])
        skills.declare(session, floor.zhou.id, ["login", "fraud"])
    for topic, agent in (("login", floor.zhou), ("refund", floor.anna), ("fraud", floor.zhou)):
        one = floor.wait(topic)
        floor.step()
        assert floor.ring().agent_id == agent.id
        floor.accept(floor.ring())
        assert floor.owner(one) == ("agent", agent.id)


def test_the_seats_of_all_fill_evenly_and_nobody_gets_more_than_they_take(floor: Floor) -> None:
    for _ in range(10):
        floor.wait()
    for _ in range(9):
        floor.later(seconds=1)
        floor.step()
        for ring in floor.rings():
            floor.accept(ring)
    with floor.database.read() as session:
        held = list(
            session.scalars(select(Conversation.agent_id).where(Conversation.owner == "agent"))
        )
    assert [held.count(agent.id) for agent in (floor.anna, floor.zhou)] == [4, 4]


def test_skills_declared_anew_take_the_place_of_the_old_ones(floor: Floor) -> None:
    with floor.database.write() as session:
        skills.declare(session, floor.anna.id, ["refund", "login"])
        skills.declare(session, floor.anna.id, ["login", "fraud"])
        assert skills.of_all(session) == {floor.anna.id: frozenset({"login", "fraud"})}
        skills.declare(session, floor.anna.id, [])
        assert skills.of_all(session) == {}
