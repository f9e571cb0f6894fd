"""Who had a case in hand, from when until when, and how it came and went; kept for good.

A case names only who has it now; taken up again it would forget who had it before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.models import Base, Moment

RECENT = timedelta(days=7)  # in which whoever had a customer last is asked first


class Handling(Base):
    """One agent's time with a case. began, ended: the verbs of transitions.py.

    queued_at: since when the customer had waited for it; None where nobody waited in the queue.
    """

    __tablename__ = "handlings"
    __table_args__ = (
        Index("ix_handlings_conversation_id", "conversation_id", "ended_at"),
        Index("ix_handlings_began_at", "began_at"),
        Index("ix_handlings_agent_id", "agent_id", "began_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    escalation_id: Mapped[int] = mapped_column(
        ForeignKey("escalations.id", ondelete="CASCADE"), index=True
    )
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    began: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime] = mapped_column(Moment)
    queued_at: Mapped[datetime | None] = mapped_column(Moment)
    ended: Mapped[str | None] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


def begin(
    session: Session,
    conversation_id: str,
    case_id: int,
    agent_id: int,
    verb: str,
    now: datetime,
    queued_at: datetime | None = None,
) -> None:
    """Note that an agent has a case from now on."""
    session.add(
        Handling(
            conversation_id=conversation_id,
            escalation_id=case_id,
            agent_id=agent_id,
            began=verb,
            began_at=now,
            queued_at=queued_at,
        )
    )
    session.flush()


def end(session: Session, conversation_id: str, verb: str, now: datetime) -> None:
    """Note that whoever has a conversation's case has it no longer."""
    session.execute(
        update(Handling)
        .where(Handling.conversation_id == conversation_id, Handling.ended_at.is_(None))
        .values(ended=verb, ended_at=now)
        .execution_options(synchronize_session=False)
    )


def of_case(session: Session, case_id: int) -> list[Handling]:
    """List the handlings of a case, the first one first."""
    query = select(Handling).where(Handling.escalation_id == case_id)
    return list(session.scalars(query.order_by(Handling.id)))


def last_agent(session: Session, conversation_id: str, now: datetime) -> int | None:
    """Find who had a conversation in hand last within seven days; None when nobody had."""
    query = select(Handling.agent_id).where(
        Handling.conversation_id == conversation_id, Handling.ended_at > now - RECENT
    )
    return session.scalars(query.order_by(Handling.id.desc()).limit(1)).first()
