"""Events of a conversation: written with gapless ids, read after an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from web.desk import (
    followups,
    sealed_cards,  # noqa: F401 - from here on rows are sealed as they are flushed
    sealing,
)
from web.desk.errors import NotFound
from web.desk.models import Conversation, DataKey, Event


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an event: kind customer, bot, agent or system, and the name shown."""

    kind: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What an event says, before it has a number."""

    kind: str
    actor: Actor
    data: Mapping[str, Any]


CUSTOMER = Actor("customer")
BOT = Actor("bot")
SYSTEM = Actor("system")
# Kinds that customers never see.
INTERNAL = ("note", "triaged", "ticket_moved", "offered", "offer_declined", "offer_missed")
# Of a customer's message: the kinds of lures in it, for agents' eyes.
LURES = "lures"
# Columns from which `sealing.opened` reads what an event says.
SAYS = (Event.conversation_id, Event.id, Event.data, Event.sealed, Event.key.label("key"))

# Built once: building a statement takes longer than carrying it out. Those that write name the
# tables, not the classes: the session's own way of writing costs several times the statement.
_conversations, _events = cast(Table, Conversation.__table__), cast(Table, Event.__table__)
_NUMBER = (
    update(_conversations)
    .where(_conversations.c.id == bindparam("of"))
    .values(last_event=_conversations.c.last_event + bindparam("more"), updated_at=bindparam("at"))
    .returning(
        _conversations.c.last_event,
        select(DataKey.sealed).where(DataKey.conversation_id == bindparam("of")).scalar_subquery(),
    )
)
_WRITE = insert(_events)
_OF = select(Event).where(Event.conversation_id == bindparam("of"))
_AFTER = (
    _OF.where(Event.id > bindparam("last"))
    .order_by(Event.id)
    .limit(bindparam("most", type_=Integer))
)
_AFTER_FOR_CUSTOMERS = _AFTER.where(Event.type.not_in(INTERNAL))
_CAUSED = _OF.where(Event.cause == bindparam("cause")).order_by(Event.id)
_SENT = _OF.where(Event.actor_kind == bindparam("kind"), Event.client_id == bindparam("client_id"))


def is_one_of(*kinds: str) -> ColumnElement[bool]:
    """Compare the type among the events of some conversations, without the index of all types.

    SQLite would take that index for the better one, and read all that was ever written.
    """
    return func.coalesce(Event.type, "").in_(kinds)


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
    written = [Written(kind, actor, data)]
    return _write(session, conversation_id, written, now, cause, client_id)[0]


def append_all(
    session: Session,
    conversation_id: str,
    written: Sequence[Written],
    now: datetime,
    *,
    cause: int | None = None,
) -> list[Event]:
    """Write several events one after the other, as `append` writes one; raises NotFound."""
    return _write(session, conversation_id, written, now, cause) if written else []


def after(
    session: Session, conversation_id: str, last: int, limit: int = 500, *, staff: bool = False
) -> list[Event]:
    """Read the events with ids above `last`, in order, at most `limit`.

    staff: agents read them, what they wrote for each other included.
    """
    query = _AFTER if staff else _AFTER_FOR_CUSTOMERS
    return list(session.scalars(query, {"of": conversation_id, "last": last, "most": limit}))


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
    return list(session.scalars(_CAUSED, {"of": conversation_id, "cause": event_id}))


def of_client(
    session: Session, conversation_id: str, kind: str, client_id: str | None
) -> Event | None:
    """Find the event that an actor sent under a client id, if it is stored."""
    if client_id is None:
        return None
    sent = {"of": conversation_id, "kind": kind, "client_id": client_id}
    return session.scalars(_SENT, sent).one_or_none()


def as_json(event: Event, *, staff: bool = False) -> dict[str, Any]:
    """Show an event as the API does. staff: with what is meant for agents' eyes alone."""
    data = event.data
    if not staff and LURES in data:
        data = {key: value for key, value in data.items() if key != LURES}
    return {
        "id": event.id,
        "type": event.type,
        "at": timestamp(event.at),
        "actor": {"kind": event.actor_kind, "name": event.actor_name},
        "cause": event.cause,
        "client_id": event.client_id,
        "data": data,
    }


def timestamp(moment: datetime) -> str:
    """Write a time as UTC with milliseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write(
    session: Session,
    conversation_id: str,
    written: Sequence[Written],
    now: datetime,
    cause: int | None,
    client_id: str | None = None,
) -> list[Event]:
    session.flush()  # what was changed before is there first, such as a new conversation
    drawn = {"of": conversation_id, "more": len(written), "at": now}
    found = session.execute(_NUMBER, drawn).one_or_none()
    if found is None:
        raise NotFound(f"no conversation {conversation_id}")
    newest, key = found
    rows = [
        {
            "conversation_id": conversation_id,
            "id": number,
            "type": one.kind,
            "at": now,
            "actor_kind": one.actor.kind,
            "actor_name": one.actor.name,
            "cause": cause,
            "client_id": client_id,
            "data": dict(one.data),
        }
        for number, one in enumerate(written, newest - len(written) + 1)
    ]
    session.execute(_WRITE, _sealed(session, conversation_id, key, rows))
    followups.note(session, rows, now)
    return [Event(**row) for row in rows]


def _sealed(
    session: Session, conversation_id: str, key: str | None, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Put what rows say under the conversation's key; the first event draws it."""
    keys = sealing.keys_of(session)
    if keys is None or not keys.seals:
        return rows
    box = keys.box(key or sealing.make_key(session, keys, conversation_id))
    done = []
    for row in rows:
        left, sealed = sealing.seal(box, row)
        done.append({**row, **left, "sealed": sealed})
    return done
