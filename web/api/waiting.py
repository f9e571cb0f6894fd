"""The queue over HTTP, from the customer's side, with signs of typing and reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from web import flows
from web.api.desk_bodies import Joining, Reading, Typing
from web.api.haste import is_believed
from web.api.requests import allow, body
from web.api.work import doubt
from web.desk import blocks, conversations, escalations, events, marks, queue
from web.desk.errors import Closed
from web.desk.events import Actor, timestamp
from web.desk.models import Conversation, Event
from web.realtime.bus import tell, tell_typing
from web.services import Services, services, utc_now


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/conversations/<conversation_id>"
    steps: dict[str, Callable[[str], Any]] = {
        "/queue": join,
        "/queue/leave": leave,
        "/queue/return": come_back,
        "/reopen": reopen,
        "/typing": typing,
        "/read": mark,
    }
    for path, view in steps.items():
        blueprint.add_url_rule(base + path, view_func=view, methods=["POST"])


def join(conversation_id: str) -> Response:
    """Join the queue; who waits already may still ask for the fast lane."""
    web = services()
    allow(web.database, conversation_id)
    wished = body(Joining).urgent
    web.openings.take(f"queue:{conversation_id}")
    # A place in the queue is refused to who was blocked alone; the fast lane is, where one client
    # asks for it often.
    urgent = wished and is_believed(web, conversation_id)
    if not urgent:
        only_open(web)
    topic = next(iter(flows.fast_lane(web.flows)), None) if urgent else None

    def step(session: Session, conversation: Conversation, actor: Actor) -> Event | None:
        if conversation.owner == "queue" and urgent:
            return escalations.hasten(session, conversation_id, actor, utc_now(), topic)
        if not urgent:
            blocks.require_free(session, conversation_id, utc_now())
        return escalations.escalate(
            session,
            conversation_id,
            actor,
            utc_now(),
            topic=topic or conversation.card.get("topic"),
            reason="urgent" if urgent else "asked",
            urgent=urgent,
            card={},
        )

    return move(web, conversation_id, step, doubts=True)


def leave(conversation_id: str) -> Response:
    """Leave the queue."""
    web = services()
    allow(web.database, conversation_id)
    return move(
        web,
        conversation_id,
        lambda session, _, actor: escalations.leave(session, conversation_id, actor, utc_now()),
    )


def come_back(conversation_id: str) -> Response:
    """Take back the waiting time of a queue that was just left."""
    web = services()
    allow(web.database, conversation_id)

    def step(session: Session, _: Conversation, actor: Actor) -> Event:
        blocks.require_free(session, conversation_id, utc_now())
        return escalations.rejoin(session, conversation_id, actor, utc_now())

    return move(web, conversation_id, step)


def reopen(conversation_id: str) -> Response:
    """Take an ended case up again."""
    web = services()
    allow(web.database, conversation_id)
    only_open(web)

    def step(session: Session, _: Conversation, actor: Actor) -> Event:
        blocks.require_free(session, conversation_id, utc_now())
        return escalations.reopen(session, conversation_id, actor, utc_now())

    return move(web, conversation_id, step, doubts=True)


def typing(conversation_id: str) -> tuple[str, int]:
    """Show the agent that the customer types."""
    web = services()
    allow(web.database, conversation_id, email=True)
    sign = body(Typing)
    web.signals.take(f"typing:{conversation_id}")
    tell_typing(web.bus, conversation_id, "customer", on=sign.on)
    return "", 204


def mark(conversation_id: str) -> tuple[str, int]:
    """Note how far the customer has read."""
    web = services()
    allow(web.database, conversation_id, email=True)
    event_id = body(Reading).event_id
    web.signals.take(f"read:{conversation_id}")
    with web.database.write() as session:
        news = marks.read_by_customer(session, conversation_id, event_id)
    if news:
        tell(web.bus, conversation_id, desk=True)
    return "", 204


def only_open(web: Services) -> None:
    """Raise Closed while nobody chats."""
    now = utc_now()
    hours = web.contacts.hours
    if not hours.is_open("chat", now):
        opening = hours.next_opening("chat", now)
        raise Closed("chat", timestamp(opening) if opening else None)


def move(
    web: Services,
    conversation_id: str,
    step: Callable[[Session, Conversation, Actor], Event | None],
    *,
    doubts: bool = False,
) -> Response:
    """Carry out a step of the customer, spread the news, and show what it left.

    doubts: whether a place that it takes may be one too many of its address.
    """
    with web.database.write() as session:
        conversation = conversations.hold(session, conversation_id)
        last, waited = conversation.last_event, conversation.owner == "queue"
        step(session, conversation, Actor("customer", conversation.name))
    if doubts and not waited:
        doubt(web, conversation_id)
    tell(web.bus, conversation_id, moved=True)
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
        fresh = events.after(session, conversation_id, last)
        return jsonify(
            {
                "events": [events.as_json(event) for event in fresh],
                "state": queue.state(session, conversation, utc_now(), web.settings.silence),
            }
        )
