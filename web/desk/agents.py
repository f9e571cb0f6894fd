"""Agents' accounts: made by a command, signed in with a password, signed out for good."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.desk.database import Database
from web.desk.errors import BadPassword, NameTaken, NotFound, Throttled
from web.desk.models import Agent, AgentSession, LoginAttempt
from web.desk.tokens import digest

FREE_FAILURES = 5
LONGEST_WAIT = 60  # seconds; nobody can lock a colleague out for longer
FORGOTTEN = timedelta(hours=1)
SESSION_LIFE = timedelta(hours=12)
PARAMETERS = RFC_9106_LOW_MEMORY  # what a password costs; tests take less
ROLES = ("agent", "editor")  # answers customers; writes the answers and never sees a customer


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An agent and the secret of their new session."""

    agent: Agent
    token: str


def add(
    session: Session, name: str, display: str, password: str, now: datetime, role: str = "agent"
) -> Agent:
    """Make an account in one of ROLES; raises NameTaken."""
    if session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none():
        raise NameTaken(f"agent {name!r} exists")
    agent = Agent(
        name=_fold(name),
        display=display,
        password_hash=hasher().hash(password),
        role=role,
        active=True,
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return agent


def everyone(session: Session) -> list[Agent]:
    """List the accounts by name."""
    return list(session.scalars(select(Agent).order_by(Agent.name)))


def set_password(session: Session, name: str, password: str) -> Agent:
    """Give an account a new password and sign it out everywhere; raises NotFound."""
    agent = session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none()
    if agent is None:
        raise NotFound(f"no agent {name!r}")
    agent.password_hash = hasher().hash(password)
    session.execute(delete(AgentSession).where(AgentSession.agent_id == agent.id))
    return agent


def change(
    session: Session,
    name: str,
    *,
    active: bool | None = None,
    role: str | None = None,
    display: str | None = None,
) -> Agent:
    """Set what is not None of an account; raises NotFound.

    Closed, or in another role, it is signed out everywhere: whoever it talked to goes back to the
    front of the queue.
    """
    agent = session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none()
    if agent is None:
        raise NotFound(f"no agent {name!r}")
    out = active is False or (role is not None and role != agent.role)
    agent.active = agent.active if active is None else active
    agent.role = role or agent.role
    agent.display = display or agent.display
    if out:
        session.execute(delete(AgentSession).where(AgentSession.agent_id == agent.id))
    return agent


def sign_in(
    database: Database,
    name: str,
    password: str,
    now: datetime,
    compute: Callable[[Callable[[], bool]], bool] = lambda work: work(),
) -> SignedIn:
    """Check a password and open a session.

    compute: runs the check, which takes its time by design, where it holds nobody up. Raises
    Throttled after too many failures of this account (of this account only: colleagues behind the
    same address are not touched), BadPassword otherwise.
    """
    key = hashlib.sha256(_fold(name).encode()).hexdigest()
    # Counted before the check, so that many tries at once do not slip through.
    with database.write() as session:
        _count_try(session, key, now)
    with database.read() as session:
        agent = session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none()
    known = agent.password_hash if agent and agent.active else _dummy()
    if not compute(lambda: _matches(known, password)) or agent is None or not agent.active:
        raise BadPassword("wrong name or password")
    token = secrets.token_urlsafe(32)
    with database.write() as session:
        session.execute(delete(LoginAttempt).where(LoginAttempt.name_hash == key))
        session.execute(delete(AgentSession).where(AgentSession.created_at < now - SESSION_LIFE))
        session.add(
            AgentSession(token_hash=digest(token), agent_id=agent.id, created_at=now, seen_at=now)
        )
        if hasher().check_needs_rehash(agent.password_hash):
            found = session.get(Agent, agent.id)
            if found is not None:
                found.password_hash = hasher().hash(password)
    return SignedIn(agent, token)


def of_session(session: Session, token: str, now: datetime) -> Agent | None:
    """Find the agent of a session's secret; None when it is over or the account is closed."""
    row = session.get(AgentSession, digest(token))
    if row is None or row.created_at < now - SESSION_LIFE:
        return None
    agent = session.get(Agent, row.agent_id)
    return agent if agent is not None and agent.active else None


def sign_out(session: Session, token: str) -> None:
    """End a session; its cookie is worth nothing from now on."""
    session.execute(delete(AgentSession).where(AgentSession.token_hash == digest(token)))


def _count_try(session: Session, key: str, now: datetime) -> None:
    session.execute(delete(LoginAttempt).where(LoginAttempt.last_at < now - FORGOTTEN))
    query = select(LoginAttempt).where(LoginAttempt.name_hash == key).with_for_update()
    tries = session.scalars(query).one_or_none()
    if tries is None:
        session.add(LoginAttempt(name_hash=key, failures=1, last_at=now))
        return
    over = tries.failures - FREE_FAILURES
    if over >= 0:
        wait = timedelta(seconds=min(LONGEST_WAIT, 2 ** min(over + 1, 10)))
        if now < tries.last_at + wait:
            raise Throttled(max(1, int((tries.last_at + wait - now).total_seconds() + 0.999)))
    tries.failures += 1
    tries.last_at = now


def _matches(known: str, password: str) -> bool:
    try:
        return hasher().verify(known, password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def hasher() -> PasswordHasher:
    """Return what hashes passwords."""
    return PasswordHasher.from_parameters(PARAMETERS)


@cache
def _dummy() -> str:
    # An unknown name takes as long as a wrong password, so that names cannot be found out.
    return hasher().hash(secrets.token_urlsafe(16))


def _fold(name: str) -> str:
    return name.strip().casefold()
