"""The card over HTTP: read and corrected by its customer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.api.contact_bodies import CardFields
from web.api.requests import allow, body
from web.desk import corrections
from web.realtime.bus import tell
from web.services import services, utc_now


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    path = "/conversations/<conversation_id>/card"
    blueprint.add_url_rule(path, view_func=show, endpoint="card")
    blueprint.add_url_rule(path, view_func=correct, endpoint="card_correct", methods=["PUT"])


def show(conversation_id: str) -> Response:
    """Give the card."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.read() as session:
        return jsonify(corrections.read(session, conversation_id))


def correct(conversation_id: str) -> Response:
    """Put the customer's words onto the card."""
    web = services()
    allow(web.database, conversation_id)
    wished = body(CardFields).model_dump(exclude_unset=True)
    web.messages.take(conversation_id)
    with web.database.write() as session:
        event = corrections.write(session, conversation_id, wished, utc_now())
        shown = corrections.read(session, conversation_id)
    if event is not None:
        tell(web.bus, conversation_id, desk=True)
    return jsonify(shown)
