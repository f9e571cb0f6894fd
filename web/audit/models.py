"""The tables of the record; the database itself refuses to change or delete an entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Moment


class AuditEntry(Base):
    """One deed. hash covers all other columns and the hash before.

    who: the account's name, or who ran a command. object: what it was done to, as an id, never a
    customer's words. reason: as given, masked, and sealed where it is about a conversation.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_who", "who", "action", "object"),
        Index("ix_audit_entries_action", "action", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    who: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    object: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest entry's number and hash, one row: whoever writes the next entry holds it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
