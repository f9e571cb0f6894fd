"""Who owns a conversation, and every way in which that changes. One table; guarded in the database.

A transition is one UPDATE that names the states it may start from; when it changes no row, another
was quicker or the state does not allow it. Its event is written in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from web.desk import events
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import Actor
from web.desk.models import Conversation, Event


@dataclass(frozen=True, slots=True)
class Transition:
    """From which owners to which, the event it leaves, and whether only the owner may do it."""

    sources: tuple[str, ...]
    target: str
    event: str
    owner_only: bool = False


TRANSITIONS = {
    "escalate": Transition(("bot",), "queue", "escalated"),
    "leave": Transition(("queue",), "bot", "queue_left"),
    "claim": Transition(("queue",), "agent", "agent_joined"),
    "return": Transition(("agent",), "queue", "requeued", owner_only=True),
    "close": Transition(("agent",), "bot", "closed", owner_only=True),
}


def advance(
    session: Session,
    conversation_id: str,
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    agent_id: int | None = None,
    data: dict[str, Any] | None = None,
    cause: int | None = None,
    **columns: Any,
) -> Event:
    """Carry out one transition and write its event.

    agent_id: the agent who acts. columns: what else of the conversation changes with it.
    Raises NotFound, NotYours (another agent owns it) or WrongState; then nothing has changed.
    """
    rule = TRANSITIONS[verb]
    guard = [Conversation.id == conversation_id, Conversation.owner.in_(rule.sources)]
    if rule.owner_only:
        guard.append(Conversation.agent_id == agent_id)
    changed = session.execute(
        update(Conversation)
        .where(*guard)
        .values(
            owner=rule.target,
            agent_id=agent_id if rule.target == "agent" else None,
            updated_at=now,
            **columns,
        )
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(changed) != 1:
        raise _refusal(session, conversation_id, verb, agent_id)
    return events.append(session, conversation_id, rule.event, actor, data or {}, now, cause=cause)


def _refusal(
    session: Session, conversation_id: str, verb: str, agent_id: int | None
) -> NotFound | NotYours | WrongState:
    found = session.get(Conversation, conversation_id, populate_existing=True)
    if found is None:
        return NotFound(f"no conversation {conversation_id}")
    if found.owner == "agent" and found.agent_id != agent_id:
        return NotYours(f"{verb}: another agent owns {conversation_id}")
    return WrongState(f"{verb}: {conversation_id} is with {found.owner}")
