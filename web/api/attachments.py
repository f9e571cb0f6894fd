"""Pictures and documents over HTTP: taken, and given to the conversation's own people alone."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

from flask import Blueprint, Response, jsonify, request, send_file
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from web.api.bodies import no_card
from web.api.requests import allow
from web.desk import attachments, consents, conversations, documents, events, pixels, turns
from web.desk.documents import Document, Named
from web.limits import caller
from web.pictures.remaking import receive
from web.realtime.bus import tell
from web.services import Services, services, utc_now

NAME = "Xiaohu-File-Name"
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/conversations/<conversation_id>/attachments"
    blueprint.add_url_rule(base, view_func=take, endpoint="picture_take", methods=["POST"])
    blueprint.add_url_rule(f"{base}/<attachment_id>", view_func=give, endpoint="picture")


def take(conversation_id: str) -> tuple[Response, int]:
    """Take a picture or a document: the request's body is the file itself."""
    web = services()
    allow(web.database, conversation_id)
    with web.database.read() as session:
        consents.require(session, conversations.find(session, conversation_id), "pictures")
    client_id, sent = read_file(web, conversation_id)
    with web.database.write() as session:
        event, new = attachments.add(
            session, web.contacts.pictures, conversation_id, client_id, sent, utc_now()
        )
    if new:
        tell(web.bus, conversation_id, desk=True)
        with web.database.read() as session:
            owed = turns.is_pending(session, conversation_id, event.id)
        if owed:
            web.assistant.run(conversation_id, event.id)
    return jsonify({"event": events.as_json(event)}), 201 if new else 200


def read_file(web: Services, who: str) -> tuple[str, pixels.Picture | Document]:
    """Read what the request sends and judge it: (client id, file). who: limits count by it.

    Its name is a header, which no log keeps.

    Raises BadRequest, RequestEntityTooLarge, TooMany, Busy, BadPicture.
    """
    client_id = request.args.get("client_id", "")
    if not CLIENT_ID.fullmatch(client_id):
        raise BadRequest("client_id is missing or has the wrong form")
    try:
        no_card(client_id)
    except ValueError as error:
        raise BadRequest(f"client_id {error}") from None
    request.max_content_length = pixels.LARGEST
    if (request.content_length or 0) > pixels.LARGEST:
        raise RequestEntityTooLarge
    web.uploads.take(who)
    web.all_uploads.take_here()
    with web.admission.bodies.passing(who=caller()):
        raw = request.get_data(cache=False)
    with web.admission.uploads.passing(who=caller()):
        return client_id, receive(raw, unquote(request.headers.get(NAME, "")))


def give(conversation_id: str, attachment_id: str) -> Response:
    """Give a picture or a document to its customer."""
    web = services()
    allow(web.database, conversation_id, email=True)
    with web.database.read() as session:
        named = attachments.named(session, conversation_id, attachment_id)
        raw = attachments.read(session, web.contacts.pictures, conversation_id, attachment_id)
    return answer(attachment_id, named, raw)


def answer(name: str, named: Named | None, raw: bytes) -> Response:
    """Answer with a picture that can do nothing but be looked at, or a document to be saved.

    name: its id, for caches. named: a document's kind and name.
    """
    response = send_file(
        io.BytesIO(raw),
        mimetype=documents.KINDS[named.kind] if named else "image/webp",
        etag=name,
        as_attachment=named is not None,
        download_name=named.name if named else "picture.webp",
    )
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
