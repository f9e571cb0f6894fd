"""The queue as both sides see it.

Urgent first, then whose agent was lost, then by waiting time since first joining.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from web.desk import attendance, estimates
from web.desk.events import timestamp
from web.desk.models import Agent, Conversation, Escalation, Event

IN_ORDER = (
    Conversation.urgent.desc(),
    Conversation.front.desc(),
    Conversation.queued_at,
    Conversation.id,
)


def state(
    session: Session,
    conversation: Conversation,
    now: datetime,
    silence: timedelta = attendance.SILENCE,
) -> dict[str, Any]:
    """Show who has a conversation now.

    {owner, queue: {place, waiting, minutes: [low, high] or None} or None, agent, typing, read:
    {customer, agent}: the newest event that each side saw}.
    """
    shown = None
    if conversation.owner == "queue":
        place = place_of(session, conversation)
        shown = {
            "place": place,
            "waiting": waiting(session),
            "minutes": estimates.load(session, now, silence).minutes(place),
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
    """Show the places of all who wait: {conversation: {place, waiting, minutes}}."""
    query = select(Conversation.id).where(Conversation.owner == "queue").order_by(*IN_ORDER)
    ids = session.scalars(query).all()
    load = estimates.load(session, now, silence)
    return {
        conversation_id: {"place": place, "waiting": len(ids), "minutes": load.minutes(place)}
        for place, conversation_id in enumerate(ids, 1)
    }


def waiting(session: Session) -> int:
    """Count the conversations in the queue."""
    query = select(func.count()).select_from(Conversation).where(Conversation.owner == "queue")
    return session.scalar(query) or 0


def place_of(session: Session, conversation: Conversation) -> int:
    """Count the place of a waiting conversation, from 1."""
    at = conversation.queued_at
    sooner = or_(
        Conversation.queued_at < at,
        and_(Conversation.queued_at == at, Conversation.id < conversation.id),
    )
    ahead = and_(Conversation.front.is_(conversation.front), sooner)
    if not conversation.front:
        ahead = or_(Conversation.front.is_(True), ahead)
    ahead = and_(Conversation.urgent.is_(conversation.urgent), ahead)
    if not conversation.urgent:
        ahead = or_(Conversation.urgent.is_(True), ahead)
    query = select(func.count()).select_from(Conversation)
    return 1 + (session.scalar(query.where(Conversation.owner == "queue", ahead)) or 0)


def next_place(session: Session, *, urgent: bool) -> int:
    """Count the place that one who joins now would get."""
    query = select(func.count()).select_from(Conversation).where(Conversation.owner == "queue")
    if urgent:
        query = query.where(Conversation.urgent.is_(True))
    return 1 + (session.scalar(query) or 0)


def overview(session: Session, agent_id: int, now: datetime, limit: int = 200) -> dict[str, Any]:
    """Show the queue in its order and the agent's own conversations."""
    queued = session.scalars(
        select(Conversation).where(Conversation.owner == "queue").order_by(*IN_ORDER).limit(limit)
    ).all()
    mine = session.scalars(
        select(Conversation).where(Conversation.agent_id == agent_id).order_by(*IN_ORDER)
    ).all()
    query = select(func.count()).select_from(Escalation).where(Escalation.state == "ticket")
    return {
        "waiting": [summary(session, item, now, place) for place, item in enumerate(queued, 1)],
        "mine": [{**summary(session, item, now), "unread": unread(session, item)} for item in mine],
        "tickets": session.scalar(query) or 0,
    }


def unread(session: Session, conversation: Conversation) -> int:
    """Count the customer's messages and pictures that the agent has not seen."""
    query = select(func.count()).where(
        Event.conversation_id == conversation.id,
        Event.id > conversation.agent_read,
        Event.type.in_(("message", "attachment")),
        Event.actor_kind == "customer",
    )
    return session.scalar(query) or 0


def summary(
    session: Session, conversation: Conversation, now: datetime, place: int | None = None
) -> dict[str, Any]:
    """Show one conversation as a row of the desk, with its card."""
    case = (
        session.get(Escalation, conversation.escalation_id) if conversation.escalation_id else None
    )
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    since = conversation.queued_at
    return {
        "id": conversation.id,
        "name": conversation.name,
        "signed_in": conversation.subject is not None,
        "channel": conversation.channel,
        "page": conversation.page,
        "owner": conversation.owner,
        "agent": agent.display if agent else None,
        "topic": case.topic if case else None,
        "reason": case.reason if case else None,
        "number": case.number if case else None,
        "case": case.state if case else None,
        "urgent": conversation.urgent,
        "front": conversation.front,
        "place": place,
        "queued_at": timestamp(since) if since else None,
        "waiting_seconds": max(0, int((now - since).total_seconds())) if since else None,
        "card": case.card if case else conversation.card,
        "last": _last(session, conversation.id),
        "last_event": conversation.last_event,
        "read": {"customer": conversation.customer_read, "agent": conversation.agent_read},
    }


def _last(session: Session, conversation_id: str) -> dict[str, Any] | None:
    query = select(Event).where(Event.conversation_id == conversation_id, Event.type == "message")
    event = session.scalars(query.order_by(Event.id.desc()).limit(1)).one_or_none()
    if event is None:
        return None
    text = str(event.data.get("text", ""))
    return {"text": text[:120], "at": timestamp(event.at), "actor": event.actor_kind}
