"""The topics that agents are good at, as a lead has declared them; none declared: all of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.models import Base


class Skill(Base):
    """An agent is good at a topic."""

    __tablename__ = "skills"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(64), primary_key=True)


def of_all(session: Session) -> dict[int, frozenset[str]]:
    """Read who is good at what; who has declared nothing is left out."""
    found: dict[int, set[str]] = {}
    for one in session.scalars(select(Skill)):
        found.setdefault(one.agent_id, set()).add(one.topic)
    return {agent_id: frozenset(topics) for agent_id, topics in found.items()}


def declare(session: Session, agent_id: int, topics: Iterable[str]) -> None:
    """Say what an agent is good at, in place of what was said before."""
    session.execute(delete(Skill).where(Skill.agent_id == agent_id))
    session.add_all([Skill(agent_id=agent_id, topic=topic) for topic in sorted(set(topics))])
    session.flush()
