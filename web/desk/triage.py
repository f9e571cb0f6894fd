"""What agents correct of a case: how urgent it is, what it is about, and the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from web.desk import cards, events, tags
from web.desk.cases import current
from web.desk.conversations import hold
from web.desk.corrections import EDITABLE
from web.desk.errors import NotYours, WrongState
from web.desk.events import SYSTEM, Actor
from web.desk.models import Agent, Event
from web.desk.rows import LIFE


def judge(
    session: Session,
    conversation_id: str,
    agent: Agent,
    now: datetime,
    *,
    urgent: bool | None = None,
    topic: str | None = None,
    card: Mapping[str, Any] | None = None,
    labels: Iterable[str] | None = None,
) -> Event | None:
    """Set what is not None of a case that waits, or that this agent has; colleagues see who did.

    Lowered, a case goes where its waiting time puts it. An empty field of the card is cleared.
    labels: the case's tags, all of them.
    Returns the event, None when nothing differs. Raises NotFound, NotYours, WrongState.
    """
    conversation = hold(session, conversation_id)
    case = current(session, conversation)
    if conversation.owner == "bot" or case is None:
        raise WrongState(f"{conversation_id} is with the bot")
    if conversation.owner == "agent" and conversation.agent_id != agent.id:
        raise NotYours(f"another agent owns {conversation_id}")
    wished = {field: card[field] for field in EDITABLE if field in card} if card else {}
    news = cards.tidy(wished)
    full = {key: value for key, value in case.card.items() if key not in wished} | news
    told: dict[str, Any] = {}
    if urgent is not None and urgent != case.urgent:
        told["urgent"] = case.urgent = conversation.urgent = urgent
        if not urgent and case.reason == "urgent":
            case.reason = "asked"
    if topic is not None and topic != case.topic:
        told["topic"] = case.topic = topic
    if labels is not None and (put := tags.put(session, case.id, labels)) is not None:
        told["tags"] = put
    if full != case.card:
        told["card"] = {field: full.get(field) for field in wished}
        case.card = full
        conversation.card = {
            key: value for key, value in conversation.card.items() if key not in wished
        } | news
    if not told:
        return None
    if conversation.owner == "queue" and ("urgent" in told or "topic" in told):
        conversation.front = case.urgent and case.topic == LIFE
    session.flush()
    actor = Actor("agent", agent.display)
    return events.append(session, conversation_id, "triaged", actor, told, now)


def lower(session: Session, conversation_id: str, now: datetime) -> Event | None:
    """Put a waiting case where its waiting time puts it: its client makes urgent ones in numbers.

    Agents see that it was done and may raise it again. Returns the event, None when nobody waits
    there urgently.
    """
    conversation = hold(session, conversation_id)
    case = current(session, conversation)
    if conversation.owner != "queue" or not conversation.urgent or case is None:
        return None
    case.urgent = conversation.urgent = False
    session.flush()
    return events.append(session, conversation_id, "triaged", SYSTEM, {"urgent": False}, now)
