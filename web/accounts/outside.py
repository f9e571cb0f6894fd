"""Accounts of persons whom a provider of OpenID Connect vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.accounts import staff
from web.accounts.models import OutsideIdentity
from web.accounts.oidc import Person
from web.accounts.provider import Provider
from web.desk import agents
from web.desk.errors import DeskError, NameTaken
from web.desk.models import Agent

NONE = "!"  # no hash: fits no password


class Unknown(DeskError):
    """No account is this person's, and none is made."""


class NoRole(DeskError):
    """None of the person's groups has a role here."""


class Closed(DeskError):
    """The person's account is closed."""


@dataclass(frozen=True, slots=True)
class Found:
    """The account of a person. changed: what became of it, for the record: "", added, or role."""

    agent: Agent
    changed: str = ""


def find(session: Session, provider: Provider, person: Person, now: datetime) -> Found:
    """Find a person's account, make it where that is set, and give it the role of their group.

    A name at the provider proves nothing here, for its owner may choose it: an account that was
    made here is tied to a person by `tie` alone. Raises Unknown, NoRole, Closed, NameTaken,
    BadName.
    """
    role = provider.role_of(person.claims)
    if provider.roles and role is None:
        raise NoRole(person.subject)
    tied = session.get(OutsideIdentity, (person.issuer, person.subject))
    if tied is None:
        if not provider.creates or role is None:
            raise Unknown(person.subject)
        return Found(_make(session, person, role, now), "added")
    agent = session.scalars(select(Agent).where(Agent.id == tied.agent_id)).one()
    if not agent.active:
        raise Closed(agent.name)
    if role is not None and role != agent.role:
        return Found(agents.change(session, agent.name, role=role), f"role {role}")
    return Found(agent)


def tie(session: Session, name: str, issuer: str, subject: str, now: datetime) -> Agent:
    """Say who an account is at a provider, in place of whoever it was; raises NotFound, NameTaken.

    subject: the person's lasting id there (`sub`).
    """
    agent = agents.named(session, name)
    row = session.get(OutsideIdentity, (issuer, subject))
    if row is not None and row.agent_id != agent.id:
        raise NameTaken(f"{subject!r} is tied to another account")
    for old in session.scalars(select(OutsideIdentity).where(OutsideIdentity.agent_id == agent.id)):
        session.delete(old)
    session.flush()
    session.add(OutsideIdentity(issuer=issuer, subject=subject, agent_id=agent.id, tied_at=now))
    session.flush()
    return agent


def _make(session: Session, person: Person, role: str, now: datetime) -> Agent:
    name, display = staff.check_name(person.name[:64]), staff.check_name(person.display[:64])
    if session.scalars(select(Agent).where(Agent.name == name.casefold())).one_or_none():
        raise NameTaken(f"agent {name!r} exists")
    # No password opens it: a lead's reset gives one, should it ever be needed.
    agent = Agent(
        name=name.casefold(), display=display, password_hash=NONE, role=role, active=True,
        created_at=now,
    )  # fmt: skip
    session.add(agent)
    session.flush()
    session.add(
        OutsideIdentity(
            issuer=person.issuer, subject=person.subject, agent_id=agent.id, tied_at=now
        )
    )
    session.flush()
    return agent
