"""How far each side has read a conversation; marks only move on."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.desk import followups
from web.desk.models import Conversation


def read_by_customer(session: Session, conversation_id: str, event_id: int) -> bool:
    """Note that the customer has seen everything up to an event; False when that is known."""
    changed = session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            Conversation.customer_read < event_id,
            Conversation.last_event >= event_id,
        )
        .values(customer_read=event_id)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    ).all()
    if changed:
        followups.seen(session, conversation_id, event_id)
    return len(changed) == 1


def read_by_agent(session: Session, conversation_id: str, agent_id: int, event_id: int) -> bool:
    """Note what the agent who has the conversation has seen; False when that is known."""
    changed = session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            Conversation.agent_id == agent_id,
            Conversation.agent_read < event_id,
            Conversation.last_event >= event_id,
        )
        .values(agent_read=event_id)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(changed) == 1
