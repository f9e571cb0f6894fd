"""Callbacks over HTTP: slots, booked, moved, cancelled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from web.api.contact_bodies import Booking, Moving
from web.api.requests import allow, body
from web.api.work import require
from web.desk import blocks, board, bookings, callbacks, conversations, proofs, slots
from web.desk.bookings import Callback
from web.proof.gateway import GatewayAway
from web.proof.views import text_of
from web.realtime.bus import tell
from web.services import services, utc_now

SUGGESTED = 4


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    add = blueprint.add_url_rule
    base = "/conversations/<conversation_id>"
    add(f"{base}/contacts", view_func=show, endpoint="contacts")
    add(f"{base}/callback/slots", view_func=offer, endpoint="callback_slots")
    add(f"{base}/callback", view_func=book, endpoint="callback_book", methods=["POST"])
    add(f"{base}/callback", view_func=move, endpoint="callback_move", methods=["PUT"])
    add(f"{base}/callback", view_func=cancel, endpoint="callback_cancel", methods=["DELETE"])


def show(conversation_id: str) -> Response:
    """Give the open callback and the live call, with their codes."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.read() as session:
        return jsonify(board.of_customer(session, conversation_id))


def offer(conversation_id: str) -> Response:
    """Give the slots that can be booked."""
    web = services()
    allow(web.database, conversation_id)
    contacts = web.contacts
    with web.database.read() as session:
        found = slots.offers(session, contacts.hours, contacts.rules.capacity, utc_now())
    quiet = slots.quiet_first(found)[:SUGGESTED]
    return jsonify(
        {
            "slots": [item.as_json() for item in found],
            "suggested": [item.as_json() for item in sorted(quiet, key=lambda item: item.start)],
        }
    )


def book(conversation_id: str) -> tuple[Response, int]:
    """Book a call."""
    web = services()
    allow(web.database, conversation_id)
    wish = body(Booking)
    web.openings.take(f"callback:{conversation_id}")
    contacts, link, now = web.contacts, proofs.draw(), utc_now()
    with web.database.write() as session:
        blocks.require_free(session, conversation_id, now)
        stranger = conversations.find(session, conversation_id).subject is None
        asks = stranger and web.texting is not None
        callback = callbacks.book(
            session,
            conversation_id,
            wish.number,
            wish.start,
            contacts.hours,
            contacts.rules,
            contacts.vault,
            now,
            wish.client_id,
            proof=(proofs.digest(link), now + proofs.HOLD) if asks else None,
        )
        # A conversation costs nothing, so strangers are counted by their address too: else one of
        # them books the whole week. What was refused above is undone and does not count.
        if stranger:
            require(web, conversation_id, wish.work)
            web.bookings.take_here("address:")
    if callback.proof_hash == proofs.digest(link):
        _send(callback, link)
    return _told(callback), 201


def _send(callback: Callback, link: str) -> None:
    """Send the link to the number; a booking whose link can't be sent is given up at once."""
    web = services()
    try:
        if web.texting is None:
            raise GatewayAway("no gateway")
        number = web.contacts.vault.open(callback.number)
        web.texting.send(number, text_of(callback, link), f"callback-{callback.id}", utc_now())
    except GatewayAway:
        with web.database.write() as session:
            proofs.give_up(session, callback.id, utc_now())
        raise


def move(conversation_id: str) -> Response:
    """Move the booked call to another slot."""
    web = services()
    allow(web.database, conversation_id)
    wish = body(Moving)
    contacts = web.contacts
    with web.database.write() as session:
        callback = callbacks.move(
            session, conversation_id, wish.start, contacts.hours, contacts.rules, utc_now()
        )
    return _told(callback)


def cancel(conversation_id: str) -> Response:
    """Cancel the booked call."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.write() as session:
        callback = callbacks.cancel(session, conversation_id, utc_now())
    return _told(callback)


def _told(callback: Callback) -> Response:
    tell(services().bus, callback.conversation_id, desk=True)
    shown: dict[str, Any] = bookings.for_customer(callback)
    return jsonify(shown)
