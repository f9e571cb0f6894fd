"""Conversations over HTTP: opened, written into, read, streamed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, jsonify, request

from search import UnknownFaq
from web.admission import Busy
from web.api.bodies import NewConversation, NewMessage
from web.api.haste import is_hasty, temper
from web.api.requests import allow, bearer, body, by_email, number
from web.api.work import doubt
from web.assistant.fallback import asked_faq
from web.desk import blocks, conversations, events, queue, tickets, tokens, turns
from web.desk.conversations import Visitor
from web.desk.errors import DeskError, NotOffered
from web.desk.events import CUSTOMER
from web.desk.models import Event
from web.identity import verify
from web.limits import caller
from web.notifications import tips
from web.realtime import stream
from web.realtime.bus import tell
from web.services import Services, services, utc_now
from web.wallet import payloads

LOOK = 30.0  # seconds between two looks at the token of a stream that tells nothing


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    add = blueprint.add_url_rule
    add("/conversations", view_func=open_one, methods=["POST"])
    add("/conversations/<conversation_id>/messages", view_func=post, methods=["POST"])
    add("/conversations/<conversation_id>/events", view_func=read)
    add("/conversations/<conversation_id>/stream", view_func=follow)


def open_one() -> tuple[Response, int]:
    """Open a conversation and greet."""
    web = services()
    wish = body(NewConversation)
    web.openings.take_here()
    identity = verify(web.settings, wish.identity, utc_now()) if wish.identity else None
    visitor = Visitor(
        channel=wish.channel,
        subject=identity.subject if identity else None,
        name=identity.name if identity else None,
        page=wish.page,
        login=identity.login if identity else None,
        opening=wish.client_id,
    )
    with web.admission.turns.passing(who=caller()):
        with web.database.write() as session:
            opened = conversations.open_for(session, visitor, utc_now())
        conversation_id = opened.conversation.id
        if opened.created:
            web.assistant.run(conversation_id, turns.START)
        else:
            _resume(web, conversation_id, turns.START)
    shown = {
        "id": conversation_id,
        "token": opened.token,
        "expires_at": events.timestamp(opened.expires_at),
        **_since(web, conversation_id, 0),
    }
    return jsonify(shown), 201 if opened.created else 200


def post(conversation_id: str) -> tuple[Response, int]:
    """Store a message and answer it with the events that it caused.

    What came by an email's link is for people, as an answer by email is: whoever holds the link
    is not known, so no assistant looks into a wallet for them.
    """
    web = services()
    allow(web.database, conversation_id, email=True)
    sent = body(NewMessage)
    web.messages.take(conversation_id)
    if sent.payload == tips.STOP:
        return _stop_tips(web, conversation_id, sent)
    if by_email():
        return _post_by_email(web, conversation_id, sent)
    with _admitted(web, conversation_id, sent.payload):
        return _post(web, conversation_id, sent)


def _post(web: Services, conversation_id: str, sent: NewMessage) -> tuple[Response, int]:
    lures = web.contacts.lures(sent.text) if sent.payload is None else ()
    with web.database.write() as session:
        posted = conversations.post(
            session,
            conversation_id,
            sent.client_id,
            sent.text,
            utc_now(),
            payload=sent.payload,
            masked=sent.masked,
            free=sent.payload is not None and _is_free(web, sent.payload),
            lures=lures,
        )
    if posted.created:
        tell(web.bus, conversation_id, desk=posted.owner != "bot")
    if posted.owed:
        web.assistant.run(conversation_id, posted.message.id)
    elif not posted.created:
        _resume(web, conversation_id, posted.message.id)
    shown, made_hasty = _outcome(web, conversation_id, posted.message)
    if shown["state"]["owner"] == "queue" and posted.owner != "queue":
        doubt(web, conversation_id)
        if made_hasty:
            temper(web, conversation_id)
        shown, _ = _outcome(web, conversation_id, posted.message)
    elif made_hasty and not posted.hasty:
        temper(web, conversation_id)
        shown, _ = _outcome(web, conversation_id, posted.message)
    return jsonify(shown), 201 if posted.created else 200


def _stop_tips(web: Services, conversation_id: str, sent: NewMessage) -> tuple[Response, int]:
    with web.database.write() as session:
        said, now = web.tips(), utc_now()
        posted = tips.stop(session, conversation_id, sent.client_id, sent.text, said, now)
    tell(web.bus, conversation_id)
    shown, _ = _outcome(web, conversation_id, posted.message)
    return jsonify(shown), 201 if posted.created else 200


def _post_by_email(web: Services, conversation_id: str, sent: NewMessage) -> tuple[Response, int]:
    if sent.payload is not None:
        raise NotOffered("an email's link takes words alone")
    now, lures = utc_now(), web.contacts.lures(sent.text)
    with web.database.write() as session:
        if conversations.hold(session, conversation_id).owner == "bot":
            blocks.require_free(session, conversation_id, now)
        posted = conversations.post(
            session,
            conversation_id,
            sent.client_id,
            sent.text,
            now,
            masked=sent.masked,
            silent=True,
            lures=lures,
        )
        if posted.created and posted.owner == "bot":
            hours = web.contacts.hours
            tickets.leave_message(session, conversation_id, tickets.Wish(), CUSTOMER, hours, now)
    if posted.created:
        tell(web.bus, conversation_id, desk=True)
    shown, _ = _outcome(web, conversation_id, posted.message)
    return jsonify(shown), 201 if posted.created else 200


def _outcome(web: Services, conversation_id: str, message: Event) -> tuple[dict[str, Any], bool]:
    """Show a message with all that it caused, and tell whether its customer is in the fast lane."""
    with web.database.read() as session:
        caused = events.caused_by(session, conversation_id, message.id)
        conversation = conversations.find(session, conversation_id)
        state = queue.state(session, conversation, utc_now(), web.settings.silence)
    shown = {
        "message": events.as_json(message),
        "events": [events.as_json(event) for event in caused],
        "state": state,
    }
    return shown, is_hasty(conversation)


def read(conversation_id: str) -> Response:
    """Give the events after an id."""
    web = services()
    allow(web.database, conversation_id, email=True)
    last = number("after", 0, 0, 10**12)
    return jsonify(_since(web, conversation_id, last))


def follow(conversation_id: str) -> Response:
    """Stream the events after an id and all that come."""
    web = services()
    allow(web.database, conversation_id, email=True)
    last = number("after", 0, 0, 10**12)
    header = request.headers.get("Last-Event-ID", "")
    if header.isascii() and header.isdecimal() and len(header) <= 12:
        last = int(header)
    frames = stream.of_conversation(
        web.database,
        web.bus,
        web.reader,
        conversation_id,
        last,
        utc_now,
        web.settings.silence,
    )
    told = _while_valid(web, conversation_id, bearer(), frames)
    held = web.admission.pages.during(told, conversation_id)
    try:
        return event_stream(web.admission.streams.during(held, caller()))
    except Busy:
        held.close()
        raise


@contextmanager
def _admitted(web: Services, conversation_id: str, payload: str | None) -> Iterator[None]:
    """Take a message when there is room for a turn of the bot; raises Busy.

    What goes to people costs no turn and is always taken; the way to them has places in reserve.
    """
    gate, who = web.admission.turns, caller()
    try:
        gate.enter(reserve=gate.most // 4 + 1 if payload == "/human" else 0, who=who)
    except Busy:
        with web.database.read() as session:
            if conversations.find(session, conversation_id).owner != "agent":
                raise
        yield
        return
    try:
        yield
    finally:
        gate.leave(who)


def _while_valid(
    web: Services, conversation_id: str, token: str, frames: Iterator[str]
) -> Iterator[str]:
    """Pass frames on until the token has ended; one look before each that tells anything.

    A stream that is held open is a use of its token, which lives on.
    """
    looked = time.monotonic()
    for item in frames:
        if not item.startswith(":") or time.monotonic() - looked >= LOOK:
            looked = time.monotonic()
            try:
                with web.database.read() as session:
                    due = tokens.check(session, conversation_id, token, utc_now(), email=True).due
            except DeskError:
                return
            if due:
                with web.database.write() as session:
                    tokens.renew(session, token, utc_now())
        yield item


def event_stream(frames: Any) -> Response:
    """Answer with server-sent events that no proxy holds back."""
    response = Response(frames, content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _resume(web: Services, conversation_id: str, event_id: int) -> None:
    """See that an answer is given that may be owed since an earlier request."""
    with web.database.read() as session:
        owed = turns.is_pending(session, conversation_id, event_id)
    if owed:
        web.assistant.resume(conversation_id, event_id)


def _is_free(web: Services, payload: str) -> bool:
    """Tell whether a payload may be sent without having been offered."""
    if payload == "/human":
        return True
    if web.helper is not None and payloads.is_free(payload):
        return True
    faq_id = asked_faq(payload)
    if faq_id is None or web.engine is None:
        return False
    try:
        web.engine.shown(faq_id)
    except UnknownFaq:
        return False
    return True


def _since(web: Services, conversation_id: str, last: int) -> dict[str, Any]:
    with web.database.read() as session:
        found = events.after(session, conversation_id, last)
        conversation = conversations.find(session, conversation_id)
        return {
            "events": [events.as_json(event) for event in found],
            "state": queue.state(session, conversation, utc_now(), web.settings.silence),
        }
