"""Which agents are at their desks: those whose console has shown a sign of life just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from web.desk.database import Database
from web.desk.models import Agent, AgentSession, Conversation
from web.desk.tokens import digest

SILENCE = timedelta(seconds=25)  # consoles tell that they live every 10 s
STATUSES = ("online", "away")
MOST_CHATS = 20
ROLES = ("agent", "lead")  # editors and auditors have accounts too and answer nobody
NOTED = timedelta(minutes=1)  # how exactly the last use of a session is kept


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent as the desk sees them now. status: online, away or offline; chats: at once."""

    id: int
    name: str
    status: str
    chats: int
    max_chats: int

    @property
    def free(self) -> int:
        """How many more chats they take."""
        return max(0, self.max_chats - self.chats) if self.status == "online" else 0

    def as_json(self) -> dict[str, Any]:
        """Show it as the console's API does."""
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "chats": self.chats,
            "max_chats": self.max_chats,
        }


def here(session: Session, token_hash: str, now: datetime, silence: timedelta = SILENCE) -> None:
    """Note that the console of a signed-in session is open, and since when its agent is here."""
    owner = select(AgentSession.agent_id).where(AgentSession.token_hash == token_hash)
    session.execute(
        update(Agent)
        .where(Agent.id == owner.scalar_subquery(), ~seen(Agent.id, now - silence))
        .values(status_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(AgentSession)
        .where(AgentSession.token_hash == token_hash, AgentSession.seen_at < now)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def settle(
    session: Session,
    agent_id: int,
    *,
    status: str | None = None,
    max_chats: int | None = None,
    now: datetime | None = None,
) -> None:
    """Set whether an agent takes new chats, and how many at once; now: when that changes."""
    values: dict[str, Any] = {}
    if status in STATUSES:
        values["status"] = status
        if now is not None:
            values["status_at"] = case((Agent.status == status, Agent.status_at), else_=now)
    if max_chats is not None:
        values["max_chats"] = min(max(1, max_chats), MOST_CHATS)
    if values:
        session.execute(
            update(Agent)
            .where(Agent.id == agent_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def present(session: Session, now: datetime, silence: timedelta = SILENCE) -> list[int]:
    """List the ids of the agents who are there and take new cases."""
    query = select(Agent.id).where(
        Agent.active,
        Agent.role.in_(ROLES),
        Agent.status == "online",
        seen(Agent.id, now - silence),
    )
    return list(session.scalars(query.order_by(Agent.id)))


def at_desk(session: Session, now: datetime, silence: timedelta = SILENCE) -> set[int]:
    """Give the agents who are there, take new cases, and have had their console open.

    Signing in alone shows a sign of life too; a lead may have gone to the board from there.
    """
    beaten = select(AgentSession.agent_id).where(
        AgentSession.seen_at > now - silence,
        AgentSession.seen_at > AgentSession.created_at,
        AgentSession.stage == "whole",
    )
    return set(present(session, now, silence)) & set(session.scalars(beaten))


def everyone(session: Session, now: datetime, silence: timedelta = SILENCE) -> list[Colleague]:
    """List the agents with their presence and their chats."""
    there = set(
        session.scalars(select(Agent.id).where(Agent.active, seen(Agent.id, now - silence)))
    )
    chats = _chats(session)
    query = select(Agent).where(Agent.active, Agent.role.in_(ROLES)).order_by(Agent.id)
    return [
        Colleague(
            id=agent.id,
            name=agent.display,
            status=agent.status if agent.id in there else "offline",
            chats=chats.get(agent.id, 0),
            max_chats=agent.max_chats,
        )
        for agent in session.scalars(query.execution_options(populate_existing=True))
    ]


def seen(agent_id: Any, after: datetime) -> ColumnElement[bool]:
    """Say in SQL that an agent has shown a sign of life after a time."""
    query = select(AgentSession.agent_id).where(
        AgentSession.agent_id == agent_id,
        AgentSession.seen_at > after,
        AgentSession.stage == "whole",
    )
    return query.correlate_except(AgentSession).exists()


def _chats(session: Session) -> dict[int, int]:
    # not null, said aloud, lets the grouping read the index of those who have an agent alone
    query = select(Conversation.agent_id, func.count()).where(
        Conversation.owner == "agent", Conversation.agent_id.is_not(None)
    )
    rows = session.execute(query.group_by(Conversation.agent_id))
    return {agent_id: count for agent_id, count in rows if agent_id is not None}


def note_use(database: Database, token: str, now: datetime) -> None:
    """Note that a person, and not only their open page, uses a session."""
    mark = digest(token)
    with database.read() as session:
        row = session.get(AgentSession, mark)
    if row is None or row.used_at > now - NOTED:
        return
    with database.write() as session:
        session.execute(
            update(AgentSession)
            .where(AgentSession.token_hash == mark, AgentSession.used_at < now)
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
