"""A case: what people take over of a conversation, with the card of what is known.

How it comes to people is in escalations.py, what becomes of it in transitions.py.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import cards
from web.desk.feedback import Miss
from web.desk.models import Conversation, Escalation, Event
from web.desk.rows import LIFE
from web.desk.transitions import ENDED, OPEN

ASKED = 20  # the customer's last questions that go onto the card
REOPEN = timedelta(days=7)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else


def current(session: Session, conversation: Conversation) -> Escalation | None:
    """Read the case that is with people, or the last one that was."""
    if conversation.escalation_id is None:
        return None
    return session.get(Escalation, conversation.escalation_id, populate_existing=True)


def make(
    session: Session,
    conversation: Conversation,
    topic: str | None,
    reason: str,
    urgent: bool,
    card: dict[str, Any],
    cause: int | None,
    now: datetime,
) -> Escalation:
    """Make a case of what is known; the caller holds the conversation and moves the case on."""
    known = cards.merge(conversation.card, cards.tidy(card))
    conversation.card = known
    case = Escalation(
        conversation_id=conversation.id,
        number=_number(),
        topic=topic,
        reason=reason,
        urgent=urgent,
        card={**known, "asked": _asked(session, conversation.id, cause)},
        state="new",
        created_at=now,
    )
    session.add(case)
    session.flush()
    return case


def fill(
    session: Session,
    conversation: Conversation,
    case: Escalation,
    topic: str | None,
    urgent: bool,
    card: dict[str, Any],
    cause: int | None,
) -> None:
    """Add what has become known since to an open case."""
    known = cards.merge(conversation.card, cards.tidy(card))
    conversation.card = known
    case.card = {**case.card, **known, "asked": _asked(session, conversation.id, cause)}
    case.urgent = case.urgent or urgent
    case.topic = topic or case.topic
    session.flush()


def grow(session: Session, conversation: Conversation) -> None:
    """Put what the conversation's card has learned since onto its open case."""
    case = current(session, conversation)
    if case is not None and case.state in OPEN:
        case.card = {**case.card, **conversation.card}


def is_life(topic: str | None, *, urgent: bool) -> bool:
    """Tell whether somebody's life is in danger: before all others, urgent ones too."""
    return urgent and topic == LIFE


def may_reopen(case: Escalation, now: datetime) -> bool:
    """Tell whether a case ended within seven days."""
    return case.state in ENDED and case.ended_at is not None and case.ended_at > now - REOPEN


def _number() -> str:
    # Random: a running number would tell everyone how many cases there are.
    return "K" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _asked(session: Session, conversation_id: str, cause: int | None) -> list[dict[str, Any]]:
    """List the customer's questions since the last solved problem, with the FAQs that answered.

    Each is {"text", "faq_id" or None}. A question is what an FAQ answered, what FAQs were offered
    for, and what nothing fitted; replies to the bot's questions are none, nor is the message that
    asked for a human (`cause`).
    """
    recent = select(Event).where(
        Event.conversation_id == conversation_id, Event.type.in_(("message", "resolved"))
    )
    missed = select(Miss.event_id).where(Miss.conversation_id == conversation_id)
    unanswered = set(session.scalars(missed))
    asked: list[dict[str, Any]] = []
    answers: dict[int, str] = {}
    for event in session.scalars(recent.order_by(Event.id.desc()).limit(200)):
        if event.type == "resolved":
            break
        if event.actor_kind == "bot" and event.cause and event.data.get("faq_id"):
            answers[event.cause] = event.data["faq_id"]
        elif event.actor_kind == "bot" and _offers_faqs(event):
            unanswered.add(event.cause)
        typed = "payload" not in event.data and event.id != cause
        unfit = typed and event.id in unanswered
        if event.actor_kind == "customer" and (unfit or event.id in answers):
            asked.append({"text": event.data["text"], "faq_id": answers.get(event.id)})
        if len(asked) == ASKED:
            break
    return asked[::-1]


def _offers_faqs(event: Event) -> bool:
    return any(button["payload"].startswith("/faq") for button in event.data.get("buttons", ()))
