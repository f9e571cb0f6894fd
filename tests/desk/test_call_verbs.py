"""Whatever is done with a call, in any order, one agent has it and it ends."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from tests.desk.conftest import NOW, Desk
from tests.desk.test_calls import XIAOLIN
from tests.thorough import examples
from web.desk import calls, video
from web.desk.calls import Call
from web.desk.errors import DeskError


def test_any_sequence_of_verbs_owns_no_call_twice_and_ends_every_one(desk: Desk) -> None:
    agents = [desk.anna, desk.zhou]

    class Machine(RuleBasedStateMachine):
        """Two customers call, two agents come, go, answer, refuse; networks fail; time passes."""

        def __init__(self) -> None:
            super().__init__()
            # The clock and whom the example before rang would make this one another.
            desk.now = NOW
            with desk.database.write() as session:
                session.execute(delete(Call))
            self.who = [desk.open().conversation.id for _ in range(2)]
            self.online = {agent.id for agent in agents}
            self.known: list[str] = []

        def act(self, verb: object, *arguments: object) -> None:
            try:
                with desk.database.write() as session:
                    done = verb(session, *arguments)
                    if isinstance(done, Call) and done.id not in self.known:
                        self.known.append(done.id)
            except DeskError:
                pass

        @rule(at=st.integers(0, 1), media=st.sampled_from(["video", "audio"]))
        def requests(self, at: int, media: str) -> None:
            desk.later(milliseconds=1)  # no two at once, whose order would be chance
            self.act(video.request, self.who[at], media, sorted(self.online), desk.now)

        @precondition(lambda self: self.known)
        @rule(data=st.data(), at=st.integers(0, 1), verb=st.sampled_from(["accept", "refuse"]))
        def answers(self, data: st.DataObject, at: int, verb: str) -> None:
            call_id = data.draw(st.sampled_from(self.known))
            if verb == "accept":
                self.act(video.accept, call_id, agents[at], desk.now)
            else:
                self.act(video.refuse, call_id, agents[at], sorted(self.online), desk.now)

        @precondition(lambda self: self.known)
        @rule(data=st.data(), verb=st.sampled_from(["connect", "hang_up", "fail"]))
        def goes_on(self, data: st.DataObject, verb: str) -> None:
            call_id = data.draw(st.sampled_from(self.known))
            if verb == "connect":
                self.act(video.connect, call_id, desk.now)
            elif verb == "hang_up":
                self.act(video.hang_up, call_id, XIAOLIN, desk.now)
            else:
                self.act(video.fail, call_id, "network", desk.now)

        @precondition(lambda self: self.known)
        @rule(data=st.data(), side=st.sampled_from(["customer", "agent"]))
        def lives(self, data: st.DataObject, side: str) -> None:
            call_id = data.draw(st.sampled_from(self.known))
            self.act(video.sign_of_life, call_id, side, desk.now)

        @rule(at=st.integers(0, 1))
        def comes_or_goes(self, at: int) -> None:
            self.online ^= {agents[at].id}

        @rule(seconds=st.sampled_from([1, 10, 31]))
        def time_passes(self, seconds: int) -> None:
            desk.later(seconds=seconds)
            self.act(video.sweep, sorted(self.online), desk.now)

        def rows(self) -> list[Call]:
            with desk.database.read() as session:
                return list(session.scalars(select(Call).where(Call.id.in_(self.known))))

        @invariant()
        def none_is_lost_or_owned_twice(self) -> None:
            rows = self.rows()
            assert len(rows) == len(self.known)
            held = [row.agent_id for row in rows if row.state in calls.WITH_AGENT]
            assert None not in held
            assert len(held) == len(set(held))
            for row in rows:
                assert (row.ended_at is not None) == (row.state in calls.ENDS)
                assert bool(row.code) == (row.state in calls.LIVE)
                assert (row.seconds is not None) == (
                    row.state in calls.ENDS and row.connected_at is not None
                )
            live = [row.conversation_id for row in rows if row.state in calls.LIVE]
            assert len(live) == len(set(live))

        def teardown(self) -> None:
            for _ in range(4):  # everybody has left
                desk.later(seconds=video.WAIT.total_seconds())
                self.act(video.sweep, [], desk.now)
            assert all(row.state in calls.ENDS for row in self.rows())

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples(8, 25),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert video.RING < video.WAIT
    assert timedelta(seconds=10) < video.CONNECT
