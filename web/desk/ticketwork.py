"""Who works on a ticket: taken, put back, handed on. Each step is one guarded UPDATE of its case.

A ticket's owner is the agent of its case; the bot goes on owning the conversation, for nobody
waits in it. Whoever takes one that was free, or whose owner is not at their desk, has it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from web.desk import events, handlings, notes
from web.desk.attendance import ROLES, SILENCE, seen
from web.desk.conversations import hold
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import Actor
from web.desk.models import Agent, Conversation, Escalation, Event

MOVED = "ticket_moved"  # kind of the events; customers see none of them


def take(
    session: Session,
    conversation_id: str,
    agent: Agent,
    now: datetime,
    silence: timedelta = SILENCE,
) -> Event | None:
    """Make a ticket this agent's; of several at once exactly one gets it.

    None when they have it already. Raises NotFound, NotYours (a colleague at their desk has it),
    WrongState (no open ticket).
    """
    conversation = hold(session, conversation_id)
    if _owner(session, conversation) == agent.id:
        return None
    free = or_(Escalation.agent_id.is_(None), ~seen(Escalation.agent_id, now - silence))
    _move(session, conversation, "take", free, agent_id=agent.id)
    handlings.end(session, conversation_id, "ticket", now)
    handlings.begin(
        session, conversation_id, conversation.escalation_id or 0, agent.id, "ticket", now
    )
    return _tell(session, conversation_id, agent, now, step="taken")


def release(session: Session, conversation_id: str, agent: Agent, now: datetime) -> Event:
    """Put a ticket back for anybody; raises NotFound, NotYours, WrongState."""
    conversation = hold(session, conversation_id)
    _move(session, conversation, "release", Escalation.agent_id == agent.id, agent_id=None)
    handlings.end(session, conversation_id, "release", now)
    return _tell(session, conversation_id, agent, now, step="released")


def hand_on(
    session: Session, conversation_id: str, agent: Agent, to: int | None, note: str, now: datetime
) -> Event:
    """Hand a ticket to a colleague, who need not be there, or back to all (to=None), with a note.

    Raises NotFound (no such colleague too), NotYours, WrongState.
    """
    conversation = hold(session, conversation_id)
    if note.strip():
        notes.write(session, conversation_id, agent, note, now)
    if to is None:
        return release(session, conversation_id, agent, now)
    colleague = session.get(Agent, to, populate_existing=True)
    if colleague is None or not colleague.active or colleague.role not in ROLES or to == agent.id:
        raise NotFound(f"no colleague {to}")
    _move(session, conversation, "hand on", Escalation.agent_id == agent.id, agent_id=to)
    handlings.end(session, conversation_id, "transfer", now)
    handlings.begin(session, conversation_id, conversation.escalation_id or 0, to, "transfer", now)
    return _tell(session, conversation_id, agent, now, step="passed", to=colleague.display)


def _owner(session: Session, conversation: Conversation) -> int | None:
    query = select(Escalation.agent_id).where(
        Escalation.id == conversation.escalation_id, Escalation.state == "ticket"
    )
    return session.scalar(query)


def _move(
    session: Session,
    conversation: Conversation,
    verb: str,
    guard: ColumnElement[bool],
    **columns: Any,
) -> None:
    changed = session.execute(
        update(Escalation)
        .where(Escalation.id == conversation.escalation_id, Escalation.state == "ticket", guard)
        .values(**columns)
        .returning(Escalation.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(changed) == 1:
        return
    case = session.get(Escalation, conversation.escalation_id or 0, populate_existing=True)
    if case is not None and case.state == "ticket":
        raise NotYours(f"{verb}: the ticket of {conversation.id} is {case.agent_id}'s")
    raise WrongState(f"{verb}: {conversation.id} has no open ticket")


def _tell(
    session: Session, conversation_id: str, agent: Agent, now: datetime, **data: Any
) -> Event:
    actor = Actor("agent", agent.display)
    return events.append(session, conversation_id, MOVED, actor, data, now)
