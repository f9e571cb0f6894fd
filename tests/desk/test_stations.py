"""A call or a callback taken is the case taken: its card, its thread, its end, its next time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.conftest import Desk
from tests.desk.test_callbacks import VAULT, book, start_of
from tests.desk.test_calls import XIAOLIN, request
from web.desk import (
    assignments,
    attendance,
    bookings,
    callbacks,
    cases,
    conversations,
    escalations,
    events,
    handlings,
    queue,
    ratings,
    tickets,
    video,
)
from web.desk.bookings import Callback
from web.desk.errors import NotYours, WrongState
from web.desk.events import BOT
from web.desk.models import Agent, AgentSession, Escalation
from web.realtime.bus import Bus
from web.watch import take_back


def told(desk: Desk, conversation_id: str) -> None:
    """小林 has told the bot what is wrong."""
    with desk.database.write() as session:
        conversations.hold(session, conversation_id).card = {
            "topic": "refund",
            "problem": "退款三天没到账",
            "amount": "128",
        }


def case_of(desk: Desk, conversation_id: str) -> tuple[str, Escalation]:
    with desk.database.read() as session:
        found = conversations.find(session, conversation_id)
        case = cases.current(session, found)
        assert case is not None
        return found.owner, case


def kinds(desk: Desk, conversation_id: str) -> list[str]:
    with desk.database.read() as session:
        return [event.type for event in events.after(session, conversation_id, 0)]


def take(desk: Desk, callback: Callback, agent: Agent) -> Callback:
    with desk.database.write() as session:
        return callbacks.take(session, callback.id, agent, desk.now)


def close(desk: Desk, callback: Callback, agent: Agent, outcome: str) -> Callback:
    with desk.database.write() as session:
        return callbacks.close(session, callback.id, agent, outcome, desk.now)


def accept(desk: Desk, conversation_id: str, agent: Agent) -> str:
    call = request(desk, conversation_id, agent.id)
    with desk.database.write() as session:
        video.accept(session, call.id, agent, desk.now)
    return call.id


def escalate(desk: Desk, conversation_id: str) -> None:
    with desk.database.write() as session:
        escalations.escalate(
            session, conversation_id, BOT, desk.now, topic=None, reason="asked", urgent=False,
            card={},
        )  # fmt: skip


def test_taking_a_call_gives_the_agent_the_case_with_what_the_customer_told(desk: Desk) -> None:
    xiaolin = desk.open(name="小林").conversation.id
    told(desk, xiaolin)
    call = accept(desk, xiaolin, desk.anna)
    owner, case = case_of(desk, xiaolin)
    assert (owner, case.state, case.agent_id) == ("agent", "claimed", desk.anna.id)
    assert (case.reason, case.topic) == ("call", "refund")
    assert case.card["problem"] == "退款三天没到账"
    assert case.number
    with desk.database.write() as session:
        posted = conversations.post(session, xiaolin, "typed-in-call", "订单号在图里", desk.now)
        assert posted.owner == "agent"  # the bot owes no answer, the agent reads it
        [row] = queue.overview(session, desk.anna.id, desk.now)["mine"]
        assert (row["id"], row["number"], row["unread"]) == (xiaolin, case.number, 1)
        video.hang_up(session, call, XIAOLIN, desk.now)
    owner, case = case_of(desk, xiaolin)
    assert (owner, case.agent_id) == ("agent", desk.anna.id)  # as after a chat, until it is closed
    escalate(desk, xiaolin)  # 转人工文字客服 afterwards
    assert case_of(desk, xiaolin)[1].agent_id == desk.anna.id
    with desk.database.write() as session:
        assignments.close(session, xiaolin, desk.anna, desk.later(minutes=5))
        ratings.rate(session, xiaolin, 5, None, desk.now)
    assert case_of(desk, xiaolin)[1].state == "closed"


def test_a_call_out_of_the_queue_is_a_claim_and_leaves_no_place_behind(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    escalate(desk, xiaolin)
    desk.later(minutes=3)
    accept(desk, xiaolin, desk.zhou)
    assert case_of(desk, xiaolin)[0] == "agent"
    with desk.database.read() as session:
        assert queue.waiting(session) == 0
        [first] = handlings.of_case(session, case_of(desk, xiaolin)[1].id)
    assert (first.agent_id, first.began, first.ended_at) == (desk.zhou.id, "claim", None)
    assert first.queued_at == desk.now - timedelta(minutes=3)


def test_a_colleague_who_takes_the_call_takes_the_chat_and_never_both_have_it(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    escalate(desk, xiaolin)
    with desk.database.write() as session:
        assignments.claim(session, xiaolin, desk.zhou, desk.now)
    accept(desk, xiaolin, desk.anna)
    with desk.database.write() as session:
        with pytest.raises(NotYours):
            conversations.post_as_agent(
                session, xiaolin, desk.zhou, "late-word-1", "在的", desk.now
            )
        had = handlings.of_case(session, case_of(desk, xiaolin)[1].id)
    assert [(one.agent_id, one.ended) for one in had] == [
        (desk.zhou.id, "take_over"),
        (desk.anna.id, None),
    ]


def test_a_callback_taken_is_a_case_and_tried_again_it_is_put_down_until_then(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    told(desk, xiaolin)
    callback = book(desk, xiaolin)
    desk.now = start_of(desk)
    take(desk, callback, desk.anna)
    owner, case = case_of(desk, xiaolin)
    assert (owner, case.reason, case.card["amount"]) == ("agent", "callback", "128")
    close(desk, callback, desk.anna, "no_answer")
    owner, again = case_of(desk, xiaolin)
    assert (owner, again.state, again.agent_id) == ("bot", "callback", None)
    desk.later(minutes=15)
    take(desk, callback, desk.zhou)
    owner, taken = case_of(desk, xiaolin)
    assert (taken.id, taken.number, taken.agent_id) == (case.id, case.number, desk.zhou.id)
    close(desk, callback, desk.zhou, "reached")
    with desk.database.write() as session:
        conversations.post_as_agent(
            session, xiaolin, desk.zhou, "summary-0001", "已查到，今天到账", desk.now
        )
        assignments.close(session, xiaolin, desk.zhou, desk.now)
        had = handlings.of_case(session, case.id)
    assert [(one.agent_id, one.ended) for one in had] == [
        (desk.anna.id, "put_off"),
        (desk.zhou.id, "close"),
    ]


def test_a_chat_stays_the_agents_when_their_callback_finds_nobody(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    escalate(desk, xiaolin)
    with desk.database.write() as session:
        assignments.claim(session, xiaolin, desk.anna, desk.now)
    desk.later(minutes=2)
    take(desk, callback, desk.anna)
    close(desk, callback, desk.anna, "no_answer")
    assert case_of(desk, xiaolin)[1].agent_id == desk.anna.id


def test_who_waited_in_the_queue_waits_on_where_they_were_when_nobody_answers(desk: Desk) -> None:
    xiaolin, ajie = (desk.open().conversation.id for _ in range(2))
    callback = book(desk, xiaolin)
    escalate(desk, xiaolin)
    desk.later(minutes=2)
    escalate(desk, ajie)
    take(desk, callback, desk.anna)
    close(desk, callback, desk.anna, "no_answer")
    with desk.database.read() as session:
        assert queue.place_of(session, conversations.find(session, xiaolin)) == 1


def test_nobody_takes_the_callback_of_a_customer_whom_a_colleague_talks_to(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    escalate(desk, xiaolin)
    with desk.database.write() as session:
        assignments.claim(session, xiaolin, desk.zhou, desk.now)
    with pytest.raises(NotYours):
        take(desk, callback, desk.anna)
    with desk.database.read() as session:
        assert bookings.find(session, callback.id).state == "booked"
    assert case_of(desk, xiaolin)[1].agent_id == desk.zhou.id


def test_a_ticket_whose_call_finds_nobody_is_a_ticket_again(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id

    class Shut:
        def next_opening(self, channel: str, at: object) -> None:
            return None

    with desk.database.write() as session:
        tickets.leave_message(
            session, xiaolin, tickets.Wish(text="退款没到", client_id="left-0001"), XIAOLIN,
            Shut(), desk.now,
        )  # fmt: skip
    callback = book(desk, xiaolin)
    take(desk, callback, desk.anna)
    assert case_of(desk, xiaolin)[1].state == "claimed"
    close(desk, callback, desk.anna, "no_answer")
    assert case_of(desk, xiaolin)[1].state == "ticket"


def test_a_cancelled_callback_ends_its_case_and_is_told_once(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    take(desk, callback, desk.anna)
    with desk.database.write() as session:
        callbacks.release(session, callback.id, desk.anna, desk.now)
        callbacks.cancel(session, xiaolin, desk.now)
    assert case_of(desk, xiaolin)[1].state == "left"
    assert kinds(desk, xiaolin).count("callback_cancelled") == 1


def test_an_agent_who_vanishes_puts_the_callback_back_on_the_list(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    with desk.database.write() as session:
        session.add(
            AgentSession(
                token_hash="anna", agent_id=desk.anna.id, created_at=desk.now, seen_at=desk.now
            )
        )
    take(desk, callback, desk.anna)
    desk.later(seconds=40)
    assert take_back(desk.database, Bus(), attendance.SILENCE, desk.now) == [xiaolin]
    with desk.database.read() as session:
        assert bookings.find(session, callback.id).state == "booked"
    assert case_of(desk, xiaolin)[1].state == "callback"
    assert take(desk, callback, desk.zhou).agent_id == desk.zhou.id
    with desk.database.read() as session:
        assert callbacks.number_of(session, callback.id, desk.zhou, VAULT).startswith("+86")


def test_an_agent_who_is_back_keeps_the_callback_that_they_took(desk: Desk) -> None:
    xiaolin = desk.open().conversation.id
    callback = book(desk, xiaolin)
    take(desk, callback, desk.anna)
    late = desk.later(seconds=40)
    with desk.database.write() as session:  # between the look and the step
        session.add(
            AgentSession(token_hash="anna", agent_id=desk.anna.id, created_at=late, seen_at=late)
        )
    with pytest.raises(WrongState), desk.database.write() as session:
        assignments.lose(session, xiaolin, desk.anna, late, late - attendance.SILENCE)
    with desk.database.read() as session:
        assert bookings.find(session, callback.id).agent_id == desk.anna.id
