"""The staff's accounts: signed in with a password, in sessions that end, signed out for good."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from web.desk import guessing, password_hash
from web.desk.database import Database
from web.desk.errors import BadPassword, NameTaken, NotFound
from web.desk.guessing import FREE_FAILURES, Origin
from web.desk.models import Agent, AgentSession
from web.desk.tokens import digest

__all__ = ["FREE_FAILURES", "Origin"]
# Answers customers; leads those; writes the answers; publishes them; sees who did what.
ROLES = ("agent", "lead", "editor", "publisher", "auditor")
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


def add(
    session: Session,
    name: str,
    display: str,
    password: str,
    now: datetime,
    role: str = "agent",
    *,
    temporary: bool = False,
) -> Agent:
    """Make an account in one of ROLES; raises NameTaken.

    temporary: its owner has to choose a password of their own first.
    """
    if session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none():
        raise NameTaken(f"agent {name!r} exists")
    agent = Agent(
        name=_fold(name),
        display=display,
        password_hash=password_hash.hasher().hash(password),
        role=role,
        active=True,
        temporary=temporary,
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return agent


def everyone(session: Session) -> list[Agent]:
    """List the accounts by name."""
    return list(session.scalars(select(Agent).order_by(Agent.name)))


def named(session: Session, name: str) -> Agent:
    """Find an account by its name; raises NotFound."""
    agent = session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none()
    if agent is None:
        raise NotFound(f"no agent {name!r}")
    return agent


def set_password(
    session: Session, name: str, password: str, *, temporary: bool = False, keep: str = ""
) -> Agent:
    """Give an account a new password and sign it out everywhere; raises NotFound.

    keep: the secret of the session in which the owner changed it, which goes on.
    """
    agent = named(session, name)
    agent.password_hash = password_hash.hasher().hash(password)
    agent.temporary = temporary
    sign_out_everywhere(session, agent.id, keep=keep)
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
    agent = named(session, name)
    out = active is False or (role is not None and role != agent.role)
    agent.active = agent.active if active is None else active
    agent.role = role or agent.role
    agent.display = display or agent.display
    if out:
        sign_out_everywhere(session, agent.id)
    return agent


def sign_in(
    database: Database,
    name: str,
    password: str,
    now: datetime,
    compute: Callable[[Callable[[], bool]], bool] = lambda work: work(),
    *,
    origin: Origin = Origin(),  # noqa: B008 (frozen)
    limits: SessionLimits = LIMITS,
    owes_code: Callable[[Session, int], bool] = lambda session, agent_id: False,
) -> SignedIn:
    """Check a password and open a session.

    compute: runs the check, which takes its time by design, where it holds nobody up. owes_code:
    whether an account has a second factor; its session is good for nothing but that one yet.
    Raises Throttled after too many failures (see guessing.py), BadPassword otherwise.
    """
    with database.write() as session:
        guessing.count(session, _fold(name), origin, now)
    with database.read() as session:
        agent = session.scalars(select(Agent).where(Agent.name == _fold(name))).one_or_none()
    known = agent.password_hash if agent and agent.active else password_hash.nobodys()
    if (
        not compute(lambda: password_hash.matches(known, password))
        or agent is None
        or not agent.active
    ):
        raise BadPassword("wrong name or password")
    with database.write() as session:
        guessing.forgive(session, _fold(name), origin)
        session.execute(delete(AgentSession).where(AgentSession.created_at < now - limits.absolute))
        whole = not owes_code(session, agent.id)
        token = _open(session, agent.id, now, origin, WHOLE if whole else OWES_CODE)
        if password_hash.hasher().check_needs_rehash(agent.password_hash):
            found = session.get(Agent, agent.id)
            if found is not None:
                found.password_hash = password_hash.hasher().hash(password)
    return SignedIn(agent, token, whole)


def admit(
    session: Session, agent: Agent, now: datetime, origin: Origin, *, whole: bool, second: bool
) -> SignedIn:
    """Open a session for whom something else than a password has proven.

    whole: nothing more is owed. second: more than one factor was given.
    """
    token = _open(session, agent.id, now, origin, WHOLE if whole else OWES_CODE, second)
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
    return _open(session, gone[0][0], now, origin, WHOLE, second=True) if gone else None


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


def sessions(
    session: Session, agent_id: int, now: datetime, limits: SessionLimits = LIMITS
) -> list[AgentSession]:
    """List where an account is signed in, the one used last first."""
    query = select(AgentSession).where(
        AgentSession.agent_id == agent_id, AgentSession.stage == WHOLE
    )
    rows = session.scalars(query.order_by(AgentSession.used_at.desc()))
    return [row for row in rows if lives(row, now, limits)]


def end_session(session: Session, agent_id: int, token_hash: str) -> None:
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


def is_password(
    agent: Agent, password: str, compute: Callable[[Callable[[], bool]], bool] = lambda work: work()
) -> bool:
    """Tell whether a password is the account's; compute: carries out what takes its time."""
    known = agent.password_hash
    return compute(lambda: password_hash.matches(known, password))


def _open(
    session: Session, agent_id: int, now: datetime, origin: Origin, stage: str, second: bool = False
) -> str:
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


def _fold(name: str) -> str:
    return name.strip().casefold()
