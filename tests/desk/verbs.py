"""What customers, agents and time can do at the desk now, for a machine to do in any order."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    multiple,
    rule,
)
from sqlalchemy import delete, select

from tests.desk.conftest import Desk
from web.desk import (
    assignments,
    attendance,
    conversations,
    escalations,
    notes,
    ratings,
)
from web.desk.database import Database
from web.desk.errors import DeskError
from web.desk.events import BOT, CUSTOMER
from web.desk.handout import offers, rings
from web.desk.handout.rule import Rule
from web.desk.hours import Hours
from web.desk.models import AgentSession, Base, Conversation, Escalation
from web.realtime.bus import Bus
from web.watch import end_idle, shelve, take_back

SILENCE = timedelta(seconds=25)
HERE = ZoneInfo("Asia/Shanghai")
DAY = tuple((((9 * 60, 18 * 60),),) * 7)
HOURS = Hours(HERE, {"chat": DAY}, frozenset(), ((),) * 7, ((),) * 7)
OFFERED = Rule()


class Always:
    """Open at any time, so that a callback can be booked whenever the machine wants one."""

    def is_open(self, channel, at):
        return True

    def load(self, at):
        return "normal"


class Verbs(RuleBasedStateMachine):
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
    def end_what_customers_left(self):
        end_idle(self.database, Bus(), self.desk.now)

    @rule(one=things, who=who)
    def speak(self, one, who):
        number = f"spoken-{next(self.numbers):05d}"
        self.attempt(
            lambda s: conversations.post_as_agent(
                s, one, self.agents[who], number, "请稍等", self.desk.now
            )
        )

    @rule()
    def end_of_hours(self):
        if not HOURS.is_open("chat", self.desk.now):
            shelve(self.database, Bus(), HOURS, SILENCE, self.desk.now)
