"""The tables of versions, drafts and comments; the database refuses to change or drop a version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Moment

OPEN = ("waiting", "scheduled")  # states of a draft that is still to go live
STILL_OPEN = text("state IN ('waiting', 'scheduled')")


class ContentVersion(Base):
    """A content file as it was at a time.

    name: its path below the content folder. text: None where the file went. who: the shown name, or
    `file` for a change by hand; account: theirs. deed: one of faq.history.DEEDS. other: of a move,
    the name before or after. draft: of which draft this is; live: whether customers got it.
    """

    __tablename__ = "content_versions"
    __table_args__ = (Index("ix_content_versions_name_id", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(80))
    account: Mapped[int | None] = mapped_column()
    deed: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str | None] = mapped_column(Text)
    other: Mapped[str | None] = mapped_column(String(200))
    draft: Mapped[int | None] = mapped_column(index=True)
    live: Mapped[bool] = mapped_column()


class ContentDraft(Base):
    """A change that waits; at most one of a file is open.

    target: where a move leads, else the name. version: the row that holds its text. base: the
    version of the file (faq.store) that it is meant to replace. edition: counts its saves, so that
    nobody decides about what they have not seen. author: who wrote it last. due: when it goes live
    by itself, once it is scheduled.
    """

    __tablename__ = "content_drafts"
    __table_args__ = (
        Index(
            "uq_content_drafts_open",
            "name",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        Index("ix_content_drafts_state_due", "state", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()
    base: Mapped[str] = mapped_column(String(64))
    edition: Mapped[int] = mapped_column(default=1)
    deed: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    due: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decider: Mapped[int | None] = mapped_column()


class DraftComment(Base):
    """What somebody said about a draft; who `file` or `clock` is the program itself."""

    __tablename__ = "draft_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(
        ForeignKey("content_drafts.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
