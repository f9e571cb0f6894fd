"""Events of a conversation: written with gapless ids, read after an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.desk.errors import NotFound
from web.desk.models import Conversation, Event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an event: kind customer, bot, agent or system, and the name shown."""

    kind: str
    name: str | None = None


CUSTOMER = Actor("customer")
BOT = Actor("bot")
SYSTEM = Actor("system")
# Kinds that customers never see.
INTERNAL = ("note", "triaged", "ticket_moved", "offered", "offer_declined", "offer_missed")


def append(
    session: Session,
    conversation_id: str,
    kind: str,
    actor: Actor,
    data: Mapping[str, Any],
    now: datetime,
    *,
    cause: int | None = None,
    client_id: str | None = None,
) -> Event:
    """Write one event under the conversation's next id, in the caller's transaction.

    The counter's UPDATE locks the conversation's row until the commit, so that ids appear in
    their order and none is left out. Raises NotFound without such a conversation.
    """
    number = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_event=Conversation.last_event + 1, updated_at=now)
        .returning(Conversation.last_event)
        .execution_options(synchronize_session=False)
    ).scalar()
    if number is None:
        raise NotFound(f"no conversation {conversation_id}")
    event = Event(
        conversation_id=conversation_id,
        id=number,
        type=kind,
        at=now,
        actor_kind=actor.kind,
        actor_name=actor.name,
        cause=cause,
        client_id=client_id,
        data=dict(data),
    )
    session.add(event)
    session.flush()
    return event


def after(
    session: Session, conversation_id: str, last: int, limit: int = 500, *, staff: bool = False
) -> list[Event]:
    """Read the events with ids above `last`, in order, at most `limit`.

    staff: agents read them, what they wrote for each other included.
    """
    query = select(Event).where(Event.conversation_id == conversation_id, Event.id > last)
    if not staff:
        query = query.where(Event.type.not_in(INTERNAL))
    return list(session.scalars(query.order_by(Event.id).limit(limit)))


def newest(
    session: Session, conversation_id: str, limit: int, *, before: int | None = None
) -> list[Event]:
    """Read the newest events, in order, for agents: at most `limit`, before: with lower ids."""
    query = select(Event).where(Event.conversation_id == conversation_id)
    if before is not None:
        query = query.where(Event.id < before)
    return list(session.scalars(query.order_by(Event.id.desc()).limit(limit)))[::-1]


def caused_by(session: Session, conversation_id: str, event_id: int) -> list[Event]:
    """Read the events that one event caused, in order."""
    query = select(Event).where(Event.conversation_id == conversation_id, Event.cause == event_id)
    return list(session.scalars(query.order_by(Event.id)))


def of_client(
    session: Session, conversation_id: str, kind: str, client_id: str | None
) -> Event | None:
    """Find the event that an actor sent under a client id, if it is stored."""
    if client_id is None:
        return None
    query = select(Event).where(
        Event.conversation_id == conversation_id,
        Event.actor_kind == kind,
        Event.client_id == client_id,
    )
    return session.scalars(query).one_or_none()


def as_json(event: Event) -> dict[str, Any]:
    """Show an event as the API does."""
    return {
        "id": event.id,
        "type": event.type,
        "at": timestamp(event.at),
        "actor": {"kind": event.actor_kind, "name": event.actor_name},
        "cause": event.cause,
        "client_id": event.client_id,
        "data": event.data,
    }


def timestamp(moment: datetime) -> str:
    """Write a time as UTC with milliseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
