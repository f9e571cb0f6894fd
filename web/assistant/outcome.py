"""What a turn leaves behind: its replies and the bot's commands, written in one go."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from web.assistant.replies import (
    Escalate,
    Hasten,
    Leave,
    Missed,
    Note,
    Opinion,
    Reject,
    Reply,
    Resolve,
    Step,
)
from web.desk import (
    blocks,
    cards,
    cases,
    conversations,
    escalations,
    events,
    feedback,
    offered,
    tickets,
    turns,
)
from web.desk.events import BOT, CUSTOMER, SYSTEM
from web.desk.hours import Hours
from web.desk.models import Conversation


def store(
    session: Session,
    conversation_id: str,
    event_id: int,
    steps: list[Step],
    down: bool,
    now: datetime,
    hours: Hours,
) -> bool:
    """Store replies and carry out commands, all or nothing; False when a human owns it by now."""
    cause = event_id if event_id != turns.START else None
    conversation = conversations.hold(session, conversation_id)
    told = conversation.bot_down
    replies = [step for step in steps if isinstance(step, Reply)]
    expects = replies[-1].expects if replies else None
    if not turns.finish(session, conversation_id, event_id, expects, bot_down=down):
        return False
    if down and not told:
        conversations.notice(session, conversation_id, "bot_down", now, cause)
    let = _let_through(session, conversation, steps, cause, now)
    for _, group in groupby(let, lambda step: isinstance(step, Reply)):
        some = list(group)
        _say(
            session, conversation_id, [step for step in some if isinstance(step, Reply)], cause, now
        )
        for step in some:
            _carry_out(session, conversation, step, cause, now, SYSTEM if down else BOT, hours)
    return True


def _say(
    session: Session, conversation_id: str, replies: list[Reply], cause: int | None, now: datetime
) -> None:
    """Store replies that follow one another."""
    written = [events.Written("message", BOT, reply.data()) for reply in replies]
    events.append_all(session, conversation_id, written, now, cause=cause)
    payloads = [button.payload for reply in replies for button in reply.buttons]
    offered.note(session, conversation_id, *payloads)


def _let_through(
    session: Session,
    conversation: Conversation,
    steps: list[Step],
    cause: int | None,
    now: datetime,
) -> list[Step]:
    """Leave out the way to a person where the sender is kept from them; not where it is urgent.

    What the bot says of that way goes too: the notice says how it is.
    """
    calm = [step for step in steps if isinstance(step, Escalate) and not step.urgent]
    block = blocks.standing(session, conversation, now) if calm else None
    if block is None:
        return steps
    blocks.tell(session, conversation.id, block, now, cause)
    return [step for step in steps if not isinstance(step, Escalate | Reply)]


def _carry_out(
    session: Session,
    conversation: Conversation,
    step: Step,
    cause: int | None,
    now: datetime,
    actor: events.Actor,
    hours: Hours,
) -> None:
    """Carry out what the bot wants done; conversation: as this transaction holds it."""
    conversation_id = conversation.id
    match step:
        case Note(card):
            conversation.card = cards.merge(conversation.card, cards.tidy(card))
            cases.grow(session, conversation)
            session.flush()
        case Escalate() if not step.urgent and not hours.is_open(tickets.CHANNEL, now):
            # Nobody is there: a ticket with a date is honest, a queue without an end is not.
            wish = tickets.Wish(topic=step.topic, reason=step.reason, card=step.card)
            tickets.leave_message(session, conversation_id, wish, actor, hours, now, cause)
        case Escalate():
            escalations.escalate(
                session,
                conversation_id,
                actor,
                now,
                topic=step.topic,
                reason=step.reason,
                urgent=step.urgent,
                card=step.card,
                cause=cause,
            )
        case Resolve(topic, faq_id):
            escalations.resolve(session, conversation_id, actor, now, topic, faq_id, cause)
        case Hasten(topic):
            if conversations.find(session, conversation_id).owner == "queue":
                escalations.hasten(session, conversation_id, actor, now, topic, cause)
        case Leave():
            if conversations.find(session, conversation_id).owner == "queue":
                escalations.leave(session, conversation_id, CUSTOMER, now, cause)
        case Missed():
            feedback.miss(session, conversation_id, cause, now)
        case Reject(faq_id):
            feedback.reject(session, conversation_id, faq_id, cause, now)
        case Opinion(text):
            feedback.opinion(session, conversation_id, text, cause, now)
