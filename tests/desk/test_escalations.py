"""The way to a human: queue, claim, return, close, and what each side sees."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from web.desk import assignments, conversations, escalations, events, queue, turns
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import BOT, Actor
from web.desk.models import Conversation, Escalation


def escalate(desk, conversation_id, *, urgent=False, card=None, cause=None):
    with desk.database.write() as session:
        return escalations.escalate(
            session,
            conversation_id,
            BOT,
            desk.now,
            topic="pay_failed",
            reason="asked",
            urgent=urgent,
            card=card or {},
            cause=cause,
        )


def waiting(desk, **more):
    conversation_id = desk.open().conversation.id
    escalate(desk, conversation_id, **more)
    desk.later(seconds=10)
    return conversation_id


def move(desk, verb, conversation_id, agent):
    with desk.database.write() as session:
        return verb(session, conversation_id, agent, desk.now)


def say(desk, conversation_id, agent, client_id="agent-0001", text="您好"):
    with desk.database.write() as session:
        return conversations.post_as_agent(
            session, conversation_id, agent, client_id, text, desk.now
        )


def state(desk, conversation_id):
    with desk.database.read() as session:
        return queue.state(session, conversations.find(session, conversation_id), desk.now)


def kinds(desk, conversation_id):
    with desk.database.read() as session:
        return [event.type for event in events.after(session, conversation_id, 0)]


def test_the_whole_way_leaves_its_events(desk):
    conversation_id = waiting(desk)
    assert state(desk, conversation_id)["queue"] == {
        "place": 1,
        "waiting": 1,
        "minutes": None,
        "agents": 0,
        "doubtful": False,
    }
    move(desk, assignments.claim, conversation_id, desk.anna)
    assert state(desk, conversation_id) == {
        "owner": "agent",
        "queue": None,
        "agent": "安娜",
        "typing": None,
        "read": {"customer": 0, "agent": 0},
    }
    say(desk, conversation_id, desk.anna)
    closed = move(desk, assignments.close, conversation_id, desk.anna)
    assert kinds(desk, conversation_id) == ["escalated", "agent_joined", "message", "closed"]
    assert state(desk, conversation_id)["owner"] == "bot"
    with desk.database.read() as session:
        assert turns.is_pending(session, conversation_id, closed.id)
        case = session.scalars(select(Escalation)).one()
        assert (case.state, case.agent_id) == ("closed", desk.anna.id)
        assert case.ended_at is not None


def test_urgent_comes_first_then_who_waited_longest(desk):
    plain, later = waiting(desk), waiting(desk)
    urgent, urgent_later = waiting(desk, urgent=True), waiting(desk, urgent=True)
    with desk.database.read() as session:
        seen = queue.overview(session, desk.anna.id, desk.now)["waiting"]
    order = [urgent, urgent_later, plain, later]
    assert [item["id"] for item in seen] == order
    assert [item["place"] for item in seen] == [1, 2, 3, 4]
    places = [state(desk, conversation_id)["queue"]["place"] for conversation_id in order]
    assert places == [1, 2, 3, 4]
    assert seen[2]["waiting_seconds"] == 40


def test_a_returned_conversation_keeps_its_waiting_time(desk):
    first, second = waiting(desk), waiting(desk)
    move(desk, assignments.claim, first, desk.anna)
    desk.later(minutes=5)
    move(desk, assignments.give_back, first, desk.anna)
    assert state(desk, first)["queue"]["place"] == 1
    assert state(desk, second)["queue"]["place"] == 2
    move(desk, assignments.claim, first, desk.zhou)


def test_escalating_twice_changes_nothing(desk):
    conversation_id = waiting(desk)
    assert escalate(desk, conversation_id) is None
    assert kinds(desk, conversation_id) == ["escalated"]


def test_a_colleague_can_neither_speak_nor_close(desk):
    conversation_id = waiting(desk)
    with pytest.raises(WrongState):
        say(desk, conversation_id, desk.anna)
    move(desk, assignments.claim, conversation_id, desk.anna)
    with pytest.raises(NotYours):
        say(desk, conversation_id, desk.zhou)
    for verb in (assignments.close, assignments.give_back, assignments.claim):
        with pytest.raises(NotYours):
            move(desk, verb, conversation_id, desk.zhou)
    assert kinds(desk, conversation_id) == ["escalated", "agent_joined"]


def test_nothing_can_be_done_to_what_is_not_there(desk):
    for verb in (assignments.claim, assignments.close, assignments.give_back):
        with pytest.raises(NotFound):
            move(desk, verb, "no-such-conversation", desk.anna)


def test_the_bot_owes_answers_beside_the_queue_and_none_once_an_agent_has_it(desk):
    conversation_id = waiting(desk)
    with desk.database.write() as session:
        for number in range(3):
            conversations.post(session, conversation_id, f"client-000{number}", "还在吗", desk.now)
    codes = kinds(desk, conversation_id)
    assert codes == ["escalated", "message", "notice", "message", "message"]
    with desk.database.read() as session:
        assert turns.is_pending(session, conversation_id, 2)
    move(desk, assignments.claim, conversation_id, desk.anna)
    with desk.database.write() as session:
        assert not turns.finish(session, conversation_id, 2, None, bot_down=False)
        late = conversations.post(session, conversation_id, "client-0009", "在吗", desk.now).message
    with desk.database.read() as session:
        assert not turns.is_pending(session, conversation_id, late.id)


def test_an_answer_that_comes_after_the_escalation_stands_beside_the_queue(desk):
    conversation_id = desk.open().conversation.id
    with desk.database.write() as session:
        slow = conversations.post(session, conversation_id, "client-0001", "慢", desk.now).message
    escalate(desk, conversation_id)
    with desk.database.write() as session:
        assert turns.finish(session, conversation_id, slow.id, None, bot_down=False)


def test_the_card_holds_what_was_asked_answered_tried_and_given(desk):
    conversation_id = desk.open().conversation.id
    with desk.database.write() as session:
        asked = conversations.post(session, conversation_id, "client-0001", "付不了款", desk.now)
        data = {"text": "先看网络", "format": "markdown", "faq_id": "pay-failed"}
        events.append(
            session, conversation_id, "message", BOT, data, desk.now, cause=asked.message.id
        )
        wish = conversations.post(session, conversation_id, "client-0002", "转人工", desk.now)
        conversations.hold(session, conversation_id).card = {
            "amount": "88",
            "tried": [{"step": "network", "result": "no"}],
        }
    card = {
        "error_text": "系统繁忙",
        "order_number": "4111111111111111",
        "tried": [{"step": "network", "result": "done"}, {"step": 5}, {"step": "balance"}],
        "secret": "x",
        "time": ["no text"],
    }
    event = escalate(desk, conversation_id, card=card, cause=wish.message.id)
    assert event.data["card"] == {
        "amount": "88",
        "error_text": "系统繁忙",
        "order_number": "［已隐藏］1111",
        "tried": [
            {"step": "network", "result": "done"},
            {"step": "balance", "result": "unknown"},
        ],
        "asked": [{"text": "付不了款", "faq_id": "pay-failed"}],
    }


def test_a_solved_problem_starts_a_new_card(desk):
    conversation_id = desk.open().conversation.id
    with desk.database.write() as session:
        conversations.post(session, conversation_id, "client-0001", "付不了款", desk.now)
        conversations.hold(session, conversation_id).card = {"amount": "88"}
        escalations.resolve(session, conversation_id, BOT, desk.now, "pay_failed", None)
    assert escalate(desk, conversation_id).data["card"] == {"asked": []}


def test_leaving_the_queue_gives_the_conversation_back_to_the_bot(desk):
    first, second = waiting(desk), waiting(desk)
    move(desk, escalations.leave, first, Actor("customer", "小林"))
    assert state(desk, first)["owner"] == "bot"
    assert state(desk, second)["queue"] == {
        "place": 1,
        "waiting": 1,
        "minutes": None,
        "agents": 0,
        "doubtful": False,
    }
    assert escalate(desk, first) is not None
    with desk.database.read() as session:
        assert session.get(Conversation, first).queued_at == desk.now


def test_an_agents_number_is_no_code_but_a_card_is_hidden(desk):
    conversation_id = waiting(desk)
    move(desk, assignments.claim, conversation_id, desk.anna)
    assert say(desk, conversation_id, desk.anna, text="12315").message.data["text"] == "12315"
    hidden = say(desk, conversation_id, desk.anna, "agent-0002", "4111111111111111")
    assert hidden.message.data["text"] == "［已隐藏］1111"


def test_client_ids_of_agents_and_customers_do_not_mix(desk):
    conversation_id = waiting(desk)
    move(desk, assignments.claim, conversation_id, desk.anna)
    mine = say(desk, conversation_id, desk.anna, "same-id-0001")
    with desk.database.write() as session:
        theirs = conversations.post(session, conversation_id, "same-id-0001", "好", desk.now)
    assert theirs.created
    assert theirs.message.id != mine.message.id
    assert not say(desk, conversation_id, desk.anna, "same-id-0001").created
