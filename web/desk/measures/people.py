"""Who is at work just now, and with whom: agents and the cases in their hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from web.desk import attendance
from web.desk.handlings import Handling
from web.desk.handout.rings import Ring
from web.desk.measures import facts
from web.desk.measures.spans import age
from web.desk.models import Agent, AgentSession, Conversation, Escalation, Moment
from web.desk.rota.arrivals import Duty

MOST_CHATS = 40  # in hand that are named, the longest first


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the lead sees them. since: when this status began; None when nobody knows.

    oldest: seconds of the longest chat in hand. today: cases taken since midnight. rings: a case is
    offered to them just now. duty: how they stand to their shift; None without one until tomorrow.
    """

    id: int
    name: str
    status: str
    since: datetime | None
    chats: int
    max_chats: int
    oldest: int
    today: int
    rings: bool = False
    duty: Duty | None = None

    @property
    def free(self) -> int:
        """How many more chats they take."""
        return max(0, self.max_chats - self.chats) if self.status == "online" else 0


@dataclass(frozen=True, slots=True)
class Chat:
    """A case in an agent's hands. seconds: how long it has been there."""

    conversation: str
    number: str | None
    topic: str | None
    urgent: bool
    agent: str
    seconds: int


def everyone(
    session: Session,
    now: datetime,
    midnight: datetime,
    silence: timedelta,
    duties: Mapping[int, Duty],
) -> tuple[Person, ...]:
    """List the agents: who is there first, the busiest first."""
    seen = select(AgentSession.agent_id, type_coerce(func.max(AgentSession.seen_at), Moment))
    last = {row[0]: row[1] for row in session.execute(seen.group_by(AgentSession.agent_id))}
    since = {row[0]: row[1] for row in session.execute(select(Agent.id, Agent.status_at))}
    oldest = (
        select(Handling.agent_id, type_coerce(func.min(Handling.began_at), Moment))
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .where(Conversation.owner == "agent", Handling.ended_at.is_(None))
        .group_by(Handling.agent_id)
    )
    begun = {row[0]: row[1] for row in session.execute(oldest)}
    # Counted here: a database that groups by agent reads every handling there ever was.
    taken = select(Handling.agent_id).where(
        Handling.began_at >= midnight, Handling.began.in_(facts.CHATS)
    )
    today = Counter(session.scalars(taken))
    query = select(Ring.agent_id).where(Ring.state == "rings", Ring.until > now)
    offered = set(session.scalars(query))
    found = [
        Person(
            id=one.id,
            name=one.name,
            status=one.status,
            since=last.get(one.id) if one.status == "offline" else since.get(one.id),
            chats=one.chats,
            max_chats=one.max_chats,
            oldest=age(begun.get(one.id), now),
            today=today.get(one.id, 0),
            rings=one.id in offered,
            duty=duties.get(one.id),
        )
        for one in attendance.everyone(session, now, silence)
    ]
    order = ("online", "away", "offline")
    return tuple(sorted(found, key=lambda one: (order.index(one.status), -one.chats, one.name)))


def chats(session: Session, now: datetime) -> tuple[Chat, ...]:
    """List the cases in hand, the longest first."""
    query = (
        select(Conversation.id, Conversation.urgent, Escalation, Agent.display, Handling.began_at)
        .join(Handling, Handling.conversation_id == Conversation.id)
        .join(Agent, Agent.id == Conversation.agent_id)
        .join(Escalation, Escalation.id == Handling.escalation_id)
        .where(
            Conversation.owner == "agent",
            Handling.ended_at.is_(None),
            Escalation.id == Conversation.escalation_id,
        )
        .order_by(Handling.began_at)
        .limit(MOST_CHATS)
    )
    return tuple(
        Chat(one, its.number, its.topic, urgent, agent, age(began, now))
        for one, urgent, its, agent, began in session.execute(query)
    )
