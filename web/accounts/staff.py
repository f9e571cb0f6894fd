"""Adding, changing, closing and resetting accounts, as the page and the commands do it."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.accounts import factors, passkeys, passwords, roles
from web.desk import agents
from web.desk.errors import BadPassword, DeskError, NotFound
from web.desk.models import Agent


class NotAllowed(DeskError):
    """This role may not do that to this account, or nobody to their own."""


class BadName(DeskError):
    """A name that cannot be taken."""


def add(
    session: Session,
    name: str,
    display: str,
    role: str,
    password: str,
    now: datetime,
    *,
    temporary: bool = False,
) -> Agent:
    """Make an account; raises BadName, NameTaken, WeakPassword."""
    name, display = check_name(name), check_name(display or name)
    passwords.check(password, name, display)
    return agents.add(session, name, display, password, now, role, temporary=temporary)


def reset(session: Session, name: str, password: str) -> Agent:
    """Give a password to be changed at once, take second factor and passkeys away.

    Raises NotFound.

    The account is signed out everywhere.
    """
    agent = agents.set_password(session, name, password, temporary=True)
    factors.drop(session, agent.id)
    passkeys.drop(session, agent.id)
    return agent


def choose_password(
    session: Session, agent: Agent, before: str, password: str, keep: str = ""
) -> None:
    """Let an owner choose another password; raises WeakPassword, BadPassword for a wrong one."""
    if not agents.is_password(agent, before):
        raise BadPassword("wrong password")
    if password == before:
        raise passwords.WeakPassword("same")
    passwords.check(password, agent.name, agent.display)
    agents.set_password(session, agent.name, password, keep=keep)


def allow(actor: Agent, target: Agent) -> None:
    """Check that one account may change another; raises NotAllowed."""
    if actor.id == target.id or not roles.may_manage(actor.role, target.role):
        raise NotAllowed(f"{actor.role} may not change {target.role} {target.name}")


def find(session: Session, agent_id: int) -> Agent:
    """Find an account by its id; raises NotFound."""
    agent = session.scalars(select(Agent).where(Agent.id == agent_id)).one_or_none()
    if agent is None:
        raise NotFound(f"no account {agent_id}")
    return agent


def check_name(name: str) -> str:
    """Return a name as it is kept; raises BadName."""
    bare = name.strip()
    if not 0 < len(bare) <= 64 or not bare.isprintable():
        raise BadName("a name has 1 to 64 characters")
    return bare


def draw_password() -> str:
    """Draw a password to be handed over."""
    return secrets.token_urlsafe(12)
