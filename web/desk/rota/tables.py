"""The tables of the rota: weeks, days that differ from them, and who came."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from web.desk.models import Base, Json, Moment

OFF, OTHER, SWAPPED = "off", "other", "swapped"


class RotaWeek(Base):
    """What an agent works each week from a day on, until a later row says otherwise.

    week: the spans of each weekday, Monday first, in minutes of the day.
    """

    __tablename__ = "rota_weeks"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    week: Mapped[list[list[list[int]]]] = mapped_column(Json)


class RotaDay(Base):
    """What an agent works on one day instead. kind: off, other or swapped; with_id: with whom."""

    __tablename__ = "rota_days"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    spans: Mapped[list[list[int]]] = mapped_column(Json)
    with_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))


class Arrival(Base):
    """An agent was there in a shift of theirs: from when, and when they were seen last."""

    __tablename__ = "arrivals"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    came_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
