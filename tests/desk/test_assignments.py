"""Cases in agents' hands: one agent each, no more than they take, not lost with their agent."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.desk.conftest import Desk
from web.desk import (
    agents,
    assignments,
    attendance,
    conversations,
    escalations,
    events,
    queue,
    sessions,
)
from web.desk.errors import DeskError, Full, NotFound, NotThere, NotYours, WrongState
from web.desk.events import BOT, CUSTOMER
from web.desk.models import Agent, AgentSession, Conversation, Escalation
from web.realtime.bus import Bus
from web.watch import take_back

SILENCE = timedelta(seconds=25)


def waiting(desk: Desk, *, urgent: bool = False) -> str:
    """A customer's conversation in the queue, ten seconds old."""
    conversation_id = desk.open().conversation.id
    with desk.database.write() as session:
        escalations.escalate(
            session,
            conversation_id,
            BOT,
            desk.now,
            topic=None,
            reason="asked",
            urgent=urgent,
            card={},
        )
    desk.later(seconds=10)
    return conversation_id


def claim(desk: Desk, conversation_id: str, agent: Agent) -> None:
    with desk.database.write() as session:
        assignments.claim(session, conversation_id, agent, desk.now)


def kinds(desk: Desk, conversation_id: str, *, staff: bool = False) -> list[str]:
    with desk.database.read() as session:
        return [event.type for event in events.after(session, conversation_id, 0, staff=staff)]


def state(desk: Desk, conversation_id: str) -> dict:
    with desk.database.read() as session:
        return queue.state(session, conversations.find(session, conversation_id), desk.now)


def take_many(desk: Desk, count: int) -> None:
    with desk.database.write() as session:
        session.execute(update(Agent).values(max_chats=count))


def at_desk(desk: Desk, agent: Agent) -> str:
    """Sign the agent in; the console shows one sign of life now."""
    token = agents.sign_in(desk.database, agent.name, f"{agent.name}-password", desk.now).token
    beat(desk, token)
    return token


def beat(desk: Desk, token: str) -> None:
    with desk.database.write() as session:
        attendance.here(session, sessions.digest(token), desk.now)


def test_two_agents_race_for_one_claim_a_hundred_times_and_never_both_win(desk: Desk) -> None:
    take_many(desk, 1000)
    wins = {desk.anna.id: 0, desk.zhou.id: 0}
    for _ in range(100):
        conversation_id = waiting(desk)
        start = threading.Barrier(2)
        won: list[int] = []

        def go(agent: Agent, one: str = conversation_id, start=start, won=won) -> None:
            start.wait()
            try:
                claim(desk, one, agent)
            except (NotYours, WrongState):
                return
            won.append(agent.id)

        racers = [threading.Thread(target=go, args=(agent,)) for agent in (desk.anna, desk.zhou)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert len(won) == 1
        wins[won[0]] += 1
        assert kinds(desk, conversation_id).count("agent_joined") == 1
        with desk.database.read() as session:
            assert conversations.find(session, conversation_id).agent_id == won[0]
    assert sum(wins.values()) == 100


def test_an_agent_takes_no_more_than_they_set_even_from_many_tabs(desk: Desk) -> None:
    take_many(desk, 2)
    found = [waiting(desk) for _ in range(5)]
    full: list[str] = []

    def go(one: str) -> None:
        try:
            claim(desk, one, desk.anna)
        except Full:
            full.append(one)

    tabs = [threading.Thread(target=go, args=(one,)) for one in found]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(full) == 3
    with desk.database.read() as session:
        assert len(queue.overview(session, desk.anna.id, desk.now)["mine"]) == 2
    claim(desk, full[0], desk.zhou)


def test_a_transfer_needs_a_colleague_who_is_there_and_has_room(desk: Desk) -> None:
    one = waiting(desk)
    claim(desk, one, desk.anna)

    def transfer(to: int | None, note: str = "客户等退款结果") -> None:
        with desk.database.write() as session:
            assignments.transfer(session, one, desk.anna, to, note, desk.now)

    with pytest.raises(NotThere):
        transfer(desk.zhou.id)
    with pytest.raises(NotFound):
        transfer(desk.anna.id)
    with pytest.raises(NotFound):
        transfer(999)
    at_desk(desk, desk.zhou)
    with desk.database.write() as session:
        attendance.settle(session, desk.zhou.id, status="away")
    with pytest.raises(NotThere):
        transfer(desk.zhou.id)
    with desk.database.write() as session:
        attendance.settle(session, desk.zhou.id, status="online", max_chats=1)
    busy = waiting(desk)
    claim(desk, busy, desk.zhou)
    with pytest.raises(Full):
        transfer(desk.zhou.id)
    assert kinds(desk, one, staff=True) == ["escalated", "agent_joined"]  # no note of a failure
    with desk.database.write() as session:
        assignments.close(session, busy, desk.zhou, desk.now)
    transfer(desk.zhou.id)
    assert state(desk, one)["agent"] == "老周"
    assert kinds(desk, one, staff=True)[-2:] == ["note", "transferred"]
    assert "note" not in kinds(desk, one)
    with desk.database.write() as session, pytest.raises(NotYours):
        assignments.close(session, one, desk.anna, desk.now)
    with desk.database.write() as session:
        assignments.transfer(session, one, desk.zhou, None, "", desk.now)
    assert state(desk, one)["queue"]["place"] == 1
    assert kinds(desk, one)[-1] == "requeued"


def test_an_agent_who_vanishes_loses_the_chat_to_the_front_within_thirty_seconds(
    desk: Desk,
) -> None:
    urgent = None
    mine, earlier = waiting(desk), waiting(desk)
    token = at_desk(desk, desk.anna)
    claim(desk, mine, desk.anna)
    desk.later(minutes=5)
    beat(desk, token)
    urgent = waiting(desk, urgent=True)
    died = desk.now
    beat(desk, token)
    bus = Bus()
    gone = []
    while not gone:
        assert desk.now - died <= timedelta(seconds=30)
        desk.later(seconds=2)
        gone = take_back(desk.database, bus, SILENCE, desk.now)
    assert gone == [mine]
    assert desk.now - died <= timedelta(seconds=27)
    assert kinds(desk, mine)[-2:] == ["agent_left", "requeued"]
    with desk.database.read() as session:
        left, requeued = events.after(session, mine, 0)[-2:]
        assert (left.actor_name, left.data) == ("安娜", {"reason": "lost"})
        assert requeued.data == {"reason": "lost"}
        seen = queue.overview(session, desk.zhou.id, desk.now)["waiting"]
    assert [item["id"] for item in seen] == [urgent, mine, earlier]
    places = [state(desk, one)["queue"]["place"] for one in (urgent, mine, earlier)]
    assert places == [1, 2, 3]
    claim(desk, mine, desk.zhou)  # who loses the front again when given back
    with desk.database.write() as session:
        assignments.give_back(session, mine, desk.zhou, desk.now)
        assert conversations.find(session, mine).front is False


def test_an_agent_who_is_back_or_on_another_page_keeps_the_chat(desk: Desk) -> None:
    mine = waiting(desk)
    first, second = at_desk(desk, desk.anna), at_desk(desk, desk.anna)
    claim(desk, mine, desk.anna)
    desk.later(seconds=24)
    beat(desk, second)
    desk.later(seconds=20)
    assert take_back(desk.database, Bus(), SILENCE, desk.now) == []
    desk.later(seconds=10)
    with desk.database.read() as session:
        found = assignments.silent(session, desk.now - SILENCE)
    beat(desk, first)  # between the look and the step
    with pytest.raises(WrongState), desk.database.write() as session:
        assignments.lose(session, mine, found[0][1], desk.now, desk.now - SILENCE)
    assert kinds(desk, mine)[-1] == "agent_joined"


def test_signing_out_gives_the_chats_back(desk: Desk) -> None:
    mine = waiting(desk)
    token = at_desk(desk, desk.anna)
    claim(desk, mine, desk.anna)
    with desk.database.write() as session:
        sessions.sign_out(session, token)
    assert take_back(desk.database, Bus(), SILENCE, desk.now) == [mine]


def test_what_an_agent_does_at_the_last_moment_and_the_sweep_never_both_happen(desk: Desk) -> None:
    take_many(desk, 1000)
    for _ in range(10):
        mine = waiting(desk)
        claim(desk, mine, desk.anna)
        start = threading.Barrier(3)

        def close(one: str = mine, start=start) -> None:
            start.wait()
            try:
                with desk.database.write() as session:
                    assignments.close(session, one, desk.anna, desk.now)
            except DeskError:
                pass

        def sweep(start=start) -> None:
            start.wait()
            take_back(desk.database, Bus(), SILENCE, desk.now)

        workers = [threading.Thread(target=work) for work in (close, sweep, sweep)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert kinds(desk, mine)[2:] in (["closed"], ["agent_left", "requeued"])
        with desk.database.read() as session:
            case = session.scalars(select(Escalation).where(Escalation.conversation_id == mine))
            assert case.one().state == ("closed" if kinds(desk, mine)[2] == "closed" else "waiting")


def test_an_editor_is_no_agent(desk: Desk) -> None:
    at_desk(desk, desk.anna)
    with desk.database.write() as session:
        session.execute(update(Agent).where(Agent.id == desk.anna.id).values(role="editor"))
    with desk.database.read() as session:
        assert attendance.present(session, desk.now) == []
        assert [one.name for one in attendance.everyone(session, desk.now)] == ["老周"]


def test_rows_of_other_conversations_stay_as_they_are(desk: Desk) -> None:
    other, mine = waiting(desk), waiting(desk)
    claim(desk, other, desk.zhou)
    claim(desk, mine, desk.anna)
    with desk.database.write() as session:
        assignments.close(session, mine, desk.anna, desk.now)
    with desk.database.read() as session:
        kept = session.get(Conversation, other)
        assert (kept.owner, kept.agent_id) == ("agent", desk.zhou.id)
        assert session.scalars(select(AgentSession)).all() == []
    with desk.database.write() as session, pytest.raises(DeskError):
        escalations.leave(session, other, CUSTOMER, desk.now)
