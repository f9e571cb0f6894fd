"""What was told to a customer and may not have been seen: duties that follow them out of the page.

A row is written with its event and goes when the customer has read that far. What is left is sent
as a push, then by e-mail, each once: see web/notifications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ForeignKey, String, Table, delete, false, insert, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.models import Base, Moment

PUSH, MAIL = "push", "mail"
PATIENCE = timedelta(seconds=30)  # in which who looks at the page has seen it
# What a customer waits for, by the event's type; a message or a picture counts when a person
# sent it. A call that is being made rings by itself.
WAITED_FOR = {
    "agent_joined": "came",
    "callback_retry": "callback",
    "callback_unreached": "callback",
    "callback_wrong_number": "callback",
}
ANSWER, NEWS, TIP = "answer", "news", "tip"


class Followup(Base):
    """One event that was not seen yet. kind: answer, came, callback, news or tip.

    step: push, then mail. lettered: an email with the whole answer has gone already. attempts: how
    often it was begun; due_at: when next.
    """

    __tablename__ = "followups"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    lettered: Mapped[bool] = mapped_column(default=False, server_default=false())
    step: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


_WRITE = insert(cast(Table, Followup.__table__))


def note(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Owe what is waited for among events that are being written (as rows of their table)."""
    owed = [_duty(row, kind, now) for row in rows if (kind := _kind(row)) is not None]
    if owed:
        session.execute(_WRITE, owed)


def owe(
    session: Session,
    conversation_id: str,
    event_id: int,
    now: datetime,
    *,
    urgent: bool = False,
    kind: str = NEWS,
) -> None:
    """Owe an event that is news to the customer, though no person wrote it."""
    row = {"conversation_id": conversation_id, "id": event_id}
    session.execute(_WRITE, [_duty(row, kind, now) | {"urgent": urgent}])


def email_goes(session: Session, conversation_id: str, event_id: int) -> None:
    """Note that the answer goes by e-mail anyhow."""
    session.execute(
        update(Followup)
        .where(Followup.conversation_id == conversation_id, Followup.event_id == event_id)
        .values(lettered=True)
        .execution_options(synchronize_session=False)
    )


def seen(session: Session, conversation_id: str, event_id: int) -> None:
    """Forget what the customer has read: everything up to an event."""
    session.execute(
        delete(Followup)
        .where(Followup.conversation_id == conversation_id, Followup.event_id <= event_id)
        .execution_options(synchronize_session=False)
    )


def _kind(row: Mapping[str, Any]) -> str | None:
    if row["actor_kind"] == "agent" and row["type"] in ("message", "attachment"):
        return ANSWER
    return WAITED_FOR.get(row["type"])


def _duty(row: Mapping[str, Any], kind: str, now: datetime) -> dict[str, Any]:
    return {
        "conversation_id": row["conversation_id"],
        "event_id": row["id"],
        "kind": kind,
        "urgent": False,
        "lettered": False,
        "step": PUSH,
        "attempts": 0,
        "due_at": now + PATIENCE,
        "created_at": now,
    }
