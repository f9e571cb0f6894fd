"""Tables of the other ways to be reached, and of the pictures and documents that are sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Json, Moment


class Callback(Base):
    """A call that a customer has booked. `state`: see callbacks.py.

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


class Slot(Base):
    """How many callbacks one slot has taken; made with the first one."""

    __tablename__ = "callback_slots"

    start: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)


class Call(Base):
    """One video or audio call. `state`: see video.py. Sound and picture are never kept."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_state", "state", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    media: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(8))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    agent_page: Mapped[str | None] = mapped_column(String(32))  # the one page that holds it
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")  # one more by each rejoin
    refused: Mapped[list[int]] = mapped_column(Json, default=list)  # agents not to ring again
    reason: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Moment)
    rung_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    connected_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    customer_seen_at: Mapped[datetime] = mapped_column(Moment)
    agent_seen_at: Mapped[datetime | None] = mapped_column(Moment)
    customer_away_at: Mapped[datetime | None] = mapped_column(Moment)  # since the page was left
    agent_away_at: Mapped[datetime | None] = mapped_column(Moment)
    seconds: Mapped[int | None]


class Attachment(Base):
    """A picture or document of a conversation; the file's name is its id.

    A document has no width or height; its kind and name stand in its event.
    """

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
