"""What customers have with us over HTTP: ways to a person, tickets, ratings, transcripts, cases."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from sqlalchemy.orm import Session

from search import pictures
from web import flows
from web.api.desk_bodies import Leaving, Rating
from web.api.requests import CONVERSATION, allow, bearer, body, claimed
from web.api.waiting import move
from web.desk import (
    blocks,
    channels,
    conversations,
    events,
    progress,
    ratings,
    tickets,
    tokens,
)
from web.desk.errors import NotFound
from web.desk.events import Actor
from web.desk.models import Conversation, Event
from web.mail.addresses import BadAddress, normalise
from web.services import Services, services, utc_now

LONGEST_THREAD = 5000


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    add = blueprint.add_url_rule
    base = "/conversations/<conversation_id>"
    add("/channels", view_func=ways)
    add("/cases", view_func=listed)
    add(f"{base}/ticket", view_func=leave_message, methods=["POST"])
    add(f"{base}/rating", view_func=rate, methods=["POST"])
    add(f"{base}/transcript", view_func=transcript)


def ways() -> Response:
    """Compare the ways to a person; with a token, for its conversation."""
    web = services()
    if "Authorization" not in request.headers:
        web.openings.take_here("channels:")
    with web.database.read() as session:
        conversation = _own(session) if "Authorization" in request.headers else None
        shown = channels.compare(
            session,
            conversation,
            web.contacts.hours,
            web.contacts.rules.capacity,
            web.settings.variables,
            utc_now(),
            web.settings.silence,
            fast_lane=flows.fast_lane(web.flows),
        )
    return jsonify({**shown, "ticket": {"email": web.mail.ready}})


def listed() -> Response:
    """List the customer's cases."""
    web = services()
    with web.database.read() as session:
        found = progress.cases(session, _own(session), web.contacts.hours, utc_now())
    return jsonify({"cases": found})


def leave_message(conversation_id: str) -> Response:
    """Leave a message; what comes later to an open one is added to it."""
    web = services()
    allow(web.database, conversation_id)
    sent = body(Leaving)
    email = None
    if sent.email and sent.email.strip():
        if not web.mail.ready:
            raise BadAddress("no-mail")
        email = web.contacts.vault.seal(normalise(sent.email))
    web.openings.take(f"ticket:{conversation_id}")
    text = sent.text.strip() if sent.text else ""
    wish = tickets.Wish(
        text=text or None,
        client_id=sent.client_id or (secrets.token_urlsafe(12) if text else None),
        email=email,
        lures=web.contacts.lures(text) if text else (),
    )

    def step(session: Session, _: Conversation, actor: Actor) -> Event | None:
        now = utc_now()
        blocks.require_free(session, conversation_id, now)
        return tickets.leave_message(session, conversation_id, wish, actor, web.contacts.hours, now)

    return move(web, conversation_id, step)


def rate(conversation_id: str) -> Response:
    """Rate the case that has ended."""
    web = services()
    allow(web.database, conversation_id)
    wish = body(Rating)
    return move(
        web,
        conversation_id,
        lambda session, *_: ratings.rate(
            session, conversation_id, wish.score, wish.comment, utc_now(), wish.client_id
        ),
    )


def transcript(conversation_id: str) -> Response:
    """Give the whole thread as a text file; a signed-in customer's other ones as well."""
    web = services()
    text = write_transcript(web, _readable(web, conversation_id))
    response = Response(text, content_type="text/plain; charset=utf-8")
    name = f"xiaohu-{utc_now():%Y%m%d-%H%M}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def write_transcript(web: Services, conversation_id: str) -> str:
    """Write a conversation's thread as its customer saw it."""
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
        thread = events.after(session, conversation_id, 0, LONGEST_THREAD)
        zone = web.contacts.hours.zone
        lines = [
            {
                "at": event.at.astimezone(zone),
                "type": event.type,
                "kind": event.actor_kind,
                "name": event.actor_name,
                "data": _in_words(event.data),
            }
            for event in thread
        ]
        text = render_template(
            "api/transcript.txt",
            lines=lines,
            name=conversation.name,
            zone=str(zone),
            at=utc_now().astimezone(zone),
        )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Put the words of a message's pictures in their place: a text file shows none."""
    if data.get("format") != "markdown":
        return data
    return {**data, "text": pictures.in_words(str(data.get("text", "")))}


def _own(session: Session) -> Conversation:
    """Find the conversation whose token came with the request."""
    return conversations.find(session, tokens.holder(session, bearer(), utc_now(), claimed()))


def _readable(web: Services, conversation_id: str) -> str:
    """Let in the token of the conversation, or of another one of the same signed-in customer."""
    if not CONVERSATION.fullmatch(conversation_id):
        raise NotFound("no conversation of that form")
    with web.database.read() as session:
        own = _own(session)
        if own.id == conversation_id:
            return conversation_id
        asked = session.get(Conversation, conversation_id)
        if asked is None or not own.subject or asked.subject != own.subject:
            raise NotFound("not this customer's conversation")
    return conversation_id
