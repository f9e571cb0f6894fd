"""The customer's own hand on the card: read and corrected until an agent has the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from web.desk import cards, events
from web.desk.cases import current
from web.desk.conversations import find, hold
from web.desk.errors import WrongState
from web.desk.events import Actor
from web.desk.models import Conversation, Escalation, Event
from web.desk.transitions import OPEN

EDITABLE = cards.WRITTEN
OWNERS = ("bot", "queue")


def read(session: Session, conversation_id: str) -> dict[str, Any]:
    """Show the card and whether it may be corrected: {"card", "editable"}; raises NotFound."""
    conversation = find(session, conversation_id)
    case = _open_case(session, conversation)
    return {
        "card": case.card if case else conversation.card,
        "editable": conversation.owner in OWNERS,
    }


def write(
    session: Session, conversation_id: str, wished: Mapping[str, Any], now: datetime
) -> Event | None:
    """Put the customer's words in place of what the card says; an empty field clears it.

    Steps tried and what was asked stay. Returns the event, None when nothing differs. Raises
    NotFound, WrongState when an agent has the conversation.
    """
    conversation = hold(session, conversation_id)
    if conversation.owner not in OWNERS:
        raise WrongState(f"{conversation_id} is with {conversation.owner}")
    news = cards.tidy({field: wished.get(field) for field in EDITABLE})
    card = corrected(conversation.card, wished, news)
    case = _open_case(session, conversation)
    full = corrected(case.card, wished, news) if case else card
    if card == conversation.card and (case is None or full == case.card):
        return None
    conversation.card = card
    if case is not None:
        case.card = full
    session.flush()
    actor = Actor("customer", conversation.name)
    shown = {field: full[field] for field in EDITABLE if field in full}
    return events.append(session, conversation_id, "card_edited", actor, {"card": shown}, now)


def _open_case(session: Session, conversation: Conversation) -> Escalation | None:
    """Read the case that people have or will answer later; the conversation's lock guards it."""
    case = current(session, conversation)
    return case if case is not None and case.state in OPEN else None


def corrected(
    card: Mapping[str, Any], wished: Mapping[str, Any], news: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a card with news in the place of what was wished otherwise."""
    kept = {field: value for field, value in card.items() if field not in wished}
    return {**kept, **{field: news[field] for field in EDITABLE if field in news}}
