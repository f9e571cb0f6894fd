"""The states of a booked call, every step between them, and how it is shown. See callbacks.py.

A step is one UPDATE that names the states it may start from; when it changes no row, another was
quicker or the state does not allow it. Its event is written in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from web.desk import events, slots
from web.desk.contacts import Callback
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import Actor, timestamp
from web.desk.models import Agent, Conversation, Event

OPEN = ("booked", "calling")
UNPROVEN = "unproven"  # held for minutes, until its number is proven: see proofs.py
LISTED = 50  # calls that a console is shown; how many there are is told beside them
DUE_SOON = timedelta(minutes=5)
ABANDONED = timedelta(minutes=20)  # after which a colleague may take a call that nobody closed
_SOONEST = (Callback.due_at, Callback.id)


@dataclass(frozen=True, slots=True)
class Step:
    """From which states to which, and the event that it leaves."""

    sources: tuple[str, ...]
    target: str
    event: str | None = None


STEPS = {
    "prove": Step((UNPROVEN,), "booked", "callback_booked"),
    "lapse": Step((UNPROVEN,), "lapsed"),
    "refuse": Step((UNPROVEN,), "cancelled"),
    "move": Step(("booked",), "booked", "callback_moved"),
    "cancel": Step(("booked",), "cancelled", "callback_cancelled"),
    "take": Step(("booked",), "calling", "callback_calling"),
    "release": Step(("calling",), "booked"),
    "reached": Step(("calling",), "done", "callback_done"),
    "retry": Step(("calling",), "booked", "callback_retry"),
    "give_up": Step(("calling",), "unreached", "callback_unreached"),
    "wrong_number": Step(("calling",), "wrong_number", "callback_wrong_number"),
}
ENDS = {step.target for step in STEPS.values()} - set(OPEN)


def current(session: Session, conversation_id: str) -> Callback | None:
    """Find the open callback of a conversation, or None; one that is still to be proven, too."""
    query = select(Callback).where(
        Callback.conversation_id == conversation_id, Callback.state.in_((UNPROVEN, *OPEN))
    )
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


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


def for_customer(callback: Callback) -> dict[str, Any]:
    """Show a callback to its customer, with the code that the caller must say."""
    return {
        "id": callback.id,
        "state": callback.state,
        "number": callback.number_shown,
        "slot": timestamp(callback.slot),
        "until": timestamp(callback.slot + slots.LENGTH),
        "due": timestamp(callback.due_at),
        "attempts": callback.attempts,
        "code": callback.code if callback.state != UNPROVEN else "",
    }


def own(session: Session, conversation_id: str) -> Callback:
    """Find the open callback of a conversation; raises NotFound."""
    callback = current(session, conversation_id)
    if callback is None:
        raise NotFound(f"{conversation_id} has no open callback")
    return callback


def find(session: Session, callback_id: int) -> Callback:
    """Read a callback; raises NotFound."""
    found = session.get(Callback, callback_id, populate_existing=True)
    if found is None:
        raise NotFound(f"no callback {callback_id}")
    return found


def advance(
    session: Session,
    callback_id: int,
    verb: str,
    *,
    agent: Agent | None = None,
    guard: ColumnElement[bool] | None = None,
    **columns: Any,
) -> Callback:
    """Carry out a step. agent: who must have it. guard: another condition that allows it too."""
    step = STEPS[verb]
    allowed: ColumnElement[bool] = Callback.state.in_(step.sources)
    if guard is not None:
        allowed = or_(allowed, guard)
    where = [Callback.id == callback_id, allowed]
    if agent is not None:
        where.append(Callback.agent_id == agent.id)
    changed = session.execute(
        update(Callback)
        .where(*where)
        .values(state=step.target, **columns)
        .returning(Callback.id)
        .execution_options(synchronize_session=False)
    ).all()
    found = find(session, callback_id)
    if len(changed) != 1:
        if found.state == "calling" and (agent is None or found.agent_id != agent.id):
            raise NotYours(f"{verb}: another agent calls {callback_id}")
        raise WrongState(f"{verb}: callback {callback_id} is {found.state}")
    return found


def erased(now: datetime) -> dict[str, Any]:
    """Return the columns of an ended case: what was only for the call is kept no longer."""
    return {"number": "", "code": "", "ended_at": now}


def tell_step(
    session: Session, callback: Callback, verb: str, actor: Actor, now: datetime
) -> Callback:
    """Write the event of a step that was carried out, if it leaves one."""
    event = STEPS[verb].event
    if event is not None:
        tell(session, callback, event, actor, now)
    return callback


def tell(
    session: Session,
    callback: Callback,
    kind: str,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
) -> Event:
    """Write an event of a callback."""
    return events.append(
        session,
        callback.conversation_id,
        kind,
        actor,
        told(callback),
        now,
        client_id=client_id,
    )


def told(callback: Callback) -> dict[str, Any]:
    """Return what an event says of a callback; the code is never part of it."""
    data = for_customer(callback)
    del data["code"]
    return data
