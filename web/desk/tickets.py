"""Messages left for later: opened by customers, answered by agents in the same conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from web.desk import conversations, events, followups, rows, ticketwork, turns
from web.desk.cases import current, fill, make
from web.desk.conversations import Posted
from web.desk.errors import WrongState
from web.desk.events import Actor, timestamp
from web.desk.mails import Mail
from web.desk.masking import mask
from web.desk.models import Agent, Conversation, Escalation, Event
from web.desk.texts import clean
from web.desk.transitions import advance

CHANNEL = "chat"
MAIL = "ticket_answered"
LISTED = 100  # tickets that a console is shown; how many there are is told beside them


class Opening(Protocol):
    """What is asked of the opening hours."""

    def next_opening(self, channel: str, at: datetime) -> datetime | None:
        """Return when a channel opens next."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What goes with a ticket. text: one more message, stored under client_id; email: sealed.

    lures: the kinds in the text.
    """

    text: str | None = None
    client_id: str | None = None
    lures: tuple[str, ...] = ()
    email: str | None = None
    topic: str | None = None
    reason: str = "asked"
    urgent: bool = False
    card: dict[str, Any] | None = None


def leave_message(
    session: Session,
    conversation_id: str,
    wish: Wish,
    actor: Actor,
    hours: Opening,
    now: datetime,
    cause: int | None = None,
) -> Event | None:
    """Open a ticket, from the bot or out of the queue; one that is open takes what is new.

    Returns the event, None when the ticket was open. Raises NotFound, WrongState when an agent has
    the conversation.
    """
    conversation = conversations.hold(session, conversation_id)
    if conversation.owner == "agent":
        raise WrongState(f"{conversation_id} is with an agent")
    if wish.text and wish.client_id:
        conversations.post(
            session, conversation_id, wish.client_id, wish.text, now, silent=True, lures=wish.lures
        )
        conversation = conversations.hold(session, conversation_id)
    case = current(session, conversation)
    known = case is not None and case.state in ("ticket", "waiting", "callback")
    if case is None or not known:
        case = make(
            session,
            conversation,
            wish.topic,
            wish.reason,
            wish.urgent,
            wish.card or {},
            cause,
            now,
        )
    else:
        fill(session, conversation, case, wish.topic, wish.urgent, wish.card or {}, cause)
    if wish.email:
        case.email = wish.email
    session.flush()
    if case.state == "ticket":
        return None
    verb = "shelve" if case.state == "waiting" else "file"
    turns.drop(session, conversation_id)
    opening = hours.next_opening(CHANNEL, now)
    return advance(
        session,
        conversation_id,
        verb,
        actor,
        now,
        cause=cause,
        data={
            "number": case.number,
            "next_opening": timestamp(opening) if opening else None,
            "email": case.email is not None,
        },
        case={"ticket_at": now, "agent_id": None, "asked_back": None},
        escalation_id=case.id,
        queued_at=None,
        urgent=False,
        front=False,
        expects=None,
    )


def answer(
    session: Session,
    conversation_id: str,
    agent: Agent,
    client_id: str,
    text: str,
    now: datetime,
    *,
    done: bool = True,
) -> Posted:
    """Answer a ticket in its conversation, and by e-mail when an address was given.

    Whoever answers one that was free has it. done: the last answer; otherwise it stays open until
    the customer has written back. Raises NotFound, NotYours (a colleague's), WrongState when there
    is no open ticket (any more).
    """
    conversation = conversations.hold(session, conversation_id)
    stored = events.of_client(session, conversation_id, "agent", client_id)
    if stored is not None:
        return Posted(stored, created=False, owner=conversation.owner)
    case = current(session, conversation)
    if case is None or case.state != "ticket" or conversation.owner != "bot":
        raise WrongState(f"{conversation_id} has no open ticket")
    ticketwork.take(session, conversation_id, agent, now)
    shown, kinds = mask(clean(text), "order_number")
    actor = Actor("agent", agent.display)
    message = events.append(
        session,
        conversation_id,
        "message",
        actor,
        {"text": shown, "format": "text"} | ({"masked": kinds} if kinds else {}),
        now,
        client_id=client_id,
    )
    if case.email:
        email = {"number": case.number, "text": shown, "agent": agent.display}
        session.add(
            Mail(
                conversation_id=conversation_id,
                kind=MAIL,
                address=case.email,
                data=email,
                due_at=now,
                created_at=now,
            )
        )
        session.flush()
        followups.email_goes(session, conversation_id, message.id)
    if not done:
        session.execute(
            update(Escalation)
            .where(Escalation.id == case.id, Escalation.state == "ticket")
            .values(asked_back=message.id)
            .execution_options(synchronize_session=False)
        )
        return Posted(message, created=True, owner="bot")
    advance(
        session,
        conversation_id,
        "answer",
        actor,
        now,
        data={"number": case.number, "email": case.email is not None},
        case={"ended_at": now, "agent_id": agent.id, "email": None, "asked_back": None},
        cause=message.id,
    )
    return Posted(message, created=True, owner="bot")


def listed(
    session: Session, hours: Opening, now: datetime, limit: int = LISTED, skip: int = 0
) -> list[dict[str, Any]]:
    """List the open tickets, the urgent and then the oldest first, as rows of the desk.

    Each with its owner (holder, holder_id; None while it is free) and its step: new, working,
    asked (the customer was asked back) or replied (and has written since).
    """
    query = (
        select(Conversation, Escalation)
        .join(Escalation, Escalation.id == Conversation.escalation_id)
        .where(Escalation.state == "ticket")
        .order_by(Escalation.urgent.desc(), Escalation.ticket_at, Escalation.id)
        .offset(skip)
        .limit(limit)
    )
    found = session.execute(query).all()
    shown = rows.of_conversations(session, [conversation for conversation, _ in found], now)
    holders = rows.names(session, {case.agent_id for _, case in found})
    asked = {one.id: case.asked_back for one, case in found if case.asked_back is not None}
    replied = rows.written_since(session, asked)
    listed = []
    for row, (_, case) in zip(shown, found, strict=True):
        since = case.ticket_at or case.created_at
        due = hours.next_opening(CHANNEL, since)
        step = "new" if case.agent_id is None else "working"
        if case.asked_back is not None:
            step = "replied" if row["id"] in replied else "asked"
        waits = step != "asked"
        listed.append(
            {
                **row,
                "urgent": case.urgent,
                "text": row["problem"],
                "email": case.email is not None,
                "holder": holders.get(case.agent_id),
                "holder_id": case.agent_id,
                "step": step,
                "opened_at": timestamp(since),
                "due": timestamp(due) if due and waits else None,
                "overdue": due is not None and due < now and waits,
            }
        )
    return listed


def count(session: Session) -> int:
    """Count the open tickets."""
    query = select(func.count()).select_from(Escalation).where(Escalation.state == "ticket")
    return session.scalar(query) or 0
