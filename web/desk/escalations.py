"""Cases handed to people by the customer's side: into the queue, out of it, back into it.

What agents do with them is in assignments.py, what is answered later in tickets.py; every step is
in transitions.py.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import attendance, cards, events, handlings, turns
from web.desk.conversations import hold
from web.desk.errors import WrongState
from web.desk.events import Actor
from web.desk.models import Conversation, Escalation, Event, Miss
from web.desk.rows import LIFE
from web.desk.transitions import ENDED, OPEN, advance

ASKED = 20  # the customer's last questions that go onto the card
KEPT = timedelta(minutes=1)  # for the agent who had the customer last, before anybody may claim
RETURN = timedelta(minutes=10)  # in which who left the queue takes their waiting time back
REOPEN = timedelta(days=7)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else


def escalate(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    *,
    topic: str | None,
    reason: str,
    urgent: bool,
    card: dict[str, Any],
    cause: int | None = None,
) -> Event | None:
    """Put a conversation into the queue with its card; an open ticket goes with it.

    Returns the event, or None when people have it already: asking twice changes nothing.
    """
    conversation = hold(session, conversation_id)
    if conversation.owner != "bot":
        return None
    case = current(session, conversation)
    if case is None or case.state not in ("ticket", "callback"):
        case = make(session, conversation, topic, reason, urgent, card, cause, now)
    else:
        fill(session, conversation, case, topic, urgent, card, cause)
    return advance(
        session,
        conversation_id,
        "escalate",
        actor,
        now,
        cause=cause,
        data={"topic": case.topic, "reason": reason, "urgent": case.urgent, "card": case.card},
        case={"joined_at": now, "agent_id": None, "asked_back": None},
        urgent=case.urgent,
        front=is_life(case.topic, urgent=case.urgent),
        **_asked_first(session, conversation_id, now),
        queued_at=now,
        escalation_id=case.id,
        expects=None,
    )


def hasten(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    topic: str | None,
    cause: int | None = None,
) -> Event | None:
    """Move a waiting conversation into the fast lane; None when it is there already."""
    conversation = hold(session, conversation_id)
    graver = topic == LIFE and not conversation.front  # more urgent than urgent
    if conversation.owner == "queue" and conversation.urgent and not graver:
        return None
    case: dict[str, Any] = {"urgent": True, "reason": "urgent"}
    if topic:
        case["topic"] = topic
    data = {"topic": topic}
    columns: dict[str, Any] = {"front": True} if is_life(topic, urgent=True) else {}
    return advance(
        session,
        conversation_id,
        "hasten",
        actor,
        now,
        cause=cause,
        data=data,
        case=case,
        urgent=True,
        **columns,
    )


def leave(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    cause: int | None = None,
) -> Event:
    """Let the customer leave the queue; a ticket that had come into it stays one.

    Raises NotFound, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    ticket = case is not None and case.ticket_at is not None
    ended = {} if ticket else {"ended_at": now}
    return advance(
        session,
        conversation_id,
        "unqueue" if ticket else "leave",
        actor,
        now,
        cause=cause,
        case=ended,
        queued_at=None,
        urgent=False,
        front=False,
    )


def rejoin(session: Session, conversation_id: str, actor: Actor, now: datetime) -> Event:
    """Put back who left the queue within ten minutes, with the waiting time they had.

    Raises NotFound, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    if case is None or case.ended_at is None or case.ended_at <= now - RETURN:
        raise WrongState(f"{conversation_id} has not just left the queue")
    turns.drop(session, conversation_id)
    return advance(
        session,
        conversation_id,
        "rejoin",
        actor,
        now,
        case={"ended_at": None},
        queued_at=case.joined_at or case.created_at,
        urgent=case.urgent,
        front=is_life(case.topic, urgent=case.urgent),
        expects=None,
    )


def reopen(session: Session, conversation_id: str, actor: Actor, now: datetime) -> Event:
    """Take an ended case up again within seven days, in its own thread.

    Raises NotFound, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    if case is None or not may_reopen(case, now):
        raise WrongState(f"{conversation_id} has no case that may be taken up again")
    turns.drop(session, conversation_id)
    return advance(
        session,
        conversation_id,
        "reopen",
        actor,
        now,
        data={"number": case.number},
        case={
            "joined_at": now,
            "ended_at": None,
            "claimed_at": None,
            "agent_id": None,
            "asked_back": None,
            "ticket_at": None,
        },
        queued_at=now,
        urgent=case.urgent,
        front=is_life(case.topic, urgent=case.urgent),
        **_asked_first(session, conversation_id, now),
        expects=None,
    )


def _asked_first(session: Session, conversation_id: str, now: datetime) -> dict[str, Any]:
    """Keep a customer for the agent who had them last, if that one is there with a free seat."""
    last = handlings.last_agent(session, conversation_id, now)
    there = last is not None and any(
        one.id == last and one.free for one in attendance.everyone(session, now)
    )
    return {"preferred_id": last, "preferred_until": now + KEPT if there else None}


def is_life(topic: str | None, *, urgent: bool) -> bool:
    """Tell whether somebody's life is in danger: before all others, urgent ones too."""
    return urgent and topic == LIFE


def may_reopen(case: Escalation, now: datetime) -> bool:
    """Tell whether a case ended within seven days."""
    return case.state in ENDED and case.ended_at is not None and case.ended_at > now - REOPEN


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


def resolve(
    session: Session,
    conversation_id: str,
    actor: Actor,
    now: datetime,
    topic: str | None,
    faq_id: str | None,
    cause: int | None = None,
) -> Event:
    """Note that the customer's problem is solved; the next one gets a new card."""
    conversation = hold(session, conversation_id)
    conversation.card = {}
    session.flush()
    data = {"topic": topic, "faq_id": faq_id}
    return events.append(session, conversation_id, "resolved", actor, data, now, cause=cause)
