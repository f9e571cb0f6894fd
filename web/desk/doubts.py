"""Places in the queue that wait behind the others, since one address has taken many of them."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.desk.models import Conversation


def judge(session: Session, conversation_id: str, *, doubtful: bool) -> None:
    """Put a conversation's place behind the others, or back to where its waiting time puts it."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.doubtful.is_(not doubtful))
        .values(doubtful=doubtful)
    )
