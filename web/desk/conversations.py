"""Conversations: opened, found again, and written into by customers and agents."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from web.desk import events, offered, subjects, tokens, turns
from web.desk.errors import NotFound, NotOffered, NotYours, WrongState
from web.desk.events import SYSTEM, Actor
from web.desk.masking import SEEN, UNTOLD, Said, Talk, listen, mark, mask
from web.desk.models import Agent, Conversation, Event
from web.desk.sealing import opened
from web.desk.texts import clean, page_address

QUEUED = ("escalated", "requeued", "queue_returned", "reopened")  # begin a time in the queue
KEPT = timedelta(days=7)  # an idle conversation is taken up again for so long
RETRIED = timedelta(hours=1)  # for which an anonymous opening may be asked for again
LOOKED_THROUGH = 50  # newest messages of a customer among which typed words are looked for

# Built once: see events.py.
_FIND = (
    select(Conversation)
    .where(Conversation.id == bindparam("of"))
    .execution_options(populate_existing=True)
)
_HOLD = _FIND.with_for_update()
_SAID = (
    select(Event.actor_kind, *events.SAYS)
    .where(Event.conversation_id == bindparam("of"), Event.type == "message")
    .order_by(Event.id.desc())
    .limit(SEEN)
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opens a conversation: channel app, widget or help; subject and name when signed in.

    login: the wallet's session, when it names one. opening: an id made by the client, the same
    when it asks again because the answer was lost.
    """

    channel: str
    subject: str | None = None
    name: str | None = None
    page: str | None = None
    login: str | None = None
    opening: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with a fresh token; `created` is False when it was open already."""

    conversation: Conversation
    token: str
    created: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A stored message; `created` is False when the client id was stored before.

    owed: whether the bot owes it an answer since now. hasty: its customer waited in the fast lane.
    """

    message: Event
    created: bool
    owner: str
    owed: bool = False
    hasty: bool = False


def open_for(session: Session, visitor: Visitor, now: datetime) -> Opened:
    """Open a conversation, or take up the one that a signed-in customer has open."""
    customer = subjects.hold(session, visitor.subject) if visitor.subject else None
    if customer is not None and customer.conversation_id:
        found = session.get(Conversation, customer.conversation_id)
        if found and (found.owner != "bot" or found.updated_at > now - KEPT):
            return _opened(session, found, visitor, now, created=False)
    opening = _opening(visitor)
    if opening is not None:
        query = select(Conversation).where(Conversation.opening == opening)
        again = session.scalars(query).one_or_none()
        if again is not None and again.created_at > now - RETRIED:
            return _opened(session, again, visitor, now, created=False)
        opening = None if again is not None else opening
    conversation = Conversation(
        id=secrets.token_urlsafe(16),
        channel=visitor.channel,
        subject=visitor.subject,
        name=mask(clean(visitor.name))[0][:64] if visitor.name else None,
        page=page_address(visitor.page) if visitor.page else None,
        owner="bot",
        card={},
        opening=opening,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    session.flush()
    if customer is not None:
        customer.conversation_id = conversation.id
    turns.owe(session, conversation.id, turns.START, now)
    return _opened(session, conversation, visitor, now, created=True)


def find(session: Session, conversation_id: str) -> Conversation:
    """Read a conversation; raises NotFound."""
    found = session.scalars(_FIND, {"of": conversation_id}).one_or_none()
    if found is None:
        raise NotFound(f"no conversation {conversation_id}")
    return found


def hold(session: Session, conversation_id: str) -> Conversation:
    """Read a conversation and keep every other writer off it until the commit; raises NotFound."""
    found = session.scalars(_HOLD, {"of": conversation_id}).one_or_none()
    if found is None:
        raise NotFound(f"no conversation {conversation_id}")
    return found


def post(
    session: Session,
    conversation_id: str,
    client_id: str,
    text: str,
    now: datetime,
    *,
    payload: str | None = None,
    masked: Sequence[str] = (),
    free: bool = False,
    silent: bool = False,
    lures: Sequence[str] = (),
) -> Posted:
    """Store a customer's message once, masked, and note whose turn it is to answer.

    payload: of a button; `free` payloads need not have been offered. masked: kinds of secrets
    that the browser hid already. silent: it is meant for people later, the bot owes no answer.
    lures: the kinds in it, for agents. Raises NotFound, NotOffered.
    """
    conversation = hold(session, conversation_id)
    hasty = conversation.owner == "queue" and conversation.urgent
    stored = events.of_client(session, conversation_id, "customer", client_id)
    if stored is not None:
        return Posted(stored, created=False, owner=conversation.owner, hasty=hasty)
    if payload is not None and not free and not offered.knows(session, conversation_id, payload):
        raise NotOffered(f"payload was not offered in {conversation_id}")
    expects, talk = _heard(session, conversation_id)
    shown, kinds = mask(clean(text), expects or conversation.expects, talk)
    kinds = list(dict.fromkeys([*masked, *kinds]))
    if mark() in shown and not kinds:
        kinds = [UNTOLD]  # the browser hid it and did not say what it was
    data = {"text": shown, "format": "text"}
    extra = {"payload": payload} if payload is not None else {}
    marks = ({"masked": kinds} if kinds else {}) | ({events.LURES: [*lures]} if lures else {})
    actor = Actor("customer", conversation.name)
    message = events.append(
        session, conversation_id, "message", actor, data | extra | marks, now, client_id=client_id
    )
    if kinds:
        notice(session, conversation_id, "secret_masked", now, message.id)
    if silent:
        return Posted(message, created=True, owner=conversation.owner)
    owed = conversation.owner in turns.ANSWERED
    if owed:
        turns.owe(session, conversation_id, message.id, now)
    if conversation.owner == "queue" and not _told_kept(session, conversation_id):
        notice(session, conversation_id, "kept_for_agent", now, message.id)
    return Posted(message, created=True, owner=conversation.owner, owed=owed, hasty=hasty)


def post_as_agent(
    session: Session, conversation_id: str, agent: Agent, client_id: str, text: str, now: datetime
) -> Posted:
    """Store an agent's message once; raises NotFound, NotYours, WrongState."""
    conversation = hold(session, conversation_id)
    stored = events.of_client(session, conversation_id, "agent", client_id)
    if stored is not None:
        return Posted(stored, created=False, owner=conversation.owner)
    if conversation.owner != "agent":
        raise WrongState(f"{conversation_id} is with {conversation.owner}, claim it first")
    if conversation.agent_id != agent.id:
        raise NotYours(f"another agent owns {conversation_id}")
    # An agent may well send a number such as 12315 alone, so bare digits stay.
    shown, kinds = mask(clean(text), "order_number")
    data = {"text": shown, "format": "text"} | ({"masked": kinds} if kinds else {})
    message = events.append(
        session,
        conversation_id,
        "message",
        Actor("agent", agent.display),
        data,
        now,
        client_id=client_id,
    )
    return Posted(message, created=True, owner="agent")


def notice(
    session: Session, conversation_id: str, code: str, now: datetime, cause: int | None = None
) -> Event:
    """Write a notice to the customer (its words are the page's)."""
    return events.append(
        session, conversation_id, "notice", SYSTEM, {"code": code}, now, cause=cause
    )


def last_typed(session: Session, conversation_id: str) -> Event | None:
    """Find what the customer typed last, buttons left out; None where they typed nothing."""
    query = select(Event).where(
        Event.conversation_id == conversation_id,
        Event.type == "message",
        Event.actor_kind == "customer",
    )
    found = session.scalars(query.order_by(Event.id.desc()).limit(LOOKED_THROUGH))
    return next((event for event in found if not event.data.get("payload")), None)


def _heard(session: Session, conversation_id: str) -> tuple[str | None, Talk]:
    """Read what was asked last, by bot or agent, and what was said before a customer's message."""
    said = [
        Said(row.actor_kind, data.get("text") or "", data.get("expects"))
        for row in session.execute(_SAID, {"of": conversation_id})
        for data in (opened(session, row),)
    ]
    return listen(said[::-1])


def _told_kept(session: Session, conversation_id: str) -> bool:
    """Tell whether the notice was given since the conversation went into the queue."""
    query = (
        select(Event)
        .where(
            Event.conversation_id == conversation_id,
            Event.type.in_(("notice", *QUEUED)),
        )
        .order_by(Event.id.desc())
        .limit(50)
    )
    for event in session.scalars(query):
        if event.type != "notice":
            return False
        if event.data.get("code") == "kept_for_agent":
            return True
    return False


def _opening(visitor: Visitor) -> str | None:
    """Hash the opening's id; a signed-in customer is found by who they are."""
    if visitor.opening is None or visitor.subject is not None:
        return None
    return tokens.digest(f"{visitor.channel}:{visitor.opening}")


def _opened(
    session: Session, conversation: Conversation, visitor: Visitor, now: datetime, *, created: bool
) -> Opened:
    token, expires = tokens.issue(session, conversation, now, login=visitor.login)
    return Opened(conversation, token, created, expires)
