"""What was told to each who waits, kept and judged: did the wait end within the span?

The first span that is named to somebody who waits is the promise. It is judged when an agent takes
them; who leaves before its end was promised nothing wrong, who leaves after it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import attendance, queue
from web.desk.database import Database
from web.desk.models import Base, Conversation, Moment

OPEN = text("judged_at IS NULL")


class Promise(Base):
    """A span that was told. low, high: minutes; until: the end of it. outcome: see judge()."""

    __tablename__ = "promises"
    __table_args__ = (
        Index(
            "ix_promises_open",
            "conversation_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_promises_judged_at", "judged_at"),
        Index("ix_promises_conversation_id", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    place: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]
    told_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    judged_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(8))


@dataclass(frozen=True, slots=True)
class Record:
    """How promises went: those that were kept, and those that were not."""

    kept: int = 0
    broken: int = 0

    @property
    def share(self) -> float | None:
        """Per cent that were kept; None of none."""
        total = self.kept + self.broken
        return 100 * self.kept / total if total else None


def note(database: Database, now: datetime, silence: timedelta = attendance.SILENCE) -> list[str]:
    """Keep what is told by now to those who wait and have no promise yet; returns who got one.

    Every process tells by the same rule (queue.standings), so one of them keeps it for all.
    """
    with database.read() as session:
        wanted = _untold(session)
        if not wanted:
            return []
        told = {
            one: standing
            for one, standing in queue.standings(session, now, silence).items()
            if one in wanted and standing["minutes"] is not None
        }
    if not told:
        return []
    with database.write() as session:
        # Whoever is being taken just now is left out: nobody would judge their promise any more.
        waiting = session.scalars(
            select(Conversation.id)
            .where(Conversation.id.in_(told), Conversation.owner == "queue")
            .with_for_update(skip_locked=True)
        ).all()
        untold = _untold(session)
        for one in waiting:
            if one not in untold:
                continue
            low, high = told[one]["minutes"]
            session.add(
                Promise(
                    conversation_id=one,
                    place=told[one]["place"],
                    low=low,
                    high=high,
                    told_at=now,
                    until=now + timedelta(minutes=high),
                )
            )
    return list(waiting)


def judge(session: Session, conversation_id: str, now: datetime, *, served: bool) -> None:
    """Judge what was told, at the end of a wait: kept, broken, or left (before it could be either).

    served: whether an agent took the customer; otherwise they left, or were put off.
    """
    late = Promise.until < now
    session.execute(
        update(Promise)
        .where(Promise.conversation_id == conversation_id, Promise.judged_at.is_(None))
        .values(judged_at=now, outcome=case((late, "broken"), else_="kept" if served else "left"))
        .execution_options(synchronize_session=False)
    )


def record(session: Session, since: datetime, now: datetime) -> Record:
    """Count the promises that were judged since a time; one that is overdue by now is broken."""
    overdue = and_(Promise.judged_at.is_(None), Promise.until < now)
    outcome = case((overdue, "broken"), else_=Promise.outcome)
    query = (
        select(outcome, func.count())
        .where(or_(Promise.judged_at >= since, overdue))
        .group_by(outcome)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return Record(found.get("kept", 0), found.get("broken", 0))


def _untold(session: Session) -> set[str]:
    open_ones = select(Promise.conversation_id).where(Promise.judged_at.is_(None))
    query = select(Conversation.id).where(
        Conversation.owner == "queue", Conversation.id.not_in(open_ones)
    )
    return set(session.scalars(query))
