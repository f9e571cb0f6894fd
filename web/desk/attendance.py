"""Which agents are at their desks: those whose console has shown a sign of life just now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.desk.models import Agent, AgentSession

SILENCE = timedelta(seconds=20)


def here(session: Session, token_hash: str, now: datetime) -> None:
    """Note that the console of a signed-in session is open."""
    session.execute(
        update(AgentSession)
        .where(AgentSession.token_hash == token_hash)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def present(session: Session, now: datetime) -> list[int]:
    """List the ids of the agents who are there."""
    query = (
        select(AgentSession.agent_id)
        .join(Agent, Agent.id == AgentSession.agent_id)
        .where(AgentSession.seen_at > now - SILENCE, Agent.active)
        .distinct()
        .order_by(AgentSession.agent_id)
    )
    return list(session.scalars(query))
