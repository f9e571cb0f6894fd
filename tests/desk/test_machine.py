"""Random sequences of the desk's verbs: no case lost, none owned twice, every one ends."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    invariant,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.desk.later_verbs import LaterVerbs
from tests.desk.verbs import HOURS
from tests.thorough import examples
from web.desk import (
    assignments,
    attendance,
    bookings,
    callbacks,
    conversations,
    events,
    handlings,
    progress,
    queue,
    tickets,
)
from web.desk.bookings import Callback
from web.desk.database import Database
from web.desk.errors import DeskError
from web.desk.handout import rings
from web.desk.models import Agent, Conversation, Escalation
from web.desk.transitions import TRANSITIONS

CASE_OF_OWNER = {"queue": {"waiting"}, "agent": {"claimed"}}
RESTING = {"left", "closed", "ticket", "answered", "callback"}


class Floor(LaterVerbs):
    """The verbs, and what has to hold after each of them."""

    @invariant()
    def every_conversation_has_one_owner_and_a_case_that_says_the_same(self):
        with self.database.read() as session:
            found = session.scalars(select(Conversation)).all()
            cases = {case.id: case for case in session.scalars(select(Escalation))}
        current = {one.escalation_id for one in found}
        for one in found:
            case = cases.get(one.escalation_id) if one.escalation_id else None
            assert (one.agent_id is not None) == (one.owner == "agent")
            assert (one.queued_at is not None) or one.owner == "bot"
            if one.owner == "bot":
                assert case is None or case.state in RESTING
                assert not one.front
            else:
                assert case is not None
                assert case.state in CASE_OF_OWNER[one.owner]
                assert case.agent_id == one.agent_id
        for case in cases.values():
            # What is not a conversation's case any more has come to an end.
            assert case.id in current or case.state in {"left", "closed", "answered"}
            assert (case.ended_at is not None) == (case.state in {"left", "closed", "answered"})
        assert self.cases <= cases.keys()
        self.cases = set(cases)

    @invariant()
    def the_history_says_who_has_what(self):
        with self.database.read() as session:
            open_ones = session.scalars(
                select(handlings.Handling).where(handlings.Handling.ended_at.is_(None))
            ).all()
            had = session.scalars(select(Conversation).where(Conversation.owner == "agent")).all()
            taken = session.scalars(
                select(Escalation).where(
                    Escalation.state == "ticket", Escalation.agent_id.is_not(None)
                )
            ).all()
        assert sorted((one.conversation_id, one.agent_id) for one in open_ones) == sorted(
            [(one.id, one.agent_id) for one in had]
            + [(case.conversation_id, case.agent_id) for case in taken]
        )

    @invariant()
    def events_are_only_added_and_have_no_gaps(self):
        with self.database.read() as session:
            for one, known in self.events.items():
                ids = [event.id for event in events.after(session, one, 0, 5000, staff=True)]
                assert ids == list(range(1, len(ids) + 1))
                assert len(ids) >= known
                self.events[one] = len(ids)

    @invariant()
    def an_offer_rings_for_who_waits_at_one_agent_and_for_one_case(self):
        with self.database.read() as session:
            found = session.scalars(select(rings.Ring).where(rings.Ring.state == "rings")).all()
            waiting = set(
                session.scalars(select(Conversation.id).where(Conversation.owner == "queue"))
            )
            due = set(session.scalars(select(Callback.id).where(Callback.state == "booked")))
        # What rings is a chat that waits, or a callback, whose customer may wait for no chat.
        assert {one.conversation_id for one in found if one.callback_id is None} <= waiting
        assert {one.callback_id for one in found if one.callback_id is not None} <= due
        assert len({(one.conversation_id, one.callback_id) for one in found}) == len(found)
        assert len({one.agent_id for one in found}) == len(found)

    @invariant()
    def places_count_the_queue_in_its_order(self):
        with self.database.read() as session:
            rows = queue.overview(session, self.desk.anna.id, self.desk.now)["waiting"]
            places = [
                queue.place_of(session, conversations.find(session, row["id"])) for row in rows
            ]
        assert places == list(range(1, len(rows) + 1))

    @invariant()
    def nobody_has_more_chats_than_they_take(self):
        with self.database.read() as session:
            for one in attendance.everyone(session, self.desk.now):
                # A call that is answered takes no seat from anybody.
                calls_made = session.scalars(
                    select(handlings.Handling)
                    .join(Escalation, Escalation.id == handlings.Handling.escalation_id)
                    .where(
                        handlings.Handling.agent_id == one.id,
                        handlings.Handling.ended_at.is_(None),
                        Escalation.state != "ticket",  # nobody waits in the chat of a ticket
                    )
                ).all()
                assert len(calls_made) == one.chats

    def teardown(self):
        """Work off whatever is there: every case comes to its end."""
        now = self.desk.later(minutes=2)  # nobody is kept for the agent before any more
        anna = self.agents["anna"]
        with self.database.write() as session:
            for one in session.scalars(select(Conversation)).all():
                callback = bookings.current(session, one.id)
                if callback is not None and callback.state == "calling":
                    caller = session.get(Agent, callback.agent_id)
                    callbacks.close(session, callback.id, caller, "reached", now)
                if one.owner == "agent":
                    owner = session.get(Agent, one.agent_id)
                    assignments.close(session, one.id, owner, now)
        for one in self.events:
            with self.database.write() as session, contextlib.suppress(DeskError):
                callbacks.cancel(session, one, now)
            with self.database.write() as session:
                if conversations.find(session, one).owner == "queue":
                    assignments.claim(session, one, anna, now)
                    assignments.close(session, one, anna, now)
            with self.database.write() as session, contextlib.suppress(DeskError):
                tickets.answer(session, one, anna, f"last-{next(self.numbers):04d}", "好", now)
        with self.database.read() as session:
            assert "rings" not in set(session.scalars(select(rings.Ring.state)))
            states = set(session.scalars(select(Escalation.state)))
            assert states <= {"left", "closed", "answered"}
            for one in self.events:
                found = conversations.find(session, one)
                assert found.owner == "bot"
                rows = progress.cases(session, found, HOURS, now)
                assert all(row["state"] in ("bot", "closed", "solved") for row in rows)


def test_no_case_is_lost_none_owned_twice_and_every_one_ends(database: Database, request) -> None:
    postgres = "postgresql" in request.node.name

    class Here(Floor):
        pass

    Here.database = database
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples(4, 12) if postgres else examples(15, 40),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_table_of_states_leaves_no_dead_end() -> None:
    ends = {"left", "closed", "answered"}
    reach = set(ends)
    while True:
        more = {
            state
            for rule in TRANSITIONS.values()
            for state in rule.cases
            if rule.case in reach and state not in reach
        }
        if not more:
            break
        reach |= more
    assert {rule.case for rule in TRANSITIONS.values()} <= reach
    owners = {"queue": "waiting", "agent": "claimed"}
    for verb, step in TRANSITIONS.items():
        assert owners.get(step.target, step.case) == step.case, verb
