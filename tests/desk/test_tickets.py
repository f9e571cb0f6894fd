"""Messages left for later: found again, answered once, sent by e-mail when it was wished."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.desk.conftest import Desk
from web.desk import (
    assignments,
    conversations,
    corrections,
    escalations,
    events,
    handlings,
    progress,
    queue,
    tickets,
    ticketwork,
)
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import BOT, CUSTOMER
from web.desk.hours import Hours
from web.desk.mails import Mail
from web.desk.models import AgentSession, Escalation
from web.realtime.bus import Bus
from web.watch import shelve

HERE = ZoneInfo("Asia/Shanghai")
NINE_TO_SIX = (((9 * 60, 18 * 60),),) * 7
NEVER = ((),) * 7
HOURS = Hours(HERE, {"chat": NINE_TO_SIX, "callback": NINE_TO_SIX}, frozenset(), NEVER, NEVER)
NIGHT = datetime(2026, 11, 21, 22, 0, tzinfo=HERE)


def leave(desk: Desk, conversation_id: str, **wish):
    with desk.database.write() as session:
        return tickets.leave_message(
            session, conversation_id, tickets.Wish(**wish), CUSTOMER, HOURS, desk.now
        )


def answer(desk: Desk, conversation_id: str, agent, client_id: str = "reply-0001"):
    with desk.database.write() as session:
        return tickets.answer(session, conversation_id, agent, client_id, "已退款", desk.now)


def escalate(desk: Desk, conversation_id: str, *, urgent: bool = False):
    with desk.database.write() as session:
        return escalations.escalate(
            session,
            conversation_id,
            BOT,
            desk.now,
            topic="refund",
            reason="asked",
            urgent=urgent,
            card={},
        )


def test_a_message_at_night_is_a_ticket_that_two_agents_answer_once(desk: Desk) -> None:
    desk.now = NIGHT
    one = desk.open().conversation.id
    opened = leave(desk, one, text="退款没到", client_id="words-0001", email="sealed")
    assert opened.data["next_opening"] == "2026-11-22T01:00:00.000Z"
    assert opened.data["email"] is True
    assert leave(desk, one, text="退款没到", client_id="words-0001") is None
    with desk.database.read() as session:
        (row,) = tickets.listed(session, HOURS, desk.now)
        assert (row["text"], row["email"], row["overdue"]) == ("退款没到", True, False)
        assert row["number"] == opened.data["number"]
        assert queue.overview(session, desk.anna.id, desk.now)["tickets"] == 1
        (case,) = progress.cases(session, conversations.find(session, one), HOURS, desk.now)
    assert (case["state"], case["next"]["code"]) == ("ticket", "ticket")
    assert case["next"]["at"] == "2026-11-22T01:00:00.000Z"
    desk.later(hours=12)
    assert answer(desk, one, desk.anna).created
    assert not answer(desk, one, desk.anna).created
    with pytest.raises(WrongState):
        answer(desk, one, desk.zhou, "reply-0002")
    with desk.database.read() as session:
        kinds = [event.type for event in events.after(session, one, 0)]
        email = session.scalars(select(Mail)).one()
        assert session.scalars(select(Escalation)).one().email is None
    assert kinds == ["message", "ticket_opened", "message", "ticket_answered"]
    assert (email.address, email.data["text"]) == ("sealed", "已退款")


def row_of(desk: Desk):
    with desk.database.read() as session:
        (row,) = tickets.listed(session, HOURS, desk.now)
    return row


def test_a_ticket_is_taken_by_one_handed_on_answered_several_times_and_kept_in_the_history(
    desk: Desk,
) -> None:
    one = desk.open().conversation.id
    leave(desk, one, text="退款没到", client_id="words-0001", email="sealed")
    for agent in (desk.anna, desk.zhou):
        with desk.database.write() as session:
            at_desk = AgentSession(
                token_hash=agent.name, agent_id=agent.id, created_at=desk.now, seen_at=desk.now
            )
            session.add(at_desk)
    assert (row_of(desk)["holder"], row_of(desk)["step"]) == (None, "new")
    with desk.database.write() as session:
        assert ticketwork.take(session, one, desk.anna, desk.now) is not None
        assert ticketwork.take(session, one, desk.anna, desk.now) is None
    for refused in (
        lambda s: ticketwork.take(s, one, desk.zhou, desk.now),
        lambda s: ticketwork.release(s, one, desk.zhou, desk.now),
        lambda s: tickets.answer(s, one, desk.zhou, "reply-0001", "我来", desk.now),
    ):
        with pytest.raises(NotYours), desk.database.write() as session:
            refused(session)
    with pytest.raises(NotFound), desk.database.write() as session:
        ticketwork.hand_on(session, one, desk.anna, 4711, "", desk.now)
    with desk.database.write() as session:
        asked = tickets.answer(
            session, one, desk.anna, "reply-0002", "哪一天付的？", desk.later(minutes=1), done=False
        )
        assert asked.created
    assert (row_of(desk)["step"], row_of(desk)["overdue"], row_of(desk)["due"]) == (
        "asked",
        False,
        None,
    )
    with desk.database.write() as session:
        conversations.post(session, one, "words-0002", "上周三", desk.later(minutes=1), silent=True)
        ticketwork.hand_on(session, one, desk.anna, desk.zhou.id, "银行那边你熟", desk.now)
    assert (row_of(desk)["holder"], row_of(desk)["step"]) == ("老周", "replied")
    with desk.database.write() as session:
        tickets.answer(session, one, desk.zhou, "reply-0003", "已退款", desk.later(minutes=5))
    with desk.database.read() as session:
        emails = session.scalars(select(Mail).order_by(Mail.id)).all()
        case = session.scalars(select(Escalation)).one()
        had = [(h.agent_id, h.began, h.ended) for h in handlings.of_case(session, case.id)]
        shown = [event.type for event in events.after(session, one, 0)]
        inside = [event.type for event in events.after(session, one, 0, staff=True)]
    assert [email.data["text"] for email in emails] == ["哪一天付的？", "已退款"]
    assert (case.state, case.agent_id, case.email) == ("answered", desk.zhou.id, None)
    assert had == [
        (desk.anna.id, "ticket", "transfer"),
        (desk.zhou.id, "transfer", "answer"),
    ]
    assert shown == ["message", "ticket_opened", "message", "message", "message", "ticket_answered"]
    assert inside.count("ticket_moved") == 2
    assert "note" in inside


def test_a_ticket_whose_owner_went_home_can_be_taken_by_a_colleague(desk: Desk) -> None:
    one = desk.open().conversation.id
    leave(desk, one, text="退款没到", client_id="words-0001")
    with desk.database.write() as session:
        session.add(
            AgentSession(
                token_hash="t", agent_id=desk.anna.id, created_at=desk.now, seen_at=desk.now
            )
        )
        ticketwork.take(session, one, desk.anna, desk.now)
    with pytest.raises(NotYours), desk.database.write() as session:
        ticketwork.take(session, one, desk.zhou, desk.later(seconds=20))
    with desk.database.write() as session:
        ticketwork.take(session, one, desk.zhou, desk.later(seconds=20))
    assert row_of(desk)["holder"] == "老周"


def test_the_list_of_tickets_can_be_read_to_its_end(desk: Desk) -> None:
    ids = [desk.open().conversation.id for _ in range(5)]
    for number, one in enumerate(ids):
        desk.later(seconds=1)
        leave(desk, one, text="退款没到", client_id=f"words-{number:04d}")
    with desk.database.read() as session:
        read = [tickets.listed(session, HOURS, desk.now, 2, skip) for skip in (0, 2, 4)]
    assert [row["id"] for part in read for row in part] == ids


def test_the_bot_stays_while_a_ticket_is_open(desk: Desk) -> None:
    one = desk.open().conversation.id
    leave(desk, one)
    with desk.database.write() as session:
        posted = conversations.post(session, one, "client-0001", "怎么退款", desk.now)
    assert posted.owner == "bot"


def test_a_card_corrected_after_leaving_the_message_is_the_tickets(desk: Desk) -> None:
    one = desk.open().conversation.id
    leave(desk, one, card={"amount": "88"})
    with desk.database.write() as session:
        corrections.write(session, one, {"amount": "98 元"}, desk.now)
    with desk.database.read() as session:
        (row,) = tickets.listed(session, HOURS, desk.now)
    assert row["card"]["amount"] == "98 元"


def test_a_ticket_goes_with_its_customer_into_the_queue_and_back(desk: Desk) -> None:
    one = desk.open().conversation.id
    number = leave(desk, one).data["number"]
    escalate(desk, one)
    with desk.database.write() as session:
        assert tickets.listed(session, HOURS, desk.now) == []
        escalations.leave(session, one, CUSTOMER, desk.now)
    with desk.database.read() as session:
        assert [row["number"] for row in tickets.listed(session, HOURS, desk.now)] == [number]
    escalate(desk, one)
    with desk.database.write() as session:
        assignments.claim(session, one, desk.anna, desk.now)
        assignments.close(session, one, desk.anna, desk.now)
    with desk.database.read() as session:
        assert tickets.listed(session, HOURS, desk.now) == []
        assert session.scalars(select(Escalation)).one().state == "closed"


def test_who_still_waits_after_hours_gets_a_ticket_unless_it_is_urgent(desk: Desk) -> None:
    desk.now = NIGHT
    plain, urgent = desk.open().conversation.id, desk.open().conversation.id
    escalate(desk, plain)
    escalate(desk, urgent, urgent=True)
    with desk.database.write() as session:
        session.add(
            AgentSession(
                token_hash="x", agent_id=desk.anna.id, created_at=desk.now, seen_at=desk.now
            )
        )
    silence = timedelta(seconds=25)
    assert shelve(desk.database, Bus(), HOURS, silence, desk.now) == []  # 安娜 works late
    desk.later(minutes=1)
    assert shelve(desk.database, Bus(), HOURS, silence, desk.now) == [plain]
    with desk.database.read() as session:
        assert conversations.find(session, urgent).owner == "queue"
        last = events.after(session, plain, 0)[-1]
    assert (last.type, last.actor_kind) == ("ticket_opened", "system")
