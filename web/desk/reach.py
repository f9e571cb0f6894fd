"""Need to know: which conversations an agent opens by right, and which only with a reason."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import bookings, calls, cases, subjects
from web.desk.handlings import Handling
from web.desk.models import Agent, Conversation

WAITING = ("ticket", "callback")  # states of a case that anybody at the desk may take on


def is_theirs(session: Session, conversation: Conversation, agent: Agent) -> bool:
    """Tell whether it is the agent's own, was theirs, waits for somebody, or is their customer's.

    Leads look after all of them.
    """
    if agent.role == "lead" or conversation.owner == "queue" or conversation.agent_id == agent.id:
        return True
    case = cases.current(session, conversation)
    if case is not None and case.ended_at is None and case.state in WAITING:
        return True
    if bookings.current(session, conversation.id) or calls.current(session, conversation.id):
        return True
    had = select(Handling.id).where(
        Handling.conversation_id == conversation.id, Handling.agent_id == agent.id
    )
    if session.scalars(had.limit(1)).first() is not None:
        return True
    if conversation.subject is None:
        return False
    mine = subjects.known_as(session, conversation.subject)
    same = select(Conversation.id).where(
        Conversation.subject.in_(mine), Conversation.agent_id == agent.id
    )
    return session.scalars(same.limit(1)).first() is not None
