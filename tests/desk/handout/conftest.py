"""A desk at which cases ring at two agents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.desk.conftest import Desk
from web.desk import escalations, events
from web.desk.database import Database
from web.desk.events import BOT
from web.desk.handout import offers
from web.desk.handout.rings import Ring
from web.desk.handout.rule import Rule
from web.desk.models import Agent, AgentSession, Conversation

RULE = Rule(rings=timedelta(seconds=20), overflow=timedelta(seconds=90), misses=2)


class Floor(Desk):
    """A desk at which 安娜 and 老周 sit."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        for agent in (self.anna, self.zhou):
            with database.write() as session:
                session.add(
                    AgentSession(
                        token_hash=agent.name,
                        agent_id=agent.id,
                        created_at=self.now,
                        seen_at=self.now + timedelta(days=1),
                    )
                )

    def wait(self, topic: str | None = None, *, urgent: bool = False) -> str:
        one = self.open().conversation.id
        with self.database.write() as session:
            escalations.escalate(
                session, one, BOT, self.now, topic=topic, reason="asked", urgent=urgent, card={}
            )
        return one

    def step(self) -> list[str]:
        return offers.step(self.database, self.now, RULE)

    def ring(self) -> Ring:
        (one,) = self.rings()
        return one

    def rings(self) -> list[Ring]:
        with self.database.read() as session:
            return list(session.scalars(select(Ring).where(Ring.state == "rings")))

    def rung(self) -> list[tuple[int, str]]:
        """Who was asked so far, and how it ended."""
        with self.database.read() as session:
            found = session.scalars(select(Ring).order_by(Ring.id))
            return [(one.agent_id, one.state) for one in found]

    def agent(self, agent_id: int) -> Agent:
        return self.anna if agent_id == self.anna.id else self.zhou

    def accept(self, ring: Ring) -> None:
        with self.database.write() as session:
            offers.accept(session, ring.id, self.agent(ring.agent_id), self.now)

    def decline(self, ring: Ring) -> None:
        with self.database.write() as session:
            offers.decline(session, ring.id, self.agent(ring.agent_id), self.now)

    def owner(self, one: str) -> tuple[str, int | None]:
        with self.database.read() as session:
            found = session.get_one(Conversation, one)
            return found.owner, found.agent_id

    def kinds(self, one: str) -> list[str]:
        with self.database.read() as session:
            return [event.type for event in events.after(session, one, 0, staff=True)]


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor(database)
