"""The console's JSON about a sender who abuses: blocked for a while, with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from flask import Blueprint, Response, g, jsonify
from flask_login import login_required
from pydantic import Field, StringConstraints

from web.api.bodies import Body
from web.api.requests import body
from web.console.login import agent
from web.console.reach import need_to_know
from web.desk import blocks, conversations, reasons
from web.desk.blocks import Block
from web.desk.events import timestamp
from web.desk.models import Agent
from web.realtime.bus import tell
from web.services import services, utc_now

blueprint = Blueprint("desk_blocks", __name__, url_prefix="/desk/api")
ONE = "/conversations/<conversation_id>/block"


class Blocking(Body):
    """For how many days the sender is kept from people, and why."""

    days: Annotated[int, Field(ge=1, le=30)]
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.get(ONE)
def show(conversation_id: str) -> Response:
    """Show the block that counts for a conversation, null without."""
    need_to_know(conversation_id)
    with services().database.read() as session:
        conversation = conversations.find(session, conversation_id)
        return jsonify(_shown(session, blocks.standing(session, conversation, utc_now())))


@blueprint.post(ONE)
def place(conversation_id: str) -> tuple[Response, int]:
    """Block the sender."""
    web, wish = services(), body(Blocking)
    why = reasons.require(wish.why)
    g.said = (f"{wish.days}d", why)  # for the audit
    with web.database.write() as session:
        lasts = timedelta(days=wish.days)
        block = blocks.place(session, conversation_id, agent(), lasts, why, utc_now())
        told = _shown(session, block)
    tell(web.bus, conversation_id, desk=True)
    return jsonify(told), 201


@blueprint.delete(ONE)
def lift(conversation_id: str) -> tuple[str, int]:
    """Let the sender in again."""
    web = services()
    need_to_know(conversation_id)
    with web.database.write() as session:
        blocks.lift(session, conversation_id, agent(), utc_now())
    tell(web.bus, conversation_id, desk=True)
    return "", 204


def _shown(session: Any, block: Block | None) -> dict[str, Any]:
    if block is None:
        return {"block": None}
    by = session.get(Agent, block.agent_id)
    told = {"until": timestamp(block.until), "why": block.reason, "by": by.display if by else None}
    return {"block": told}
