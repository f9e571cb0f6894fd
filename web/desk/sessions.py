"""Where the staff are signed in: sessions that begin, owe a second factor, and end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from web.desk.errors import NotFound
from web.desk.guessing import Origin
from web.desk.models import Agent, AgentSession
from web.desk.tokens import digest

WHOLE, OWES_CODE = "whole", "code"  # stages of a session
CODE_LIFE = timedelta(minutes=5)  # from the password to the second factor
FRESH = timedelta(minutes=10)  # after signing in, for which another key may be added
CODE_TRIES = 5  # then the password is asked for again


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives: without use, and at all."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


LIMITS = SessionLimits()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An agent and the secret of their new session; whole once nothing more is owed."""

    agent: Agent
    token: str
    whole: bool = True


def begin(
    session: Session, agent_id: int, now: datetime, origin: Origin, stage: str, second: bool = False
) -> str:
    """Begin a session in a stage; returns its secret."""
    token = secrets.token_urlsafe(32)
    session.add(
        AgentSession(
            token_hash=digest(token),
            agent_id=agent_id,
            created_at=now,
            seen_at=now,
            used_at=now,
            stage=stage,
            second=second,
            address=origin.address[:64],
            browser=origin.browser[:64],
        )
    )
    return token


def admit(
    session: Session, agent: Agent, now: datetime, origin: Origin, *, whole: bool, second: bool
) -> SignedIn:
    """Open a session for whom something else than a password has proven.

    whole: nothing more is owed. second: more than one factor was given.
    """
    token = begin(session, agent.id, now, origin, WHOLE if whole else OWES_CODE, second)
    return SignedIn(agent, token, whole)


def is_fresh(session: Session, token: str, now: datetime) -> bool:
    """Tell whether a session was opened just now, so that its owner is still the one who acts."""
    row = session.get(AgentSession, digest(token))
    return row is not None and row.created_at >= now - FRESH


def note_second(session: Session, token: str) -> None:
    """Note that a second factor was given in a session."""
    row = session.get(AgentSession, digest(token))
    if row is not None:
        row.second = True


def gave_second(session: Session, token: str) -> bool:
    """Tell whether a session was opened by more than one factor."""
    row = session.get(AgentSession, digest(token))
    return row is not None and row.second


def owing(session: Session, token: str, now: datetime) -> Agent | None:
    """Find whose password was right and whose second factor is still owed; None when too late."""
    row = session.get(AgentSession, digest(token))
    if row is None or row.stage != OWES_CODE or row.created_at < now - CODE_LIFE:
        return None
    agent = session.get(Agent, row.agent_id)
    return agent if agent is not None and agent.active else None


def count_code(session: Session, token: str) -> None:
    """Count a wrong code; after the last the password has to be given again."""
    row = session.get(AgentSession, digest(token), with_for_update=True)
    if row is not None and row.stage == OWES_CODE:
        row.codes += 1
        if row.codes >= CODE_TRIES:
            session.delete(row)


def complete(session: Session, token: str, now: datetime, origin: Origin) -> str | None:
    """Make a session whole whose second factor was right: a new one, under a new secret.

    None when it ended meanwhile, or another answer was quicker.
    """
    gone = session.execute(
        delete(AgentSession)
        .where(AgentSession.token_hash == digest(token), AgentSession.stage == OWES_CODE)
        .returning(AgentSession.agent_id)
    ).all()
    return begin(session, gone[0][0], now, origin, WHOLE, second=True) if gone else None


def of_session(
    session: Session, token: str, now: datetime, limits: SessionLimits = LIMITS
) -> Agent | None:
    """Find the agent of a session's secret; None when it is over or the account is closed."""
    row = session.get(AgentSession, digest(token))
    if row is None or row.stage != WHOLE or not lives(row, now, limits):
        return None
    agent = session.get(Agent, row.agent_id)
    return agent if agent is not None and agent.active else None


def lives(row: AgentSession, now: datetime, limits: SessionLimits) -> bool:
    """Tell whether a session is within both limits."""
    return row.created_at >= now - limits.absolute and row.used_at >= now - limits.idle


def of_agent(
    session: Session, agent_id: int, now: datetime, limits: SessionLimits = LIMITS
) -> list[AgentSession]:
    """List where an account is signed in, the one used last first."""
    query = select(AgentSession).where(
        AgentSession.agent_id == agent_id, AgentSession.stage == WHOLE
    )
    rows = session.scalars(query.order_by(AgentSession.used_at.desc()))
    return [row for row in rows if lives(row, now, limits)]


def end(session: Session, agent_id: int, token_hash: str) -> None:
    """End one session of an account; raises NotFound when it is not that account's."""
    gone = session.execute(
        delete(AgentSession)
        .where(AgentSession.token_hash == token_hash, AgentSession.agent_id == agent_id)
        .returning(AgentSession.agent_id)
    ).all()
    if not gone:
        raise NotFound("no such session")


def sign_out(session: Session, token: str) -> None:
    """End a session; its cookie is worth nothing from now on."""
    session.execute(delete(AgentSession).where(AgentSession.token_hash == digest(token)))


def renew(session: Session, token: str) -> str:
    """Put a session under a new secret; whoever copied the old one has nothing. Returns the new."""
    fresh = secrets.token_urlsafe(32)
    session.execute(
        update(AgentSession)
        .where(AgentSession.token_hash == digest(token))
        .values(token_hash=digest(fresh))
        .execution_options(synchronize_session=False)
    )
    return fresh


def sign_out_everywhere(session: Session, agent_id: int, *, keep: str = "") -> None:
    """End every session of an account but the one of the secret `keep`."""
    session.execute(
        delete(AgentSession).where(
            AgentSession.agent_id == agent_id, AgentSession.token_hash != digest(keep)
        )
    )
