"""Answers that agents have written down for themselves, beside those of data/canned.yml."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.errors import Full, NotFound
from web.desk.models import Base, Moment
from web.desk.texts import clean, shown

MOST = 100  # of one agent


class OwnAnswer(Base):
    """One agent's answer. title: by which it is found."""

    __tablename__ = "own_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


def of_agent(session: Session, agent_id: int) -> list[OwnAnswer]:
    """List an agent's answers, the one that was changed last first."""
    query = select(OwnAnswer).where(OwnAnswer.agent_id == agent_id)
    return list(session.scalars(query.order_by(OwnAnswer.changed_at.desc(), OwnAnswer.id.desc())))


def write(
    session: Session,
    agent_id: int,
    title: str,
    text: str,
    now: datetime,
    answer_id: int | None = None,
) -> OwnAnswer:
    """Write a new answer, or another text of an old one; raises NotFound, Full."""
    if answer_id is None:
        query = select(func.count()).select_from(OwnAnswer).where(OwnAnswer.agent_id == agent_id)
        if (session.scalar(query) or 0) >= MOST:
            raise Full(f"agent {agent_id} has {MOST} answers")
        found = OwnAnswer(agent_id=agent_id)
        session.add(found)
    else:
        found = find(session, agent_id, answer_id)
    found.title, found.text, found.changed_at = shown(title), clean(text).strip(), now
    session.flush()
    return found


def find(session: Session, agent_id: int, answer_id: int) -> OwnAnswer:
    """Find an agent's answer; raises NotFound where it is not theirs."""
    found = session.get(OwnAnswer, answer_id)
    if found is None or found.agent_id != agent_id:
        raise NotFound(f"no answer {answer_id} of agent {agent_id}")
    return found


def drop(session: Session, agent_id: int, answer_id: int) -> None:
    """Delete an agent's answer; raises NotFound."""
    session.delete(find(session, agent_id, answer_id))
    session.flush()
