"""Whatever is done with booked calls, in any order, none is lost and each ends."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import delete

from tests.desk.conftest import NOW, Desk
from tests.desk.test_callbacks import OFFICE, RULES, VAULT, start_of
from tests.thorough import examples
from web.desk import assignments, bookings, callback_list, callbacks, conversations
from web.desk.bookings import Callback
from web.desk.errors import DeskError
from web.desk.slots import Slot


def test_any_sequence_of_verbs_loses_no_callback_and_ends_every_one(desk: Desk) -> None:
    class Machine(RuleBasedStateMachine):
        """小林 and 阿杰 book, move and cancel; 安娜 and 老周 call, forget and close."""

        def __init__(self) -> None:
            super().__init__()
            # The clock and what the example before booked would make this one another.
            desk.now = NOW
            with desk.database.write() as session:
                session.execute(delete(Callback))
                session.execute(delete(Slot))
            self.who = [desk.open().conversation.id for _ in range(2)]
            self.number = 0
            self.known: dict[int, str] = {}

        def act(self, verb: object, *arguments: object) -> None:
            try:
                with desk.database.write() as session:
                    done = verb(session, *arguments)
                    self.known[done.id] = done.state
            except DeskError:
                pass

        def ids(self) -> list[int]:
            return sorted(self.known) or [0]

        @rule(at=st.integers(0, 1), hour=st.integers(9, 17))
        def books(self, at: int, hour: int) -> None:
            self.number += 1
            number = f"139{self.number:08d}"
            slot = start_of(desk, hour=hour)
            self.act(callbacks.book, self.who[at], number, slot, OFFICE, RULES, VAULT, desk.now)

        @rule(at=st.integers(0, 1), hour=st.integers(9, 17))
        def moves(self, at: int, hour: int) -> None:
            slot = start_of(desk, hour=hour)
            self.act(callbacks.move, self.who[at], slot, OFFICE, RULES, desk.now)

        @rule(at=st.integers(0, 1))
        def cancels(self, at: int) -> None:
            self.act(callbacks.cancel, self.who[at], desk.now)

        @precondition(lambda self: self.known)
        @rule(data=st.data(), first=st.booleans())
        def takes(self, data: st.DataObject, first: bool) -> None:
            agent = desk.anna if first else desk.zhou
            self.act(callbacks.take, data.draw(st.sampled_from(self.ids())), agent, desk.now)

        @precondition(lambda self: self.known)
        @rule(data=st.data(), first=st.booleans())
        def releases(self, data: st.DataObject, first: bool) -> None:
            agent = desk.anna if first else desk.zhou
            self.act(callbacks.release, data.draw(st.sampled_from(self.ids())), agent, desk.now)

        @precondition(lambda self: self.known)
        @rule(
            data=st.data(),
            first=st.booleans(),
            outcome=st.sampled_from(["reached", "no_answer", "wrong_number"]),
        )
        def closes(self, data: st.DataObject, first: bool, outcome: str) -> None:
            agent = desk.anna if first else desk.zhou
            callback_id = data.draw(st.sampled_from(self.ids()))
            self.act(callbacks.close, callback_id, agent, outcome, desk.now)

        @rule(minutes=st.sampled_from([1, 25, 600]))
        def time_passes(self, minutes: int) -> None:
            desk.later(minutes=minutes)

        @invariant()
        def nothing_is_lost_or_owned_twice(self) -> None:
            with desk.database.read() as session:
                rows = [session.get_one(Callback, callback_id) for callback_id in self.known]
                listed = {row["id"] for row in callback_list.listed(session, desk.now)}
            for row in rows:
                assert row.state == self.known[row.id]
                assert (row.state in bookings.OPEN) == (row.id in listed)
                assert (row.ended_at is not None) == (row.state in bookings.ENDS)
                assert bool(row.number) == bool(row.code) == (row.state in bookings.OPEN)
                assert row.attempts <= 1 + len(callbacks.PAUSES)
                assert row.state != "calling" or row.agent_id is not None
                assert row.state != "booked" or row.agent_id is None
            for conversation_id in self.who:
                mine = [r for r in rows if r.conversation_id == conversation_id]
                assert sum(row.state in bookings.OPEN for row in mine) <= 1

        def teardown(self) -> None:
            # Whatever was left open, an agent who works the list brings it to an end.
            desk.later(days=2)  # a call before its time is no try
            with desk.database.write() as session:
                for conversation_id in self.who:
                    owner = conversations.find(session, conversation_id).agent_id
                    if owner is not None:
                        agent = desk.anna if owner == desk.anna.id else desk.zhou
                        assignments.close(session, conversation_id, agent, desk.now)
            for _ in range(2 + len(callbacks.PAUSES)):
                desk.later(hours=3)
                for callback_id in self.known:
                    self.act(callbacks.take, callback_id, desk.anna, desk.now)
                    self.act(callbacks.close, callback_id, desk.anna, "no_answer", desk.now)
            assert all(state in bookings.ENDS for state in self.known.values())

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples(8, 20),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
