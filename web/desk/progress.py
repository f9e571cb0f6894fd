"""What a customer has with us: open and past cases, each with its next step and when that is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.desk import bookings, queue, ratings
from web.desk.escalations import REOPEN, may_reopen
from web.desk.events import timestamp
from web.desk.models import Conversation, Escalation, Event

MOST = 50  # conversations that are looked at
STATES = {
    "waiting": "queue",
    "claimed": "agent",
    "ticket": "ticket",
    "callback": "callback",
    "answered": "closed",
    "closed": "closed",
    "left": "bot",
}
NOTHING = {"code": "none", "at": None}


class Opening(Protocol):
    """What is asked of the opening hours."""

    def next_opening(self, channel: str, at: datetime) -> datetime | None:
        """Return when a channel opens next."""


def cases(
    session: Session, conversation: Conversation, hours: Opening, now: datetime
) -> list[dict[str, Any]]:
    """List the cases of a conversation's customer, the newest first.

    A signed-in customer's are those of all their conversations, an anonymous one's are this
    conversation's.
    """
    found = [conversation]
    if conversation.subject:
        query = select(Conversation).where(Conversation.subject == conversation.subject)
        found = list(
            session.scalars(query.order_by(Conversation.updated_at.desc()).limit(MOST)).all()
        )
    rows: list[dict[str, Any]] = []
    for one in found:
        rows += _of_conversation(session, one, hours, now)
    return sorted(rows, key=lambda row: str(row["updated_at"]), reverse=True)


def _of_conversation(
    session: Session, conversation: Conversation, hours: Opening, now: datetime
) -> list[dict[str, Any]]:
    query = select(Escalation).where(Escalation.conversation_id == conversation.id)
    rows = [
        _of_case(session, conversation, case, hours, now)
        for case in session.scalars(query.order_by(Escalation.id.desc()).limit(MOST))
    ]
    if not rows and (row := _of_bot(session, conversation)) is not None:
        rows.append(row)
    callback = bookings.current(session, conversation.id)
    called = next((row for row in rows if row["state"] == "callback"), None)
    if callback is not None and called is not None:
        called["next"] = {"code": "callback", "at": timestamp(callback.due_at)}
    elif callback is not None:
        rows.append(
            {
                **_row(conversation, f"callback-{callback.id}"),
                "state": "callback",
                "opened_at": timestamp(callback.created_at),
                "updated_at": timestamp(callback.created_at),
                "next": {"code": "callback", "at": timestamp(callback.due_at)},
            }
        )
    return rows


def _of_case(
    session: Session,
    conversation: Conversation,
    case: Escalation,
    hours: Opening,
    now: datetime,
) -> dict[str, Any]:
    current = conversation.escalation_id == case.id
    state = STATES.get(case.state, "closed")
    ended = case.ended_at
    row = {
        **_row(conversation, case.number or f"case-{case.id}"),
        "title": _title(case.card),
        "topic": case.topic,
        "state": state,
        "urgent": case.urgent,
        "opened_at": timestamp(case.created_at),
        "updated_at": timestamp(ended or case.claimed_at or case.ticket_at or case.created_at),
        "score": case.score,
    }
    if ended and _solved_after(session, conversation.id, ended):
        row["state"] = "solved"
    if case.state == "waiting":
        row["place"] = queue.place_of(session, conversation)
        row["next"] = {"code": "queue", "at": None}
    elif case.state == "claimed":
        row["next"] = {"code": "agent", "at": None}
    elif case.state == "ticket":
        opening = hours.next_opening("chat", case.ticket_at or case.created_at)
        row["next"] = {"code": "ticket", "at": timestamp(opening) if opening else None}
    elif current and ended and may_reopen(case, now) and conversation.owner == "bot":
        until = timestamp(ended + REOPEN)
        row["can_reopen_until"] = until
        row["next"] = {"code": "rate" if ratings.may_rate(case) else "reopen", "at": until}
    return row


def _of_bot(session: Session, conversation: Conversation) -> dict[str, Any] | None:
    """Show a conversation that only the bot has had, once its customer has said something."""
    query = select(Event.data).where(
        Event.conversation_id == conversation.id,
        Event.type == "message",
        Event.actor_kind == "customer",
    )
    first = session.scalars(query.order_by(Event.id).limit(1)).one_or_none()
    if first is None:
        return None
    solved = _solved_after(session, conversation.id, conversation.created_at)
    return {
        **_row(conversation, conversation.id),
        "title": conversation.card.get("problem") or str(first.get("text", ""))[:80],
        "topic": conversation.card.get("topic"),
        "state": "solved" if solved else "bot",
    }


def _row(conversation: Conversation, number: str) -> dict[str, Any]:
    return {
        "id": number,
        "conversation": conversation.id,
        "title": None,
        "topic": None,
        "state": "bot",
        "urgent": False,
        "opened_at": timestamp(conversation.created_at),
        "updated_at": timestamp(conversation.updated_at),
        "next": NOTHING,
        "place": None,
        "score": None,
        "can_reopen_until": None,
    }


def _title(card: dict[str, Any]) -> str | None:
    asked = card.get("asked") or [{}]
    words = card.get("problem") or asked[0].get("text")
    return str(words)[:80] if words else None


def _solved_after(session: Session, conversation_id: str, since: datetime) -> bool:
    query = select(func.count()).where(
        Event.conversation_id == conversation_id, Event.type == "resolved", Event.at >= since
    )
    return bool(session.scalar(query))
