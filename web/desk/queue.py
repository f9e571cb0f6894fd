"""The queue as both sides see it.

Urgent first, then whose agent was lost, then by waiting time since first joining; of the urgent
ones first who is signed in, for anybody can open as many conversations without a name. Places that
one address took many of come last until they were worked for (doubts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from web.desk import attendance, estimates, rows
from web.desk.models import Agent, Conversation, Escalation

WINDOW = 50  # rows that a console is sent by itself; more on request
KNOWN = and_(Conversation.urgent.is_(True), Conversation.subject.is_not(None))
IN_ORDER = (
    Conversation.urgent.desc(),
    Conversation.front.desc(),
    Conversation.doubtful,
    case((KNOWN, 0), else_=1),
    Conversation.queued_at,
    Conversation.id,
)


_WAITING = select(func.count()).select_from(Conversation).where(Conversation.owner == "queue")


def state(
    session: Session,
    conversation: Conversation,
    now: datetime,
    silence: timedelta = attendance.SILENCE,
) -> dict[str, Any]:
    """Show who has a conversation now.

    {owner, queue: {place, waiting, minutes: [low, high] or None, agents: online, doubtful} or
    None, agent, typing, read: {customer, agent}: the newest event that each side saw}.
    """
    shown = None
    if conversation.owner == "queue":
        place = place_of(session, conversation)
        load = estimates.load(session, now, silence)
        shown = {
            "place": place,
            "waiting": waiting(session),
            "minutes": load.minutes(place),
            "agents": load.online,
            "doubtful": conversation.doubtful,
        }
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    return {
        "owner": conversation.owner,
        "queue": shown,
        "agent": agent.display if agent else None,
        "typing": None,
        "read": {"customer": conversation.customer_read, "agent": conversation.agent_read},
    }


def standings(
    session: Session, now: datetime, silence: timedelta = attendance.SILENCE
) -> dict[str, dict[str, Any]]:
    """Show the places of all who wait: {conversation: as in `state`}."""
    query = select(Conversation.id, Conversation.doubtful).where(Conversation.owner == "queue")
    found = session.execute(query.order_by(*IN_ORDER)).all()
    load = estimates.load(session, now, silence)
    return {
        conversation_id: {
            "place": place,
            "waiting": len(found),
            "minutes": load.minutes(place),
            "agents": load.online,
            "doubtful": doubtful,
        }
        for place, (conversation_id, doubtful) in enumerate(found, 1)
    }


_QUEUED = select(Conversation.id).where(Conversation.owner == "queue")
_CALM = _QUEUED.where(Conversation.urgent.is_(False)).order_by(
    Conversation.queued_at, Conversation.id
)
# Who may stand among the first: the index of the queue leads to each part in its order, however
# many wait; only the urgent, of whom there are few, have to be sorted.
_FIRST = union_all(
    *(
        select(part.limit(WINDOW).subquery().c.id)
        for part in (
            _QUEUED.where(Conversation.urgent.is_(True)).order_by(*IN_ORDER),
            _CALM.where(Conversation.front.is_(True)),
            _CALM.where(Conversation.front.is_(False)),
        )
    )
)


def waiting(session: Session) -> int:
    """Count the conversations in the queue."""
    return session.scalar(_WAITING) or 0


def place_of(session: Session, conversation: Conversation) -> int:
    """Count the place of a waiting conversation, from 1."""
    at = conversation.queued_at
    sooner = or_(
        Conversation.queued_at < at,
        and_(Conversation.queued_at == at, Conversation.id < conversation.id),
    )
    if conversation.urgent:
        signed = conversation.subject is not None
        sooner = and_(KNOWN, sooner) if signed else or_(KNOWN, sooner)
    if conversation.doubtful:
        sooner = or_(Conversation.doubtful.is_(False), sooner)
    else:
        sooner = and_(Conversation.doubtful.is_(False), sooner)
    ahead = and_(Conversation.front.is_(conversation.front), sooner)
    if not conversation.front:
        ahead = or_(Conversation.front.is_(True), ahead)
    ahead = and_(Conversation.urgent.is_(conversation.urgent), ahead)
    if not conversation.urgent:
        ahead = or_(Conversation.urgent.is_(True), ahead)
    query = select(func.count()).select_from(Conversation)
    return 1 + (session.scalar(query.where(Conversation.owner == "queue", ahead)) or 0)


def places_of(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Count the places of several waiting conversations by one statement."""
    order = func.row_number().over(order_by=IN_ORDER).label("place")
    numbered = select(Conversation.id, order).where(Conversation.owner == "queue").subquery()
    found = session.execute(select(numbered).where(numbered.c.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def next_place(session: Session, *, urgent: bool) -> int:
    """Count the place that one who joins now would get."""
    query = _WAITING.where(Conversation.urgent.is_(True)) if urgent else _WAITING
    return 1 + (session.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class Outline:
    """Who waits first, an agent's own (both by rows.MARKS), how many wait, how many messages."""

    waiting: Sequence[Any]
    mine: Sequence[Any]
    total: int
    tickets: int


def outline(session: Session, agent_id: int) -> Outline:
    """Read what tells whether a console's list has changed."""
    marks = select(*rows.MARKS).order_by(*IN_ORDER)
    return Outline(
        session.execute(marks.where(Conversation.id.in_(_FIRST)).limit(WINDOW)).all(),
        session.execute(marks.where(Conversation.agent_id == agent_id)).all(),
        waiting(session),
        tickets(session),
    )


def tickets(session: Session) -> int:
    """Count the messages that were left and wait for an answer."""
    query = select(func.count()).select_from(Escalation).where(Escalation.state == "ticket")
    return session.scalar(query) or 0


def overview(
    session: Session, agent_id: int, now: datetime, limit: int = WINDOW, skip: int = 0
) -> dict[str, Any]:
    """Show the queue in its order from place `skip` + 1 on, and the agent's own conversations.

    {waiting: rows, at most `limit`; total: how many wait; mine; tickets: how many}.
    """
    in_order = select(Conversation).order_by(*IN_ORDER)
    queued = session.scalars(
        in_order.where(Conversation.owner == "queue").offset(skip).limit(limit)
    ).all()
    mine = session.scalars(in_order.where(Conversation.agent_id == agent_id)).all()
    places = {one.id: place for place, one in enumerate(queued, skip + 1)}
    shown = rows.of_conversations(session, [*queued, *mine], now, places)
    unseen = rows.unread(session, [one.id for one in mine])
    return {
        "waiting": shown[: len(queued)],
        "total": waiting(session),
        "mine": [{**row, "unread": unseen.get(row["id"], 0)} for row in shown[len(queued) :]],
        "tickets": tickets(session),
    }


def summary(
    session: Session, conversation: Conversation, now: datetime, place: int | None = None
) -> dict[str, Any]:
    """Show one conversation as a row of the desk, with its card."""
    places = {conversation.id: place} if place is not None else {}
    return rows.of_conversations(session, [conversation], now, places)[0]
