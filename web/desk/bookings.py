"""The states of a booked call, every step between them, and how its customer sees it.

What both sides do with them: callbacks.py; what agents see: callback_list.py.

A step is one UPDATE that names the states it may start from; when it changes no row, another was
quicker or the state does not allow it. Its event is written in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import events, slots
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import Actor, timestamp
from web.desk.models import Agent, Base, Event, Moment

OPEN = ("booked", "calling")
UNPROVEN = "unproven"  # held for minutes, until its number is proven: see proofs.py
DUE_SOON = timedelta(minutes=5)
ABANDONED = timedelta(minutes=20)  # after which a colleague may take a call that nobody closed


class Callback(Base):
    """A call that a customer has booked. `state`: see STEPS.

    The number is sealed, and erased once the case has ended; so is the spoken code. proof_hash: of
    the link that was sent to the number of an anonymous customer, good until proof_until.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("ix_callbacks_due", "state", "due_at"),
        Index("ix_callbacks_who", "who", "created_at"),
        Index("ix_callbacks_proof_hash", "proof_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    who: Mapped[str] = mapped_column(String(80))  # the identity that limits are counted by
    number: Mapped[str] = mapped_column(Text)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    number_shown: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    slot: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    proof_hash: Mapped[str | None] = mapped_column(String(64))
    proof_until: Mapped[datetime | None] = mapped_column(Moment)


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
