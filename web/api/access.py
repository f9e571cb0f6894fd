"""A conversation's token over HTTP: exchanged for a new one, ended."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.api.requests import allow, bearer
from web.desk import events, tokens
from web.realtime.bus import tell
from web.services import services, utc_now


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    add, path = blueprint.add_url_rule, "/conversations/<conversation_id>/token"
    add(path, view_func=exchange, endpoint="token_exchange", methods=["POST"])
    add(path, view_func=sign_out, endpoint="token_end", methods=["DELETE"])


def exchange(conversation_id: str) -> Response:
    """Give a new token for the old one, which ends once the new one was used."""
    web = services()
    allow(web.database, conversation_id)
    web.signals.take(f"token:{conversation_id}")
    with web.database.write() as session:
        token, expires = tokens.exchange(session, conversation_id, bearer(), utc_now())
    return jsonify({"token": token, "expires_at": events.timestamp(expires)})


def sign_out(conversation_id: str) -> tuple[str, int]:
    """End the token; streams that were opened with it end too."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.write() as session:
        tokens.revoke(session, bearer())
    tell(web.bus, conversation_id)
    return "", 204
