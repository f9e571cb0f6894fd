"""Cases handed to people by the customer's side: into the queue, out of it, back into it.

What agents do with them is in assignments.py, what is answered later in tickets.py; every step is
in transitions.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from web.desk import attendance, events, handlings, turns
from web.desk.cases import current, fill, is_life, make, may_reopen
from web.desk.conversations import hold
from web.desk.errors import WrongState
from web.desk.events import Actor
from web.desk.models import Event
from web.desk.rows import LIFE
from web.desk.transitions import advance

KEPT = timedelta(minutes=1)  # for the agent who had the customer last, before anybody may claim
RETURN = timedelta(minutes=10)  # in which who left the queue takes their waiting time back


def escalate(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    *,
    topic: str | None,
    reason: str,
    urgent: bool,
    card: dict[str, Any],
    cause: int | None = None,
) -> Event | None:
    """Put a conversation into the queue with its card; an open ticket goes with it.

    Returns the event, or None when people have it already: asking twice changes nothing.
    """
    conversation = hold(session, conversation_id)
    if conversation.owner != "bot":
        return None
    case = current(session, conversation)
    if case is None or case.state not in ("ticket", "callback"):
        case = make(session, conversation, topic, reason, urgent, card, cause, now)
    else:
        fill(session, conversation, case, topic, urgent, card, cause)
    return advance(
        session,
        conversation_id,
        "escalate",
        actor,
        now,
        cause=cause,
        data={"topic": case.topic, "reason": reason, "urgent": case.urgent, "card": case.card},
        case={"joined_at": now, "agent_id": None, "asked_back": None},
        urgent=case.urgent,
        front=is_life(case.topic, urgent=case.urgent),
        **_asked_first(session, conversation_id, now),
        queued_at=now,
        escalation_id=case.id,
        expects=None,
    )


def hasten(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    topic: str | None,
    cause: int | None = None,
) -> Event | None:
    """Move a waiting conversation into the fast lane; None when it is there already."""
    conversation = hold(session, conversation_id)
    graver = topic == LIFE and not conversation.front  # more urgent than urgent
    if conversation.owner == "queue" and conversation.urgent and not graver:
        return None
    case: dict[str, Any] = {"urgent": True, "reason": "urgent"}
    if topic:
        case["topic"] = topic
    data = {"topic": topic}
    columns: dict[str, Any] = {"front": True} if is_life(topic, urgent=True) else {}
    return advance(
        session,
        conversation_id,
        "hasten",
        actor,
        now,
        cause=cause,
        data=data,
        case=case,
        urgent=True,
        **columns,
    )


def leave(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    cause: int | None = None,
) -> Event:
    """Let the customer leave the queue; a ticket that had come into it stays one.

    Raises NotFound, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    ticket = case is not None and case.ticket_at is not None
    ended = {} if ticket else {"ended_at": now}
    return advance(
        session,
        conversation_id,
        "unqueue" if ticket else "leave",
        actor,
        now,
        cause=cause,
        case=ended,
        queued_at=None,
        urgent=False,
        front=False,
    )


def rejoin(session: Session, conversation_id: str, actor: Actor, now: datetime) -> Event:
    """Put back who left the queue within ten minutes, with the waiting time they had.

    Raises NotFound, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    if case is None or case.ended_at is None or case.ended_at <= now - RETURN:
        raise WrongState(f"{conversation_id} has not just left the queue")
    turns.drop(session, conversation_id)
    return advance(
        session,
        conversation_id,
        "rejoin",
        actor,
        now,
        case={"ended_at": None},
        queued_at=case.joined_at or case.created_at,
        urgent=case.urgent,
        front=is_life(case.topic, urgent=case.urgent),
        expects=None,
    )


def reopen(session: Session, conversation_id: str, actor: Actor, now: datetime) -> Event:
    """Take an ended case up again within seven days, in its own thread.

    Raises NotFound, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    if case is None or not may_reopen(case, now):
        raise WrongState(f"{conversation_id} has no case that may be taken up again")
    turns.drop(session, conversation_id)
    return advance(
        session,
        conversation_id,
        "reopen",
        actor,
        now,
        data={"number": case.number},
        case={
            "joined_at": now,
            "ended_at": None,
            "claimed_at": None,
            "agent_id": None,
            "asked_back": None,
            "ticket_at": None,
        },
        queued_at=now,
        urgent=case.urgent,
        front=is_life(case.topic, urgent=case.urgent),
        **_asked_first(session, conversation_id, now),
        expects=None,
    )


def _asked_first(session: Session, conversation_id: str, now: datetime) -> dict[str, Any]:
    """Keep a customer for the agent who had them last, if that one is there with a free seat."""
    last = handlings.last_agent(session, conversation_id, now)
    there = last is not None and any(
        one.id == last and one.free for one in attendance.everyone(session, now)
    )
    return {"preferred_id": last, "preferred_until": now + KEPT if there else None}


def resolve(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    topic: str | None,
    faq_id: str | None,
    cause: int | None = None,
) -> Event:
    """Note that the customer's problem is solved; the next one gets a new card."""
    conversation = hold(session, conversation_id)
    conversation.card = {}
    session.flush()
    data = {"topic": topic, "faq_id": faq_id}
    return events.append(session, conversation_id, "resolved", actor, data, now, cause=cause)
