"""Reaching a customer who has left the page: their browser, their address, and an end of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from web.api.reach_bodies import Mailing, Pushing
from web.api.requests import allow, bearer, body
from web.desk import conversations, devices, tokens
from web.desk.devices import Address, Subscription
from web.mail.addresses import BadAddress, normalise, shown
from web.notifications.push import BadSubscription
from web.services import Services, services, utc_now


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/conversations/<conversation_id>/reach"
    add = blueprint.add_url_rule
    add(base, view_func=told, endpoint="reach")
    add(base, view_func=leave, endpoint="reach_leave", methods=["DELETE"])
    add(f"{base}/push", view_func=push, endpoint="reach_push", methods=["PUT"])
    add(f"{base}/mail", view_func=mail, endpoint="reach_mail", methods=["PUT"])


def told(conversation_id: str) -> Response:
    """Tell how this customer is reached."""
    web = services()
    allow(web.database, conversation_id)
    return _shown(web, conversation_id)


def push(conversation_id: str) -> Response:
    """Call this browser when an answer was not seen."""
    web = services()
    allow(web.database, conversation_id)
    sent = body(Pushing)
    web.notes.take(f"reach:{conversation_id}")
    if web.pusher is None:
        raise BadSubscription("nothing is pushed here")
    wish = Subscription(sent.endpoint, sent.keys.p256dh, sent.keys.auth)
    web.pusher.check(wish)
    with web.database.write() as session:
        conversation = conversations.hold(session, conversation_id)
        devices.subscribe(
            session,
            conversation,
            tokens.who(conversation.subject),
            tokens.digest(bearer()),
            tokens.digest(sent.endpoint),
            wish,
            utc_now(),
            words=sent.words,
        )
    return _shown(web, conversation_id)


def mail(conversation_id: str) -> Response:
    """Write to an address when an answer was not seen, or to none any more."""
    web = services()
    allow(web.database, conversation_id)
    sent = body(Mailing)
    web.notes.take(f"reach:{conversation_id}")
    sealed = None
    if sent.email and sent.email.strip():
        if not web.mail.ready:
            raise BadAddress("no-mail")
        sealed = web.contacts.vault.seal(normalise(sent.email))
    with web.database.write() as session:
        conversations.hold(session, conversation_id)
        devices.write_to(session, conversation_id, sealed, words=sent.words, now=utc_now())
    return _shown(web, conversation_id)


def leave(conversation_id: str) -> Response:
    """Tell this customer nothing any more, wherever they asked for it."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.write() as session:
        conversation = conversations.hold(session, conversation_id)
        devices.leave_all(session, conversation_id, tokens.who(conversation.subject))
    return _shown(web, conversation_id)


def _shown(web: Services, conversation_id: str) -> Response:
    with web.database.read() as session:
        found = _state(web, session, conversation_id)
    return jsonify(found)


def _state(web: Services, session: Session, conversation_id: str) -> dict[str, Any]:
    here = devices.here(session, tokens.family(session, bearer()))
    address = session.get(Address, conversation_id)
    return {
        "push_key": web.pusher.public_key if web.pusher is not None else None,
        "push": here is not None,
        "mail": web.mail.ready,
        "email": shown(web.contacts.vault.open(address.address)) if address else None,
        "words": bool(here.words if here else address.words if address else False),
    }
