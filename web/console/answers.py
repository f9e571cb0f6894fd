"""The console's JSON about an agent's own answers, and the tags that are in use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_login import login_required

from web.api.requests import body
from web.console.bodies import Answer
from web.console.login import agent
from web.desk import own_answers, tags
from web.desk.own_answers import OwnAnswer
from web.services import services, utc_now

blueprint = Blueprint("desk_answers", __name__, url_prefix="/desk/api")


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.get("/tags")
def used() -> Response:
    """List the tags that most cases have."""
    with services().database.read() as session:
        return jsonify({"tags": tags.common(session)})


@blueprint.get("/answers")
def listed() -> Response:
    """List the agent's own answers."""
    with services().database.read() as session:
        found = own_answers.of_agent(session, agent().id)
        return jsonify({"answers": [_as_json(one) for one in found]})


@blueprint.post("/answers")
def add() -> tuple[Response, int]:
    """Write down an answer; 409 for too many, 422 for what asks for a secret, as in a message."""
    return jsonify(_write(None)), 201


@blueprint.put("/answers/<int:answer_id>")
def change(answer_id: int) -> Response:
    """Write another text."""
    return jsonify(_write(answer_id))


@blueprint.delete("/answers/<int:answer_id>")
def drop(answer_id: int) -> tuple[str, int]:
    """Delete an answer."""
    with services().database.write() as session:
        own_answers.drop(session, agent().id, answer_id)
    return "", 204


def _write(answer_id: int | None) -> dict[str, Any]:
    web, wish = services(), body(Answer)
    web.contacts.forbidden.check(wish.text)
    with web.database.write() as session:
        written = own_answers.write(
            session, agent().id, wish.title, wish.text, utc_now(), answer_id
        )
        return _as_json(written)


def _as_json(one: OwnAnswer) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "text": one.text}
