"""The bot's turns: an answer owed to an event is given exactly once, even when a process dies."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.desk.models import Conversation, Turn

START = 0  # stands for the opening of the conversation, which is no event


def owe(session: Session, conversation_id: str, event_id: int, now: datetime) -> None:
    """Note that the bot owes an answer to an event (or to START); the caller goes and gets it."""
    session.add(
        Turn(conversation_id=conversation_id, event_id=event_id, state="pending", started_at=now)
    )
    session.flush()


def is_pending(session: Session, conversation_id: str, event_id: int) -> bool:
    """Tell whether an answer is still owed."""
    turn = session.get(Turn, (conversation_id, event_id), populate_existing=True)
    return turn is not None and turn.state == "pending"


def take_over(
    session: Session, conversation_id: str, event_id: int, now: datetime, lease: timedelta
) -> bool:
    """Take a turn whose first taker has not come back within the lease; False when it is not so."""
    taken = session.execute(
        update(Turn)
        .where(
            Turn.conversation_id == conversation_id,
            Turn.event_id == event_id,
            Turn.state == "pending",
            Turn.started_at <= now - lease,
        )
        .values(started_at=now)
        .returning(Turn.event_id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(taken) == 1


def finish(
    session: Session, conversation_id: str, event_id: int, expects: str | None, *, bot_down: bool
) -> bool:
    """Mark a turn as answered, if it is still owed and the bot still owns the conversation.

    Returns False when its replies must be dropped. expects: what the last reply asks for.
    """
    done = session.execute(
        update(Turn)
        .where(
            Turn.conversation_id == conversation_id,
            Turn.event_id == event_id,
            Turn.state == "pending",
        )
        .values(state="done")
        .returning(Turn.event_id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(done) != 1:
        return False
    owned = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.owner == "bot")
        .values(expects=expects, bot_down=bot_down)
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(owned) == 1


def drop(session: Session, conversation_id: str) -> None:
    """Give up every answer owed in a conversation that a human takes over."""
    session.execute(
        update(Turn)
        .where(Turn.conversation_id == conversation_id, Turn.state == "pending")
        .values(state="dropped")
        .execution_options(synchronize_session=False)
    )
