"""Booked calls that are due and that nobody makes, as cases to be offered like those that wait.

Whoever has the customer's chat makes their call; such a one is offered to nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import handlings
from web.desk.bookings import Callback
from web.desk.errors import WrongState
from web.desk.handout.rings import PASSED, Ring
from web.desk.handout.rule import Case
from web.desk.models import Conversation

PREFIX = "callback:"  # no conversation's id has a colon
AT_ONCE = 50


def cases(session: Session, now: datetime, ringing: Collection[int]) -> list[Case]:
    """List the calls that may be offered, the longest due first. ringing: those that ring."""
    query = (
        select(Callback, Conversation)
        .join(Conversation, Conversation.id == Callback.conversation_id)
        .where(Callback.state == "booked", Callback.due_at <= now, Conversation.owner != "agent")
        .order_by(Callback.due_at, Callback.id)
        .limit(AT_ONCE)
    )
    found = [row for row in session.execute(query) if row[0].id not in ringing]
    asked = _asked(session, [callback.id for callback, _ in found])
    return [
        Case(
            id=f"{PREFIX}{callback.id}",
            topic=conversation.card.get("topic"),
            since=callback.due_at,
            last_agent=handlings.last_agent(session, conversation.id, now),
            asked=asked.get(callback.id, {}),
        )
        for callback, conversation in found
    ]


def number(case_id: str) -> int | None:
    """Return the callback that a case stands for; None for one that waits in the queue."""
    return int(case_id.removeprefix(PREFIX)) if case_id.startswith(PREFIX) else None


def find(session: Session, callback_id: int, now: datetime) -> Callback:
    """Read a callback that may be offered, its conversation being held; raises WrongState."""
    found = session.get_one(Callback, callback_id, populate_existing=True)
    if found.state != "booked" or found.due_at > now:
        raise WrongState(f"callback {callback_id} is {found.state}, due {found.due_at}")
    return found


def _asked(session: Session, ids: Collection[int]) -> dict[int, dict[int, int]]:
    query = (
        select(Ring.callback_id, Ring.agent_id)
        .join(Callback, Callback.id == Ring.callback_id)
        .where(
            Ring.callback_id.in_(ids),
            Ring.queued_at == Callback.due_at,
            Ring.state.in_(PASSED),
        )
    )
    found: dict[int, dict[int, int]] = {}
    for callback_id, agent_id in session.execute(query):
        known = found.setdefault(callback_id or 0, {})
        known[agent_id] = known.get(agent_id, 0) + 1
    return found
