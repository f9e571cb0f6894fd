"""What waits for a second pair of eyes: asked for by one agent, confirmed by another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.desk import events
from web.desk.errors import DeskError, NotFound, WrongState
from web.desk.events import SYSTEM, Actor
from web.desk.models import Agent
from web.wallet.models import WalletRequest

if TYPE_CHECKING:
    from web.wallet.telling import Teller

LASTS = timedelta(hours=4)  # for which a proposal may be confirmed
MOST = 50
SHOWN = 10  # requests of one case


class OwnProposal(DeskError):
    """Who asked for it cannot be the second pair of eyes."""


def waiting(session: Session, agent_id: int, now: datetime) -> list[dict[str, Any]]:
    """List what colleagues asked for and this agent may confirm, the oldest first."""
    query = (
        select(WalletRequest, Agent.display)
        .join(Agent, Agent.id == WalletRequest.agent_id)
        .where(
            WalletRequest.state == "proposed",
            WalletRequest.agent_id != agent_id,
            WalletRequest.at > now - LASTS,
        )
        .order_by(WalletRequest.at)
        .limit(MOST)
    )
    return [_shown(row, by) for row, by in session.execute(query)]


def beside(session: Session, agent_id: int, now: datetime) -> dict[str, Any]:
    """Show {"reviews": …}, which the console's stream brings beside the board."""
    return {"reviews": waiting(session, agent_id, now)}


def of_case(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    """List the newest of what was asked in a conversation, by agents or by the customer."""
    query = (
        select(WalletRequest, Agent.display)
        .outerjoin(Agent, Agent.id == WalletRequest.agent_id)
        .where(WalletRequest.conversation_id == conversation_id)
        .order_by(WalletRequest.at.desc())
        .limit(SHOWN)
    )
    return [_shown(row, by) for row, by in session.execute(query)]


def is_open(session: Session, conversation_id: str, agent_id: int) -> bool:
    """Tell whether this agent may be the second pair of eyes in a conversation, so has to read."""
    query = select(WalletRequest.key).where(
        WalletRequest.conversation_id == conversation_id,
        WalletRequest.state == "proposed",
        WalletRequest.agent_id != agent_id,
    )
    return session.scalars(query.limit(1)).first() is not None


def confirm(session: Session, key: str, agent: Agent, now: datetime) -> tuple[WalletRequest, bool]:
    """Confirm a colleague's proposal: (it, whether just now), from then on it is asked.

    Raises NotFound, OwnProposal, WrongState where it is decided otherwise, or too old.
    """
    row = _decided(session, key, agent, "asked", now)
    if row is not None:
        return row, True
    known = session.get(WalletRequest, key)
    if known is not None and known.second_id == agent.id and known.state != "declined":
        return known, False  # the answer to a first try was lost on the way
    raise WrongState("it was decided already, or is too old")


def decline(session: Session, key: str, agent: Agent, now: datetime) -> WalletRequest:
    """Say no to a colleague's proposal; raises as confirm does."""
    row = _decided(session, key, agent, "declined", now)
    if row is None:
        raise WrongState("it was decided already, or is too old")
    return row


def withdraw(session: Session, key: str, agent: Agent, now: datetime) -> WalletRequest:
    """Take back one's own proposal; raises WrongState where it is decided, or not one's own."""
    rows = session.execute(
        update(WalletRequest)
        .where(
            WalletRequest.key == key,
            WalletRequest.state == "proposed",
            WalletRequest.agent_id == agent.id,
        )
        .values(state="withdrawn", decided_at=now)
        .returning(WalletRequest.key)
    ).all()
    if not rows:
        raise WrongState("it is decided, or a colleague's")
    return _read(session, key)


def note(
    session: Session,
    teller: Teller,
    row: WalletRequest,
    name: str,
    now: datetime,
    *,
    by: Agent | None = None,
    **values: str,
) -> None:
    """Write into the case, for agents alone, what became of a request.

    name: of the sentence, without note_. by: None for the system.
    """
    actor = Actor("agent", by.display) if by is not None else SYSTEM
    text = teller.say(f"note_{name}", what=teller.request(row.kind, row.about), **values)
    events.append(session, row.conversation_id, "note", actor, {"text": text}, now)


def _decided(
    session: Session, key: str, agent: Agent, state: str, now: datetime
) -> WalletRequest | None:
    """Decide on a proposal that still stands; None where there is nothing to decide any more."""
    rows = session.execute(
        update(WalletRequest)
        .where(
            WalletRequest.key == key,
            WalletRequest.state == "proposed",
            WalletRequest.agent_id != agent.id,
            WalletRequest.at > now - LASTS,
        )
        .values(state=state, second_id=agent.id, decided_at=now)
        .returning(WalletRequest.key)
    ).all()
    known = _read(session, key)
    if not rows and known.state == "proposed" and known.agent_id == agent.id:
        raise OwnProposal
    return known if rows else None


def _read(session: Session, key: str) -> WalletRequest:
    row = session.get(WalletRequest, key, populate_existing=True)
    if row is None:
        raise NotFound("no such request")
    return row


def _shown(row: WalletRequest, by: str | None) -> dict[str, Any]:
    return {
        "key": row.key.removeprefix(f"{row.conversation_id}-"),
        "conversation": row.conversation_id,
        "kind": row.kind,
        "state": row.state,
        "about": row.about,
        "why": row.note,
        "by": by,
        "agent_id": row.agent_id,
        "at": row.at.isoformat(),
    }
