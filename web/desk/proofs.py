"""The proof of an anonymous callback's number: a link sent to it and tapped in time.

Until then the slot is held for minutes only, no agent sees the call, and nothing is told.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import callbacks, slots
from web.desk.bookings import UNPROVEN, Callback, advance, erased, find, tell_step
from web.desk.conversations import hold
from web.desk.errors import NotFound, WrongState
from web.desk.events import Actor

HOLD = timedelta(minutes=5)
AT_ONCE = 100  # of those that lapse: the rest has its turn at the next look


def draw() -> str:
    """Draw what the link ends with; short enough for a text message."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """Return what is kept of it."""
    return hashlib.sha256(f"proof:{token}".encode()).hexdigest()


def of_link(session: Session, token: str) -> Callback:
    """Find the callback of a link, whatever became of it; raises NotFound."""
    query = select(Callback).where(Callback.proof_hash == digest(token))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("no such link")
    return found


def prove(session: Session, token: str, now: datetime) -> Callback:
    """Let the booking stand: whoever reads this number wants it; once more is harmless.

    Raises NotFound, WrongState when it is too late.
    """
    callback = _held(session, token)
    if callback.state != UNPROVEN:
        if callback.state in ("lapsed", "cancelled"):
            raise WrongState(f"callback {callback.id} is {callback.state}")
        return callback
    if callback.proof_until is None or callback.proof_until <= now:
        raise WrongState(f"callback {callback.id} has lapsed")
    proven = advance(session, callback.id, "prove")
    return tell_step(session, proven, "prove", Actor("customer"), now)


def refuse(session: Session, token: str, now: datetime) -> Callback:
    """Undo a booking that the number's owner knows nothing of; raises NotFound, WrongState."""
    callback = _held(session, token)
    if callback.state == UNPROVEN:
        return give_up(session, callback.id, now, verb="refuse")
    if callback.state == "booked":
        return callbacks.cancel(session, callback.conversation_id, now)
    return callback


def give_up(session: Session, callback_id: int, now: datetime, *, verb: str = "lapse") -> Callback:
    """End a booking that was not proven, and free its place; raises WrongState."""
    callback = find(session, callback_id)
    hold(session, callback.conversation_id)
    lapsed = advance(session, callback_id, verb, **erased(now))
    if callback.slot > now:
        slots.free(session, callback.slot)
    return lapsed


def overdue(session: Session, now: datetime) -> list[int]:
    """List the bookings whose time to be proven is over."""
    query = select(Callback.id).where(Callback.state == UNPROVEN, Callback.proof_until <= now)
    return list(session.scalars(query.limit(AT_ONCE)))


def _held(session: Session, token: str) -> Callback:
    callback = of_link(session, token)
    hold(session, callback.conversation_id)
    return find(session, callback.id)
