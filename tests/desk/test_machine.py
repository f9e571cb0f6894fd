"""Random sequences of the desk's verbs: no case lost, none owned twice, every one ends."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from tests.desk.conftest import Desk
from web.desk import (
    assignments,
    attendance,
    bookings,
    callbacks,
    calls,
    conversations,
    escalations,
    events,
    handlings,
    notes,
    progress,
    queue,
    ratings,
    slots,
    tickets,
    ticketwork,
    video,
)
from web.desk.database import Database
from web.desk.errors import DeskError
from web.desk.events import BOT, CUSTOMER
from web.desk.handout import offers, rings
from web.desk.handout.rule import Rule
from web.desk.hours import Hours
from web.desk.models import Agent, AgentSession, Base, Conversation, Escalation
from web.desk.transitions import TRANSITIONS
from web.desk.vault import Vault
from web.realtime.bus import Bus
from web.watch import shelve, take_back

SILENCE = timedelta(seconds=25)
HERE = ZoneInfo("Asia/Shanghai")
DAY = tuple((((9 * 60, 18 * 60),),) * 7)
HOURS = Hours(HERE, {"chat": DAY}, frozenset(), ((),) * 7, ((),) * 7)
CASE_OF_OWNER = {"queue": {"waiting"}, "agent": {"claimed"}}
RESTING = {"left", "closed", "ticket", "answered", "callback"}
RULES = callbacks.Rules(capacity=99)
OFFERED = Rule()
VAULT = Vault(["a secret of the tests only"])


class Always:
    """Open at any time, so that a callback can be booked whenever the machine wants one."""

    def is_open(self, channel, at):
        return True

    def load(self, at):
        return "normal"


class Floor(RuleBasedStateMachine):
    """Three agents' worth of verbs thrown at some conversations in any order."""

    database: Database
    things = Bundle("things")
    who = st.sampled_from(["anna", "zhou"])

    def __init__(self) -> None:
        super().__init__()
        with self.database.write() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
        self.desk = Desk(self.database)
        self.numbers = count(1)
        self.events: dict[str, int] = {}
        self.cases: set[int] = set()
        self.agents = {"anna": self.desk.anna, "zhou": self.desk.zhou}
        with self.database.write() as session:
            for agent in self.agents.values():
                session.add(
                    AgentSession(
                        token_hash=agent.name,
                        agent_id=agent.id,
                        created_at=self.desk.now,
                        seen_at=self.desk.now,
                    )
                )

    def attempt(self, act) -> bool:
        """Carry out a verb that may be refused; a refusal must leave nothing behind."""
        self.desk.later(seconds=1)
        before = self.picture()
        try:
            with self.database.write() as session:
                act(session)
        except DeskError:
            assert self.picture() == before
            return False
        return True

    def picture(self):
        with self.database.read() as session:
            return (
                session.execute(
                    select(
                        Conversation.id,
                        Conversation.owner,
                        Conversation.agent_id,
                        Conversation.last_event,
                    ).order_by(Conversation.id)
                ).all(),
                session.execute(
                    select(Escalation.id, Escalation.state).order_by(Escalation.id)
                ).all(),
            )

    @rule(target=things)
    def open(self):
        if len(self.events) >= 4:
            return multiple()
        conversation_id = self.desk.open().conversation.id
        self.events[conversation_id] = 0
        return conversation_id

    @rule(one=things, urgent=st.booleans())
    def escalate(self, one, urgent):
        self.attempt(
            lambda session: escalations.escalate(
                session,
                one,
                BOT,
                self.desk.now,
                topic=None,
                reason="asked",
                urgent=urgent,
                card={"amount": "88"},
            )
        )

    @rule(one=things)
    def hasten(self, one):
        self.attempt(lambda s: escalations.hasten(s, one, CUSTOMER, self.desk.now, "fraud"))

    @rule(one=things, who=who)
    def claim(self, one, who):
        self.attempt(lambda s: assignments.claim(s, one, self.agents[who], self.desk.now))

    @rule()
    def hand_out(self):
        self.desk.later(seconds=1)
        offers.step(self.database, self.desk.now, OFFERED, SILENCE)

    @rule(who=who, take=st.booleans())
    def answer_an_offer(self, who, take):
        agent = self.agents[who]

        def act(session):
            if (ring := rings.of_agent(session, agent.id, self.desk.now)) is not None:
                verb = offers.accept if take else offers.decline
                verb(session, ring.id, agent, self.desk.now)

        self.attempt(act)

    @rule(who=who)
    def sit_down(self, who):
        agent = self.agents[who]
        self.attempt(lambda s: attendance.settle(s, agent.id, status="online", now=self.desk.now))

    @rule(one=things, who=who, away=st.booleans())
    def transfer(self, one, who, away):
        agent = self.agents[who]
        to = None if away else self.desk.other(agent).id
        self.attempt(lambda s: assignments.transfer(s, one, agent, to, "请接着处理", self.desk.now))

    @rule(one=things, who=who)
    def take_over(self, one, who):
        self.attempt(lambda s: assignments.take_over(s, one, self.agents[who], self.desk.now))

    @rule(one=things, who=who)
    def note(self, one, who):
        self.attempt(lambda s: notes.write(s, one, self.agents[who], "等回电", self.desk.now))

    @rule(one=things, who=who)
    def give_back(self, one, who):
        self.attempt(lambda s: assignments.give_back(s, one, self.agents[who], self.desk.now))

    @rule(one=things, who=who)
    def close(self, one, who):
        self.attempt(lambda s: assignments.close(s, one, self.agents[who], self.desk.now))

    @rule(one=things)
    def reopen(self, one):
        self.attempt(lambda s: escalations.reopen(s, one, CUSTOMER, self.desk.now))

    @rule(one=things)
    def leave(self, one):
        self.attempt(lambda s: escalations.leave(s, one, CUSTOMER, self.desk.now))

    @rule(one=things)
    def come_back(self, one):
        self.attempt(lambda s: escalations.rejoin(s, one, CUSTOMER, self.desk.now))

    @rule(one=things, email=st.booleans())
    def ticket(self, one, email):
        wish = tickets.Wish(
            text="退款没到",
            client_id=f"words-{next(self.numbers):04d}",
            email="x" if email else None,
        )
        self.attempt(lambda s: tickets.leave_message(s, one, wish, CUSTOMER, HOURS, self.desk.now))

    @rule(one=things, who=who)
    def answer(self, one, who):
        self.attempt(
            lambda s: tickets.answer(
                s, one, self.agents[who], f"reply-{next(self.numbers):04d}", "已退", self.desk.now
            )
        )

    @rule(one=things, who=who)
    def take_ticket(self, one, who):
        self.attempt(lambda s: ticketwork.take(s, one, self.agents[who], self.desk.now))

    @rule(one=things, who=who, back=st.booleans())
    def hand_ticket_on(self, one, who, back):
        agent = self.agents[who]
        to = None if back else self.desk.other(agent).id
        self.attempt(lambda s: ticketwork.hand_on(s, one, agent, to, "", self.desk.now))

    @rule(one=things, who=who)
    def ask_back(self, one, who):
        number, now = f"reply-{next(self.numbers):04d}", self.desk.now
        self.attempt(
            lambda s: tickets.answer(s, one, self.agents[who], number, "哪天？", now, done=False)
        )

    @rule(one=things)
    def book(self, one):
        start = slots._ceiling(self.desk.now + timedelta(hours=1))
        number = f"138{next(self.numbers):08d}"
        self.attempt(
            lambda s: callbacks.book(s, one, number, start, Always(), RULES, VAULT, self.desk.now)
        )

    @rule(one=things)
    def cancel_callback(self, one):
        self.attempt(lambda s: callbacks.cancel(s, one, self.desk.now))

    @rule(one=things, who=who)
    def take_callback(self, one, who):
        agent = self.agents[who]
        self.attempt(lambda s: callbacks.take(s, bookings.own(s, one).id, agent, self.desk.now))

    @rule(one=things, who=who, how=st.sampled_from(["reached", "no_answer", "wrong_number"]))
    def close_callback(self, one, who, how):
        agent = self.agents[who]
        self.attempt(
            lambda s: callbacks.close(s, bookings.own(s, one).id, agent, how, self.desk.now)
        )

    @rule(one=things, who=who)
    def call_and_accept(self, one, who):
        agent = self.agents[who]

        def act(session):
            call = video.request(session, one, "video", [agent.id], self.desk.now)
            video.accept(session, call.id, agent, self.desk.now)

        self.attempt(act)

    @rule(one=things)
    def hang_up(self, one):
        def act(session):
            if (call := calls.current(session, one)) is not None:
                video.hang_up(session, call.id, CUSTOMER, self.desk.now)

        self.attempt(act)

    @rule(one=things, score=st.integers(1, 5))
    def rate(self, one, score):
        self.attempt(lambda s: ratings.rate(s, one, score, "好", self.desk.now))

    @rule(one=things)
    def say(self, one):
        self.attempt(
            lambda s: conversations.post(
                s, one, f"said-{next(self.numbers):05d}", "在吗", self.desk.now
            )
        )

    @rule(who=who)
    def beat(self, who):
        self.attempt(lambda s: attendance.here(s, who, self.desk.now))

    @rule(seconds=st.sampled_from([5, 30, 700, 9 * 3600]))
    def wait(self, seconds):
        self.desk.later(seconds=seconds)

    @rule()
    def lose_agents(self):
        take_back(self.database, Bus(), SILENCE, self.desk.now)
        with self.database.read() as session:
            assert assignments.silent(session, self.desk.now - SILENCE) == []

    @rule()
    def end_of_hours(self):
        if not HOURS.is_open("chat", self.desk.now):
            shelve(self.database, Bus(), HOURS, SILENCE, self.desk.now)

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
        assert {one.conversation_id for one in found} <= waiting
        assert len({one.conversation_id for one in found}) == len(found)
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
            max_examples=12 if postgres else 40,
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
