"""The pack of evidence over HTTP: a letter with what the conversation holds."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response

from web.api.cases import write_transcript
from web.api.contact_bodies import Letter
from web.api.requests import allow, body
from web.complaint import letters, packs
from web.desk import attachments, corrections
from web.desk.errors import NotFound
from web.services import services


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    path = "/conversations/<conversation_id>/evidence"
    blueprint.add_url_rule(path, view_func=give, endpoint="evidence", methods=["POST"])


def give(conversation_id: str) -> Response:
    """Pack the letter with transcript, card, pictures and documents."""
    web = services()
    allow(web.database, conversation_id)
    letter = letters.tidy_letter(body(Letter).letter)
    web.uploads.take(conversation_id)
    folder = web.contacts.pictures
    with web.database.read() as session:
        card = corrections.read(session, conversation_id)["card"]
        pictures, documents = [], []
        for item in attachments.of_conversation(session, conversation_id):
            with suppress(NotFound):  # its file is gone
                raw = attachments.read(session, folder, conversation_id, item.id)
                named = attachments.named(session, conversation_id, item.id)
                if named is None:
                    pictures.append(raw)
                else:
                    documents.append((named.name, raw))
    pack = packs.build(
        letter,
        transcript=write_transcript(web, conversation_id),
        card=card,
        pictures=pictures,
        documents=documents,
    )
    return packs.answer(pack)
