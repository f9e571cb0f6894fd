"""The states of a call, every step between them, and how it is shown. See video.py.

A step is one UPDATE that names the states it may start from; when it changes no row, another was
quicker or the state does not allow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk import events
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import Actor, timestamp
from web.desk.models import Agent, Base, Json, Moment

WITH_AGENT = ("ringing", "connecting", "connected")
LIVE = ("requested", *WITH_AGENT)


class Call(Base):
    """One video or audio call. `state`: see video.py. Sound and picture are never kept."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_state", "state", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    media: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(8))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    agent_page: Mapped[str | None] = mapped_column(String(32))  # the one page that holds it
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")  # one more by each rejoin
    refused: Mapped[list[int]] = mapped_column(Json, default=list)  # agents not to ring again
    reason: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Moment)
    rung_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    connected_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    customer_seen_at: Mapped[datetime] = mapped_column(Moment)
    agent_seen_at: Mapped[datetime | None] = mapped_column(Moment)
    customer_away_at: Mapped[datetime | None] = mapped_column(Moment)  # since the page was left
    agent_away_at: Mapped[datetime | None] = mapped_column(Moment)
    seconds: Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Step:
    """From which states to which, the event that it leaves, and whether only the agent may."""

    sources: tuple[str, ...]
    target: str
    event: str | None = None
    agent_only: bool = False


STEPS = {
    "ring": Step(("requested",), "ringing"),
    "accept": Step(("ringing",), "connecting", "call_accepted", agent_only=True),
    "refuse": Step(("ringing",), "requested", agent_only=True),
    "unanswered": Step(("ringing",), "requested"),
    "connect": Step(("connecting",), "connected", "call_connected"),
    "hang_up": Step(LIVE, "ended", "call_ended"),
    "decline": Step(("requested",), "declined", "call_declined"),
    "miss": Step(("requested", "ringing"), "missed", "call_missed"),
    "fail": Step(("connecting", "connected"), "failed", "call_failed"),
}
ENDS = {step.target for step in STEPS.values()} - set(LIVE)


def current(session: Session, conversation_id: str) -> Call | None:
    """Find the live call of a conversation, or None."""
    query = select(Call).where(Call.conversation_id == conversation_id, Call.state.in_(LIVE))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def of_agent(session: Session, agent_id: int) -> Call | None:
    """Find the call that rings for an agent, or that they are in; None when there is none."""
    query = select(Call).where(Call.agent_id == agent_id, Call.state.in_(WITH_AGENT))
    return session.scalars(query.execution_options(populate_existing=True)).first()


def is_busy(session: Session, agent_id: int) -> bool:
    """Tell whether an agent is in a call or rung for one."""
    return of_agent(session, agent_id) is not None


def find(session: Session, call_id: str, conversation_id: str | None = None) -> Call:
    """Read a call; raises NotFound, also when it is of another conversation than the one named."""
    found = session.get(Call, call_id, populate_existing=True)
    if found is None or conversation_id not in (None, found.conversation_id):
        raise NotFound(f"no call {call_id[:32]}")
    return found


def as_json(session: Session, call: Call) -> dict[str, Any]:
    """Show a call to its two sides, with the code that the agent must say."""
    agent = session.get(Agent, call.agent_id) if call.agent_id else None
    accepted = call.state not in ("requested", "ringing")
    return {
        "id": call.id,
        "conversation": call.conversation_id,
        "state": call.state,
        "media": call.media,
        "code": call.code,
        "agent": agent.display if agent and accepted else None,
        "reason": call.reason,
        "connected_at": timestamp(call.connected_at) if call.connected_at else None,
        "seconds": call.seconds,
        "epoch": call.epoch,
    }


def lock(session: Session, call_id: str) -> Call:
    """Read a call and keep every other writer off it until the commit; raises NotFound."""
    query = select(Call).where(Call.id == call_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(f"no call {call_id[:32]}")
    return found


def advance(
    session: Session, call_id: str, verb: str, *, agent: Agent | None = None, **columns: Any
) -> Call:
    """Carry out a step. agent: who acts; only the one it rings for may."""
    step = STEPS[verb]
    where = [Call.id == call_id, Call.state.in_(step.sources)]
    if step.agent_only and agent is not None:
        where.append(Call.agent_id == agent.id)
    changed = session.execute(
        update(Call)
        .where(*where)
        .values(state=step.target, **columns)
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    ).all()
    found = find(session, call_id)
    if len(changed) != 1:
        if agent is not None and found.agent_id != agent.id:
            raise NotYours(f"{verb}: call {call_id} is not {agent.id}'s")
        raise WrongState(f"{verb}: call {call_id} is {found.state}")
    return found


def end(
    session: Session, call_id: str, verb: str, actor: Actor, now: datetime, *, reason: str
) -> Call:
    """End a call: how long it lasted is kept, its code is not."""
    since = find(session, call_id).connected_at
    seconds = max(0, round((now - since).total_seconds())) if since else None
    call = advance(session, call_id, verb, ended_at=now, seconds=seconds, reason=reason, code="")
    event = STEPS[verb].event
    assert event is not None  # noqa: S101  (every step that ends one leaves an event)
    tell(session, call, event, actor, now)
    return call


def tell(
    session: Session,
    call: Call,
    kind: str,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
) -> None:
    """Write an event of a call; the code is never part of it."""
    data: dict[str, Any] = {"call": call.id, "media": call.media}
    if call.state in ENDS:
        data |= {"reason": call.reason, "seconds": call.seconds}
    events.append(session, call.conversation_id, kind, actor, data, now, client_id=client_id)
