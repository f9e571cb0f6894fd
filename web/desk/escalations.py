"""Cases handed to people: into the queue, claimed, given back, closed. See transitions.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.desk import cards, events, turns
from web.desk.conversations import hold
from web.desk.events import Actor
from web.desk.models import Agent, Conversation, Escalation, Event
from web.desk.transitions import advance

ASKED = 20  # the customer's last questions that go onto the card


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
    """Put a conversation into the queue with its card.

    Returns the event, or None when people have it already: asking twice changes nothing.
    """
    conversation = hold(session, conversation_id)
    if conversation.owner != "bot":
        return None
    known = cards.merge(conversation.card, cards.tidy(card))
    full = {**known, "asked": _asked(session, conversation_id, cause)}
    case = Escalation(
        conversation_id=conversation_id,
        topic=topic,
        reason=reason,
        urgent=urgent,
        card=full,
        state="waiting",
        created_at=now,
    )
    session.add(case)
    session.flush()
    turns.drop(session, conversation_id)
    return advance(
        session,
        conversation_id,
        "escalate",
        actor,
        now,
        cause=cause,
        data={"topic": topic, "reason": reason, "urgent": urgent, "card": full},
        card=known,
        urgent=urgent,
        queued_at=now,
        escalation_id=case.id,
        expects=None,
    )


def leave(session: Session, conversation_id: str, actor: Actor, now: datetime) -> Event:
    """Let the customer leave the queue; raises NotFound, WrongState."""
    event = advance(session, conversation_id, "leave", actor, now, queued_at=None, urgent=False)
    _move_case(session, conversation_id, "left", ended_at=now)
    return event


def claim(session: Session, conversation_id: str, agent: Agent, now: datetime) -> Event:
    """Give a waiting conversation to an agent; of several at once exactly one gets it.

    Raises NotFound, NotYours (another was quicker), WrongState.
    """
    actor = Actor("agent", agent.display)
    event = advance(session, conversation_id, "claim", actor, now, agent_id=agent.id)
    _move_case(session, conversation_id, "claimed", agent_id=agent.id, claimed_at=now)
    return event


def give_back(session: Session, conversation_id: str, agent: Agent, now: datetime) -> Event:
    """Put an agent's conversation back into the queue, where its waiting time still counts.

    Raises NotFound, NotYours, WrongState.
    """
    actor = Actor("agent", agent.display)
    event = advance(session, conversation_id, "return", actor, now, agent_id=agent.id)
    _move_case(session, conversation_id, "waiting", agent_id=None, claimed_at=None)
    return event


def close(session: Session, conversation_id: str, agent: Agent, now: datetime) -> Event:
    """End the agent's part; the bot owns the conversation again and owes a word to the customer.

    Raises NotFound, NotYours, WrongState.
    """
    actor = Actor("agent", agent.display)
    event = advance(
        session,
        conversation_id,
        "close",
        actor,
        now,
        agent_id=agent.id,
        queued_at=None,
        urgent=False,
    )
    _move_case(session, conversation_id, "closed", ended_at=now)
    turns.owe(session, conversation_id, event.id, now)
    return event


def _move_case(session: Session, conversation_id: str, state: str, **columns: Any) -> None:
    case = (
        select(Conversation.escalation_id)
        .where(Conversation.id == conversation_id)
        .scalar_subquery()
    )
    session.execute(
        update(Escalation)
        .where(Escalation.id == case)
        .values(state=state, **columns)
        .execution_options(synchronize_session=False)
    )


def _asked(session: Session, conversation_id: str, cause: int | None) -> list[dict[str, Any]]:
    """List the customer's own messages since the last solved problem, with the FAQs that answered.

    Each is {"text", "faq_id" or None}. Buttons count when an FAQ answered them; the message that
    asked for a human (`cause`) is no question.
    """
    recent = select(Event).where(
        Event.conversation_id == conversation_id, Event.type.in_(("message", "resolved"))
    )
    asked: list[dict[str, Any]] = []
    answers: dict[int, str] = {}
    for event in session.scalars(recent.order_by(Event.id.desc()).limit(200)):
        if event.type == "resolved":
            break
        if event.actor_kind == "bot" and event.cause and event.data.get("faq_id"):
            answers[event.cause] = event.data["faq_id"]
        typed = "payload" not in event.data and event.id != cause
        if event.actor_kind == "customer" and (typed or event.id in answers):
            asked.append({"text": event.data["text"], "faq_id": answers.get(event.id)})
        if len(asked) == ASKED:
            break
    return asked[::-1]


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
