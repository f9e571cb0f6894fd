"""Outages that were told to customers, and who of them asked about something meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Moment


class Outage(Base):
    """An announced outage that somebody was told of, until all who asked know that it is over.

    name: of the announcement's file. title: as it was last told, for the file may be taken away.
    gone_at: since when it is announced no more.
    """

    __tablename__ = "outages"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    gone_at: Mapped[datetime | None] = mapped_column(Moment)


class OutageAsker(Base):
    """A conversation that was told of an outage. asked_at: since when it is about something."""

    __tablename__ = "outage_askers"

    name: Mapped[str] = mapped_column(
        ForeignKey("outages.name", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[datetime] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
