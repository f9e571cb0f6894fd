"""The agents' list of booked calls, and what marks a call there as due, overdue or stale."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from web.desk import slots
from web.desk.bookings import ABANDONED, DUE_SOON, OPEN, Callback, for_customer
from web.desk.events import timestamp
from web.desk.models import Agent, Conversation

LISTED = 50  # calls that a console is shown; how many there are is told beside them
_SOONEST = (Callback.due_at, Callback.id)


def listed(
    session: Session, now: datetime, limit: int = LISTED, *, viewer: int | None = None
) -> list[dict[str, Any]]:
    """List the open calls for the agents, the most urgent first, with overdue marks.

    viewer: the agent who looks, and sees the codes of their own calls.
    """
    query = _with_names().where(Callback.state.in_(OPEN)).order_by(*_SOONEST)
    found = session.execute(query.limit(limit))
    return [_row(one, whose, agent, now, viewer) for one, whose, agent in found]


class Listing:
    """The list as an agent was shown it, read anew only where something of it has changed."""

    def __init__(self, viewer: int) -> None:
        self.viewer = viewer
        self._marks: list[tuple[Any, ...]] | None = None
        self._rows: list[dict[str, Any]] = []

    def look(self, session: Session, now: datetime) -> list[dict[str, Any]]:
        """List the open calls as `listed` does."""
        marks = _marks(session, now)
        if marks != self._marks:
            self._marks, self._rows = marks, listed(session, now, viewer=self.viewer)
        return self._rows


def _marks(session: Session, now: datetime) -> list[tuple[Any, ...]]:
    # Found by their ids first: joining all that are booked, to show some, would grow with them.
    first = select(Callback.id).where(Callback.state.in_(OPEN)).order_by(*_SOONEST).limit(LISTED)
    query = (
        select(
            Callback.id,
            Callback.state,
            Callback.due_at,
            Callback.taken_at,
            Callback.agent_id,
            Callback.attempts,
            Conversation.last_event,
        )
        .outerjoin(Conversation, Conversation.id == Callback.conversation_id)
        .where(Callback.id.in_(first))
        .order_by(*_SOONEST)
    )
    found = session.execute(query)
    return [(*one, *_standing(one.state, one.due_at, one.taken_at, now).values()) for one in found]


def _standing(
    state: str, due_at: datetime, taken_at: datetime | None, now: datetime
) -> dict[str, bool]:
    late = now - due_at
    return {
        "is_due": state == "booked" and late >= -DUE_SOON,
        "overdue": state == "booked" and late > slots.LENGTH,
        "stale": taken_at is not None and taken_at <= now - ABANDONED,
    }


def count(session: Session) -> int:
    """Count the open calls."""
    query = select(func.count()).select_from(Callback).where(Callback.state.in_(OPEN))
    return session.scalar(query) or 0


def for_agent(
    session: Session, callback: Callback, now: datetime, viewer: int | None = None
) -> dict[str, Any]:
    """Show a callback as a row of the agents' list; never with its number."""
    found = session.execute(_with_names().where(Callback.id == callback.id)).one()
    return _row(found[0], found[1], found[2], now, viewer)


def _with_names() -> Select[Callback, Conversation, str]:
    return (
        select(Callback, Conversation, Agent.display)
        .outerjoin(Conversation, Conversation.id == Callback.conversation_id)
        .outerjoin(Agent, Agent.id == Callback.agent_id)
    )


def _row(
    callback: Callback,
    conversation: Conversation | None,
    agent: str | None,
    now: datetime,
    viewer: int | None,
) -> dict[str, Any]:
    return {
        **for_customer(callback),
        # Whoever has not taken the call could use the code to pass for who has.
        "code": callback.code if viewer is not None and callback.agent_id == viewer else "",
        "conversation": callback.conversation_id,
        "name": conversation.name if conversation else None,
        "problem": str(conversation.card.get("problem") or "")[:80] if conversation else "",
        "agent": agent,
        "agent_id": callback.agent_id,
        "due": timestamp(callback.due_at),
        **_standing(callback.state, callback.due_at, callback.taken_at, now),
    }
