"""The console's JSON: the queue, a conversation, and what an agent does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from web.accounts import roles
from web.api.bodies import AgentMessage
from web.api.conversations import event_stream
from web.api.requests import CONVERSATION, body, number
from web.console.login import agent
from web.console.reach import need_to_know
from web.desk import assignments, conversations, events, queue, sessions
from web.desk.errors import NotFound, WrongState
from web.desk.models import Agent, Conversation, Event
from web.realtime import stream
from web.realtime.bus import tell
from web.services import services, utc_now
from web.wallet import proposals

blueprint = Blueprint("desk_api", __name__, url_prefix="/desk/api")
LONGEST_THREAD = 2000
MOST_ROWS = 500


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.url_value_preprocessor
def check_form(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Refuse ids that cannot be."""
    wish = (values or {}).get("conversation_id")
    if wish is not None and not CONVERSATION.fullmatch(wish):
        raise NotFound("no conversation of that form")


@blueprint.get("/token")
def token() -> Response:
    """Give the session's CSRF token to a page that an older session opened."""
    return jsonify({"token": generate_csrf()})


@blueprint.get("/queue")
def overview() -> Response:
    """Give the queue in its order, a part of it, and the agent's own conversations."""
    with services().database.read() as session:
        skip = number("from", 0, 0, 100_000)
        limit = number("limit", queue.WINDOW, 1, MOST_ROWS)
        return jsonify(queue.overview(session, agent().id, utc_now(), limit, skip))


@blueprint.get("/conversations/<conversation_id>")
def show(conversation_id: str) -> Response:
    """Give one conversation with the newest of its thread; before: the part before that event."""
    before = number("before", 0, 0, 10**9) or None
    need_to_know(conversation_id)
    with services().database.read() as session:
        conversation = conversations.find(session, conversation_id)
        thread = events.newest(session, conversation_id, LONGEST_THREAD, before=before)
        shown = _state(session, conversation)
        shown["card"] = shown["conversation"]["card"]
        shown["events"] = [events.as_json(event, staff=True) for event in thread]
    return jsonify(shown)


@blueprint.post("/conversations/<conversation_id>/claim")
def claim(conversation_id: str) -> Response:
    """Take a waiting conversation; 409 when a colleague was quicker."""
    try:
        return _move(conversation_id, assignments.claim)
    except WrongState:
        # The answer to a first try was lost on the way: the agent has it already.
        with services().database.read() as session:
            conversation = conversations.find(session, conversation_id)
            if conversation.agent_id != agent().id:
                raise
            return jsonify(_state(session, conversation))


@blueprint.post("/conversations/<conversation_id>/return")
def give_back(conversation_id: str) -> Response:
    """Put a conversation back into the queue."""
    return _move(conversation_id, assignments.give_back)


@blueprint.post("/conversations/<conversation_id>/close")
def close(conversation_id: str) -> Response:
    """End the agent's part; the bot asks whether it is solved."""
    return _move(conversation_id, assignments.close)


@blueprint.post("/conversations/<conversation_id>/messages")
def post(conversation_id: str) -> tuple[Response, int]:
    """Say something to the customer."""
    web = services()
    sent = body(AgentMessage)
    web.contacts.guard(conversation_id, sent.text)
    with web.database.write() as session:
        posted = conversations.post_as_agent(
            session, conversation_id, agent(), sent.client_id, sent.text, utc_now()
        )
        conversation = conversations.find(session, conversation_id)
        shown = {
            "message": events.as_json(posted.message),
            "state": queue.state(session, conversation, utc_now(), services().settings.silence),
        }
    if posted.created:
        tell(web.bus, conversation_id, desk=True)
    return jsonify(shown), 201 if posted.created else 200


@blueprint.get("/stream")
def follow() -> Response:
    """Stream the queue and the events of the agent's conversations."""
    web = services()
    cursor = request.headers.get("Last-Event-ID", "")[:8000]
    beside = proposals.beside if web.helper is not None else lambda *_: {}
    token, limits = current_user.token, web.settings.session_limits

    def admits(session: Session) -> bool:
        mine = sessions.of_session(session, token, utc_now(), limits)
        return mine is not None and mine.role in roles.PARTS["/desk"]

    frames = stream.of_desk(web.database, web.bus, agent().id, cursor, utc_now, beside, admits)
    return event_stream(frames)


def _move(conversation_id: str, verb: Callable[[Session, str, Agent, Any], Event]) -> Response:
    web = services()
    with web.database.write() as session:
        event = verb(session, conversation_id, agent(), utc_now())
    tell(web.bus, conversation_id, moved=True)
    if event.type == "closed":
        web.assistant.run(conversation_id, event.id)
    with web.database.read() as session:
        shown = _state(session, conversations.find(session, conversation_id))
    return jsonify(shown)


def _state(session: Session, conversation: Conversation) -> dict[str, Any]:
    place = queue.place_of(session, conversation) if conversation.owner == "queue" else None
    return {
        "conversation": queue.summary(session, conversation, utc_now(), place),
        "state": queue.state(session, conversation, utc_now(), services().settings.silence),
    }
