"""The console's JSON about the agents: signs of life, presence, who else is there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_login import current_user, login_required

from web.api.requests import body
from web.console.bodies import Beat, Presence
from web.console.login import agent
from web.desk import attendance
from web.desk.attendance import Colleague
from web.desk.reviews import records
from web.desk.tokens import digest
from web.services import services, utc_now

blueprint = Blueprint("desk_staff", __name__, url_prefix="/desk/api")


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.post("/heartbeat")
def beat() -> Response:
    """Note that the console is open; who is silent for too long has gone."""
    web = services()
    wish = body(Beat)
    if wish.active:
        attendance.note_use(web.database, current_user.token, utc_now())
    with web.database.write() as session:
        now = utc_now()
        attendance.here(session, digest(current_user.token), now, web.settings.silence)
        if wish.status is not None and wish.status != agent().status:
            attendance.settle(session, agent().id, status=wish.status, now=now)
    if wish.status is not None and wish.status != agent().status:
        web.bus.publish("desk")
    return jsonify(_me())


@blueprint.get("/me")
def show() -> Response:
    """Give the agent's presence and chats."""
    return jsonify(_me())


@blueprint.put("/me")
def change() -> Response:
    """Change whether new chats are taken, and how many at once."""
    web = services()
    wish = body(Presence)
    with web.database.write() as session:
        attendance.settle(
            session, agent().id, status=wish.status, max_chats=wish.max_chats, now=utc_now()
        )
    web.bus.publish("desk")
    web.bus.publish("queue")
    return jsonify(_me())


@blueprint.get("/agents")
def colleagues() -> Response:
    """List the other agents."""
    found = [one.as_json() for one in _everyone() if one.id != agent().id]
    return jsonify({"agents": found})


def _me() -> dict[str, Any]:
    web, mine = services(), agent().id
    with web.database.read() as session:
        everyone = attendance.everyone(session, utc_now(), web.settings.silence)
        reviews = records.count_unseen(session, mine)
    me = next((one for one in everyone if one.id == mine), None)
    shown = {**(me.as_json() if me else {}), "reviews": reviews}
    if me and me.status == "offline":
        shown["status"] = agent().status  # signed in and asking: the sign of life is on its way
    return shown


def _everyone() -> list[Colleague]:
    web = services()
    with web.database.read() as session:
        return attendance.everyone(session, utc_now(), web.settings.silence)
