"""The staff's accounts: made, changed, closed, and signed in to with a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.desk import guessing, password_hash, sessions
from web.desk.database import Database
from web.desk.errors import BadPassword, NameTaken, NotFound
from web.desk.guessing import FREE_FAILURES, Origin
from web.desk.models import Agent, AgentSession
from web.desk.sessions import SessionLimits, SignedIn

__all__ = ["FREE_FAILURES", "Origin"]
# Answers customers; leads those; writes the answers; publishes them; sees who did what.
ROLES = ("agent", "lead", "editor", "publisher", "auditor")


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
    sessions.sign_out_everywhere(session, agent.id, keep=keep)
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
        sessions.sign_out_everywhere(session, agent.id)
    return agent


def sign_in(
    database: Database,
    name: str,
    password: str,
    now: datetime,
    compute: Callable[[Callable[[], bool]], bool] = lambda work: work(),
    *,
    origin: Origin = Origin(),  # noqa: B008 (frozen)
    limits: SessionLimits = sessions.LIMITS,
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
        token = sessions.begin(
            session, agent.id, now, origin, sessions.WHOLE if whole else sessions.OWES_CODE
        )
        if password_hash.hasher().check_needs_rehash(agent.password_hash):
            found = session.get(Agent, agent.id)
            if found is not None:
                found.password_hash = password_hash.hasher().hash(password)
    return SignedIn(agent, token, whole)


def is_password(
    agent: Agent, password: str, compute: Callable[[Callable[[], bool]], bool] = lambda work: work()
) -> bool:
    """Tell whether a password is the account's; compute: carries out what takes its time."""
    known = agent.password_hash
    return compute(lambda: password_hash.matches(known, password))


def _fold(name: str) -> str:
    return name.strip().casefold()
