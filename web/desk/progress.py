"""What a customer has with us: open and past cases, each with its next step and when that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from web.desk import bookings, events, queue, ratings, subjects
from web.desk.bookings import Callback
from web.desk.cases import REOPEN, may_reopen
from web.desk.events import timestamp
from web.desk.models import Conversation, Escalation, Event, Moment

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
        mine = subjects.known_as(session, conversation.subject)
        query = select(Conversation).where(Conversation.subject.in_(mine))
        found = list(
            session.scalars(query.order_by(Conversation.updated_at.desc()).limit(MOST)).all()
        )
    ids = [one.id for one in found]
    known = _read(session, ids)
    rows: list[dict[str, Any]] = []
    for one in found:
        rows += _of_conversation(known, one, hours, now)
    return sorted(rows, key=lambda row: str(row["updated_at"]), reverse=True)


@dataclass(frozen=True, slots=True)
class _Known:
    """What several conversations hold, read at once; keyed by the conversation's id."""

    cases: dict[str, list[Escalation]]
    callbacks: dict[str, Callback]
    solved: dict[str, datetime]
    first: dict[str, str]
    places: dict[str, int]


def _read(session: Session, ids: Sequence[str]) -> _Known:
    cases: dict[str, list[Escalation]] = {}
    query = select(Escalation).where(Escalation.conversation_id.in_(ids))
    for case in session.scalars(query.order_by(Escalation.id.desc())):
        cases.setdefault(case.conversation_id, []).append(case)
    open_calls = select(Callback).where(
        Callback.conversation_id.in_(ids), Callback.state.in_(bookings.OPEN)
    )
    solved = (
        select(Event.conversation_id, type_coerce(func.max(Event.at), Moment))
        .where(Event.conversation_id.in_(ids), events.is_one_of("resolved"))
        .group_by(Event.conversation_id)
    )
    return _Known(
        cases=cases,
        callbacks={one.conversation_id: one for one in session.scalars(open_calls)},
        solved={row[0]: row[1] for row in session.execute(solved)},
        first=_first_words(session, [one for one in ids if one not in cases]),
        places=queue.places_of(session, ids),
    )


def _first_words(session: Session, ids: Sequence[str]) -> dict[str, str]:
    first = (
        select(Event.conversation_id, func.min(Event.id).label("id"))
        .where(
            Event.conversation_id.in_(ids),
            events.is_one_of("message"),
            Event.actor_kind == "customer",
        )
        .group_by(Event.conversation_id)
        .subquery()
    )
    query = select(Event).join(
        first, (Event.conversation_id == first.c.conversation_id) & (Event.id == first.c.id)
    )
    return {
        event.conversation_id: str(event.data.get("text", "")) for event in session.scalars(query)
    }


def _of_conversation(
    known: _Known, conversation: Conversation, hours: Opening, now: datetime
) -> list[dict[str, Any]]:
    rows = [
        _of_case(known, conversation, case, hours, now)
        for case in known.cases.get(conversation.id, [])[:MOST]
    ]
    if not rows and (row := _of_bot(known, conversation)) is not None:
        rows.append(row)
    callback = known.callbacks.get(conversation.id)
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
    known: _Known,
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
    if ended and _solved_after(known, conversation.id, ended):
        row["state"] = "solved"
    if case.state == "waiting":
        row["place"] = known.places.get(conversation.id)
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


def _of_bot(known: _Known, conversation: Conversation) -> dict[str, Any] | None:
    """Show a conversation that only the bot has had, once its customer has said something."""
    first = known.first.get(conversation.id)
    if first is None:
        return None
    return {
        **_row(conversation, conversation.id),
        "title": conversation.card.get("problem") or first[:80],
        "topic": conversation.card.get("topic"),
        "state": "solved" if conversation.id in known.solved else "bot",
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


def _solved_after(known: _Known, conversation_id: str, since: datetime) -> bool:
    at = known.solved.get(conversation_id)
    return at is not None and at >= since
