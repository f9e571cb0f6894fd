"""Seats that customers who are gone would hold: a word is said first, then the case is closed.

Who has not seen the agent's newest words for long is gone; who has seen them and is silent far
longer is asked too. A life in danger, a call and a booked call that is being made are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import bookings, calls, events, rows
from web.desk.assignments import close
from web.desk.cases import current, is_life
from web.desk.conversations import find, hold
from web.desk.errors import WrongState
from web.desk.events import SYSTEM
from web.desk.models import Agent, Conversation, Event

UNSEEN = timedelta(minutes=10)  # the agent's words are not even seen
SILENT = timedelta(minutes=30)  # they are seen, and nothing is said to them
GRACE = timedelta(minutes=10)  # between the word and the end
CODE = "still_there"  # of the notice that asks
SPOKEN = ("message", "attachment")


def idle(session: Session, now: datetime) -> list[str]:
    """List the conversations in agents' hands that are to be asked or closed."""
    had = session.scalars(
        select(Conversation).where(
            Conversation.owner == "agent", Conversation.updated_at <= now - min(UNSEEN, GRACE)
        )
    ).all()
    newest = _newest(session, [one.id for one in had])
    return [one.id for one in had if _step(one, newest.get(one.id), now)]


def end(session: Session, conversation_id: str, now: datetime) -> Event:
    """Ask the customer whether they are still there, or close the case after that was no use.

    Raises NotFound, WrongState (they are there, or it is not the time).
    """
    conversation = hold(session, conversation_id)
    step = _step(conversation, _newest(session, [conversation_id]).get(conversation_id), now)
    if step is None or conversation.owner != "agent" or _is_spared(session, conversation_id):
        raise WrongState(f"{conversation_id} is not idle")
    if step == "ask":
        told = {"code": CODE, "minutes": round(GRACE.total_seconds() / 60)}
        return events.append(session, conversation_id, "notice", SYSTEM, told, now)
    agent = session.get_one(Agent, conversation.agent_id)
    return close(session, conversation_id, agent, now, idle=True)


def _step(conversation: Conversation, newest: Event | None, now: datetime) -> str | None:
    if newest is None:
        return None
    if newest.type == "notice":
        return "close" if newest.at <= now - GRACE else None
    if newest.actor_kind != "agent":
        return None
    seen = conversation.customer_read >= newest.id
    return "ask" if newest.at <= now - (SILENT if seen else UNSEEN) else None


def _newest(session: Session, ids: Sequence[str]) -> dict[str, Event]:
    """Find what was said last in each, or the word that asked for it."""
    spoken = {one.conversation_id: one for one in _last(session, ids, SPOKEN)}
    for one in _last(session, ids, ("notice",)):
        said = spoken.get(one.conversation_id)
        if one.data.get("code") == CODE and (said is None or said.id < one.id):
            spoken[one.conversation_id] = one
    return spoken


def _last(session: Session, ids: Sequence[str], kinds: Iterable[str]) -> list[Event]:
    return rows.last_of(session, ids, events.is_one_of(*kinds))


def _is_spared(session: Session, conversation_id: str) -> bool:
    case = current(session, find(session, conversation_id))
    if case is None or is_life(case.topic, urgent=case.urgent):
        return True
    booked = bookings.current(session, conversation_id)
    calling = booked is not None and booked.state == "calling"
    return calling or calls.current(session, conversation_id) is not None
