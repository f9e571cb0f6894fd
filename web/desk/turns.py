"""The bot's turns: an answer owed to an event is given exactly once, even when a process dies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Table,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from web.desk.models import Conversation, Event, Moment, Turn

# Whose conversations the bot answers: its own, and beside the queue.
ANSWERED = ("bot", "queue")
START = 0  # stands for the opening of the conversation, which is no event
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

# Built once, on the tables: see events.py.
_conversations, _turns = cast(Table, Conversation.__table__), cast(Table, Turn.__table__)
_OWE = insert(_turns)
_STATE = select(_turns.c.state).where(
    _turns.c.conversation_id == bindparam("of"), _turns.c.event_id == bindparam("event")
)
_FINISH = (
    update(_turns)
    .where(
        _turns.c.conversation_id == bindparam("of"),
        _turns.c.event_id == bindparam("event"),
        _turns.c.state == "pending",
    )
    .values(state=bindparam("to"))
    .returning(_turns.c.event_id)
)
_ANSWERED = (
    update(_conversations)
    .where(_conversations.c.id == bindparam("of"), _conversations.c.owner.in_(ANSWERED))
    .values(expects=bindparam("asks"), bot_down=bindparam("down"))
    .returning(_conversations.c.id)
)


def owe(session: Session, conversation_id: str, event_id: int, now: datetime) -> None:
    """Note that the bot owes an answer to an event (or to START); the caller goes and gets it."""
    owed = {"conversation_id": conversation_id, "event_id": event_id, "state": "pending"}
    session.execute(_OWE, {**owed, "started_at": now})


def is_pending(session: Session, conversation_id: str, event_id: int) -> bool:
    """Tell whether an answer is still owed."""
    found = session.execute(_STATE, {"of": conversation_id, "event": event_id})
    return bool(found.scalar() == "pending")


def abandoned(
    session: Session, now: datetime, lease: timedelta, limit: int
) -> list[tuple[str, int]]:
    """List the oldest owed turns whose taker has not come back within the lease.

    Returns (conversation, event) pairs.
    """
    query = select(Turn.conversation_id, Turn.event_id).where(
        Turn.state == "pending", _left(now, lease)
    )
    rows = session.execute(query.order_by(Turn.started_at, Turn.event_id).limit(limit))
    return [(row[0], row[1]) for row in rows]


def take_over(
    session: Session, conversation_id: str, event_id: int, now: datetime, lease: timedelta
) -> int:
    """Take a turn whose taker has not come back within the lease.

    Returns which attempt this is, from 2; 0 when the turn is not ours to take.
    """
    taken = session.execute(
        _pending(conversation_id, event_id)
        .where(_left(now, lease))
        .values(started_at=now, attempts=Turn.attempts + 1)
        .returning(Turn.attempts)
    ).all()
    return taken[0][0] if taken else 0


def hand_over(session: Session, taken: Iterable[tuple[str, int]]) -> None:
    """Let go of turns that this process will not finish: the next sweep takes them at once."""
    for conversation_id, event_id in taken:
        session.execute(_pending(conversation_id, event_id).values(started_at=LONG_AGO))


def finish(
    session: Session, conversation_id: str, event_id: int, expects: str | None, *, bot_down: bool
) -> bool:
    """Mark a turn as answered, if it is still owed and the bot still owns the conversation.

    Returns False when its replies must be dropped. expects: what the last reply asks for.
    """
    session.flush()
    state = "covered" if bot_down else "done"
    turn = {"of": conversation_id, "event": event_id, "to": state}
    if not session.execute(_FINISH, turn).all():
        return False
    told = {"of": conversation_id, "asks": expects, "down": bot_down}
    return len(session.execute(_ANSWERED, told).all()) == 1


def fail(session: Session, conversation_id: str, event_id: int) -> None:
    """Give an answer up that nobody could give."""
    session.execute(_pending(conversation_id, event_id).values(state="failed"))


def drop(session: Session, conversation_id: str) -> None:
    """Give up every answer owed in a conversation that a human takes over."""
    session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.state == "pending")
        .values(state="dropped")
        .execution_options(synchronize_session=False)
    )


def unheard(session: Session, conversation_id: str, event_id: int) -> list[int]:
    """List the events before this one that were answered without the bot since its last answer."""
    mine = Turn.conversation_id == conversation_id
    heard = select(func.max(Turn.event_id)).where(
        mine, Turn.state == "done", Turn.event_id < event_id
    )
    query = select(Turn.event_id).where(
        mine,
        Turn.state == "covered",
        Turn.event_id < event_id,
        Turn.event_id > func.coalesce(heard.scalar_subquery(), -1),
    )
    return list(session.scalars(query.order_by(Turn.event_id)))


def owed(session: Session) -> tuple[int, datetime | None]:
    """Count the owed turns, and say since when the oldest one is owed."""
    at = func.min(func.coalesce(Event.at, Conversation.created_at))
    query = (
        select(func.count(), type_coerce(at, Moment))
        .select_from(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .outerjoin(
            Event, and_(Event.conversation_id == Turn.conversation_id, Event.id == Turn.event_id)
        )
        .where(Turn.state == "pending")
    )
    count, since = session.execute(query).one()
    return count, since


def _pending(conversation_id: str, event_id: int) -> Update:
    return (
        update(Turn)
        .where(
            Turn.conversation_id == conversation_id,
            Turn.event_id == event_id,
            Turn.state == "pending",
        )
        .execution_options(synchronize_session=False)
    )


def _left(now: datetime, lease: timedelta) -> ColumnElement[bool]:
    # A clock that was set back must not keep anybody waiting.
    return or_(Turn.started_at <= now - lease, Turn.started_at > now + lease)
