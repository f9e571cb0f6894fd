"""Offers of cases to agents: at most one rings at an agent, and but an urgent case at one agent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, case, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.models import Base, Moment

RINGS = text("state = 'rings'")
PASSED = ("declined", "missed")  # how an offer ends that its agent did not take


class Ring(Base):
    """An offer. state: rings, accepted, declined, missed or withdrawn (the case went elsewhere).

    queued_at: of the wait that it belongs to. callback_id: the call that is to be made, due then;
    None: the case waits in the queue. overflow: it went to somebody not good at the topic.
    """

    __tablename__ = "rings"
    __table_args__ = (
        Index(
            "ix_rings_case",
            "conversation_id",
            sqlite_where=RINGS,
            postgresql_where=RINGS,
        ),
        Index(
            "ix_rings_agent", "agent_id", unique=True, sqlite_where=RINGS, postgresql_where=RINGS
        ),
        Index("ix_rings_conversation_id", "conversation_id", "queued_at"),
        Index("ix_rings_agent_id", "agent_id", "id"),
        Index("ix_rings_callback_id", "callback_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("callbacks.id", ondelete="CASCADE"))
    queued_at: Mapped[datetime] = mapped_column(Moment)
    rings_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    overflow: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="rings")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


def of_case(session: Session, conversation_id: str, now: datetime) -> list[Ring]:
    """List the offers of a case that ring now; only an urgent one has several."""
    query = select(Ring).where(
        Ring.conversation_id == conversation_id,
        Ring.callback_id.is_(None),
        Ring.state == "rings",
        Ring.until > now,
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def of_agent(session: Session, agent_id: int, now: datetime) -> Ring | None:
    """Find the offer that rings at an agent now, None when none does."""
    query = select(Ring).where(Ring.agent_id == agent_id, Ring.state == "rings", Ring.until > now)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def end_with_wait(session: Session, conversation_id: str, taker: int | None, now: datetime) -> None:
    """End what rings for a case that waits no longer: accepted by its taker, or withdrawn."""
    waits = (Ring.conversation_id == conversation_id, Ring.callback_id.is_(None))
    _end_all(session, waits, taker, now)


def end_with_callback(session: Session, callback_id: int, taker: int | None, now: datetime) -> None:
    """End what rings for a booked call that is not to be made any more, or is being made."""
    _end_all(session, (Ring.callback_id == callback_id,), taker, now)


def _end_all(session: Session, which: Sequence[Any], taker: int | None, now: datetime) -> None:
    state: Any = "withdrawn"
    if taker is not None:
        state = case((Ring.agent_id == taker, "accepted"), else_="withdrawn")
    session.execute(
        update(Ring)
        .where(*which, Ring.state == "rings")
        .values(state=state, ended_at=now)
        .execution_options(synchronize_session=False)
    )


def end(
    session: Session, ring_id: int, agent_id: int, state: str, now: datetime, *guards: Any
) -> bool:
    """End an agent's offer that rings, in one guarded statement; tells whether it did."""
    ended = session.execute(
        update(Ring)
        .where(Ring.id == ring_id, Ring.agent_id == agent_id, Ring.state == "rings", *guards)
        .values(state=state, ended_at=now)
        .returning(Ring.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended) == 1
