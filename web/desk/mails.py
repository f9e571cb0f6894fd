"""Emails that wait to be sent, written in the transaction of what they tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Json, Moment, key_of
from web.desk.sealed_words import Words


class Mail(Words):
    """An email that waits to be sent; address and data are sealed and go with the row.

    conversation_id: None for an email to the staff.
    message_id: drawn before it is sent first, and the same however often it is sent.
    """

    __tablename__ = "mails"
    WORDS = ("data",)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str | None] = mapped_column(String(255))
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    key: Mapped[str | None] = key_of(conversation_id)
