"""What agents correct, whom a returning customer meets first, and what is known of them before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.conftest import Desk
from tests.desk.test_callbacks import OFFICE, book, start_of
from web.desk import (
    agents,
    assignments,
    attendance,
    bookings,
    callbacks,
    conversations,
    escalations,
    events,
    handlings,
    history,
    queue,
    triage,
)
from web.desk.errors import NotFound, NotYours, Reserved, WrongState
from web.desk.events import BOT, CUSTOMER
from web.desk.models import Agent, AgentSession


def wait(desk: Desk, subject: str | None = None, *, urgent: bool = False) -> str:
    one = desk.open(subject).conversation.id
    escalate(desk, one, urgent=urgent)
    return one


def escalate(desk: Desk, one: str, *, urgent: bool = False) -> None:
    desk.later(seconds=1)
    with desk.database.write() as session:
        escalations.escalate(
            session, one, BOT, desk.now, topic="fraud" if urgent else "refund",
            reason="urgent" if urgent else "asked", urgent=urgent,
            card={"problem": "退款没到", "amount": "88"},
        )  # fmt: skip


def claim(desk: Desk, one: str, agent: Agent) -> None:
    with desk.database.write() as session:
        assignments.claim(session, one, agent, desk.now)


def close(desk: Desk, one: str, agent: Agent) -> None:
    with desk.database.write() as session:
        assignments.close(session, one, agent, desk.now)


def present(desk: Desk, agent: Agent) -> None:
    with desk.database.write() as session:
        session.merge(
            AgentSession(
                token_hash=agent.name, agent_id=agent.id, created_at=desk.now, seen_at=desk.now
            )
        )


def order(desk: Desk) -> list[str]:
    with desk.database.read() as session:
        return [row["id"] for row in queue.overview(session, desk.anna.id, desk.now)["waiting"]]


def test_an_agent_lowers_what_is_not_urgent_and_corrects_the_card_behind_the_customers_back(
    desk: Desk,
) -> None:
    xiaolin = wait(desk)
    ajie = wait(desk, urgent=True)
    assert order(desk) == [ajie, xiaolin]
    with desk.database.write() as session:
        event = triage.judge(
            session, ajie, desk.anna, desk.now, urgent=False, topic="refund",
            card={"amount": "8.8 元，密码是hunter22", "problem": ""},
        )  # fmt: skip
        assert event is not None
        assert triage.judge(session, ajie, desk.anna, desk.now, urgent=False) is None
    assert order(desk) == [xiaolin, ajie]
    with desk.database.read() as session:
        row = queue.summary(session, conversations.find(session, ajie), desk.now)
        seen = [one.type for one in events.after(session, ajie, 0)]
        staff = [one.type for one in events.after(session, ajie, 0, staff=True)]
    assert (row["urgent"], row["topic"], row["reason"]) == (False, "refund", "asked")
    assert "hunter22" not in row["card"]["amount"]
    assert "problem" not in row["card"]
    assert "triaged" not in seen
    assert "triaged" in staff


def test_only_who_has_a_case_corrects_it_and_nobody_once_it_is_with_the_bot(desk: Desk) -> None:
    xiaolin = wait(desk)
    claim(desk, xiaolin, desk.anna)
    with desk.database.write() as session, pytest.raises(NotYours):
        triage.judge(session, xiaolin, desk.zhou, desk.now, urgent=True)
    close(desk, xiaolin, desk.anna)
    with desk.database.write() as session, pytest.raises(WrongState):
        triage.judge(session, xiaolin, desk.anna, desk.now, urgent=True)


def test_who_comes_back_is_kept_a_minute_for_the_agent_who_had_them_and_nothing_is_forgotten(
    desk: Desk,
) -> None:
    xiaolin = wait(desk)
    claim(desk, xiaolin, desk.anna)
    close(desk, xiaolin, desk.anna)
    desk.later(days=2)
    present(desk, desk.anna)
    present(desk, desk.zhou)
    with desk.database.write() as session:
        escalations.reopen(session, xiaolin, CUSTOMER, desk.now)
    with desk.database.write() as session, pytest.raises(Reserved):
        assignments.claim(session, xiaolin, desk.zhou, desk.now)
    with desk.database.read() as session:
        row = queue.summary(session, conversations.find(session, xiaolin), desk.now)
    assert (row["had_by"], row["had_by_id"]) == ("安娜", desk.anna.id)
    assert row["reserved_until"] is not None
    desk.later(seconds=61)
    claim(desk, xiaolin, desk.zhou)
    with desk.database.read() as session:
        case = conversations.find(session, xiaolin).escalation_id
        had = handlings.of_case(session, case)
    assert [(one.agent_id, one.ended) for one in had] == [
        (desk.anna.id, "close"),
        (desk.zhou.id, None),
    ]
    assert had[0].ended_at == had[1].began_at - timedelta(days=2, seconds=61)


def test_nobody_is_kept_for_an_agent_who_is_not_there_and_urgent_ones_for_nobody(
    desk: Desk,
) -> None:
    xiaolin = wait(desk)
    claim(desk, xiaolin, desk.anna)
    close(desk, xiaolin, desk.anna)
    desk.later(hours=1)
    escalate(desk, xiaolin)
    claim(desk, xiaolin, desk.zhou)
    close(desk, xiaolin, desk.zhou)
    present(desk, desk.zhou)
    escalate(desk, xiaolin, urgent=True)
    claim(desk, xiaolin, desk.anna)


def test_earlier_cases_are_seen_by_whoever_has_the_customer_now(desk: Desk) -> None:
    first = wait(desk, "xiaolin")
    claim(desk, first, desk.anna)
    close(desk, first, desk.anna)
    desk.later(days=10)
    second = wait(desk, "xiaolin")
    stranger = wait(desk)
    with desk.database.read() as session:
        now = conversations.find(session, second)
        [before] = history.of_customer(session, now)
        assert history.of_customer(session, conversations.find(session, stranger)) == []
        assert (before["conversation"], before["agents"], before["state"]) == (
            first, ["安娜"], "closed",
        )  # fmt: skip
        assert before["title"] == "退款没到"
        assert history.find(session, before["number"].lower() + " ") == first
        for number in ("K22222222", "", "'; --", "K" * 40):
            with pytest.raises(NotFound):
                history.find(session, number)


def test_a_call_before_its_time_burns_no_try_and_a_late_one_waits_for_the_morning(
    desk: Desk,
) -> None:
    def no_answer(callback) -> None:
        with desk.database.write() as session:
            callbacks.take(session, callback.id, desk.anna, desk.now)
            callbacks.close(session, callback.id, desk.anna, "no_answer", desk.now, OFFICE)

    callback = book(desk, desk.open().conversation.id, hour=12)
    desk.now = start_of(desk, hour=10)
    no_answer(callback)
    with desk.database.read() as session:
        found = bookings.find(session, callback.id)
        assert (found.due_at, found.attempts) == (found.slot, 0)
    desk.now = found.slot + timedelta(hours=5, minutes=50)  # 17:50, ten minutes before closing
    no_answer(callback)
    with desk.database.read() as session:
        again = bookings.find(session, callback.id)
    assert again.attempts == 1
    assert again.due_at == found.slot + timedelta(hours=21)  # 9:00 the next day, not 18:05


def test_a_customer_is_handed_to_nobody_who_answers_no_customers(desk: Desk) -> None:
    xiaolin = wait(desk)
    claim(desk, xiaolin, desk.anna)
    present(desk, desk.zhou)
    with desk.database.write() as session:
        agents.change(session, "zhou", role="editor")
    present(desk, desk.zhou)
    with desk.database.write() as session, pytest.raises(NotFound):
        assignments.transfer(session, xiaolin, desk.anna, desk.zhou.id, "", desk.now)


def test_a_closed_account_is_out_at_once_and_its_customers_are_taken_back(desk: Desk) -> None:
    xiaolin = wait(desk)
    claim(desk, xiaolin, desk.anna)
    present(desk, desk.anna)
    with desk.database.write() as session:
        agents.change(session, " Anna ", active=False)
    with desk.database.read() as session:
        assert attendance.present(session, desk.now) == []
        lost = assignments.silent(session, desk.now - attendance.SILENCE)
    assert [one for one, _ in lost] == [xiaolin]
    with desk.database.write() as session:
        agents.change(session, "anna", active=True, display="安娜·林")
        with pytest.raises(NotFound):
            agents.change(session, "nobody", active=False)
    present(desk, desk.anna)
    with desk.database.read() as session:
        assert next(iter(attendance.everyone(session, desk.now))).name == "安娜·林"
