"""The console's JSON about callbacks, calls and files, and the check of what an agent writes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_login import login_required
from sqlalchemy.orm import Session

from web import ice
from web.api.attachments import answer, read_file
from web.api.bodies import AgentMessage
from web.api.calls import act, pass_on, stream_of
from web.api.contact_bodies import Failure, Signals
from web.api.requests import body
from web.console.bodies import Outcome, Page
from web.console.login import agent
from web.console.reach import need_to_know
from web.contacts import tell_call
from web.desk import attachments, attendance, board, callback_list, callbacks, calls, events, video
from web.desk.bookings import Callback
from web.desk.calls import Call
from web.desk.errors import NotYours
from web.desk.events import Actor
from web.realtime.bus import tell
from web.services import Services, services, utc_now

blueprint = Blueprint("desk_calls", __name__, url_prefix="/desk/api")


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.get("/board")
def overview() -> Response:
    """Give the booked calls and the call that rings."""
    with services().database.read() as session:
        return jsonify(board.of_agent(session, agent().id, utc_now()))


@blueprint.post("/check")
def check() -> Response:
    """Say which secrets a text asks for, so that the console can warn before it is sent."""
    found = services().contacts.forbidden.find(body(AgentMessage).text)
    return jsonify({"asks": [{"kind": ask.kind, "clause": ask.clause} for ask in found]})


@blueprint.post("/callbacks/<int:callback_id>/take")
def take(callback_id: int) -> Response:
    """Take a booked call and see its number."""
    web = services()
    with web.database.write() as session:
        callback = callbacks.take(session, callback_id, agent(), utc_now())
        number = callbacks.number_of(session, callback_id, agent(), web.contacts.vault)
    return _told(web, callback, number=number)


@blueprint.get("/callbacks/<int:callback_id>/number")
def number(callback_id: int) -> Response:
    """Give the number of a call that this agent has taken."""
    web = services()
    with web.database.read() as session:
        plain = callbacks.number_of(session, callback_id, agent(), web.contacts.vault)
    return jsonify({"number": plain})


@blueprint.post("/callbacks/<int:callback_id>/release")
def release(callback_id: int) -> Response:
    """Put a taken call back on the list."""
    web = services()
    with web.database.write() as session:
        callback = callbacks.release(session, callback_id, agent(), utc_now())
    return _told(web, callback)


@blueprint.post("/callbacks/<int:callback_id>/close")
def close(callback_id: int) -> Response:
    """Note how a call went."""
    web = services()
    outcome = body(Outcome).outcome
    with web.database.write() as session:
        callback = callbacks.close(
            session, callback_id, agent(), outcome, utc_now(), web.contacts.hours
        )
    return _told(web, callback)


@blueprint.post("/calls/<call_id>/accept")
def accept(call_id: str) -> Response:
    """Take the call that rings."""
    web = services()
    now = utc_now()
    page = body(Page).page if request.content_length else None
    with web.database.write() as session:
        call = video.accept(session, call_id, agent(), now, page)
        shown = calls.as_json(session, call)
    tell_call(web.bus, call)
    tell(web.bus, call.conversation_id, moved=True)
    return jsonify({"call": shown, **ice.shown(web.settings, f"agent-{call.id}", now)})


@blueprint.get("/calls/<call_id>")
def show(call_id: str) -> Response:
    """Give a call of this agent with what a page that was loaded anew needs to join it again."""
    web, call = _mine(call_id)
    with web.database.read() as session:
        shown = calls.as_json(session, call)
    return jsonify({"call": shown, **ice.shown(web.settings, f"agent-{call.id}", utc_now())})


@blueprint.post("/calls/<call_id>/rejoin")
def rejoin(call_id: str) -> Response:
    """Hold the call on this page from now on: it was loaded anew, or it is another one."""
    web, call = _mine(call_id)
    page, now = body(Page).page, utc_now()
    with web.database.write() as session:
        shown = calls.as_json(session, video.rejoin(session, call.id, "agent", now, page))
    tell_call(web.bus, call)
    return jsonify({"call": shown, **ice.shown(web.settings, f"agent-{call.id}", now)})


@blueprint.post("/calls/<call_id>/away")
def step_out(call_id: str) -> tuple[str, int]:
    """Note that the page was left; the call ends unless it is back within seconds."""
    web, call = _mine(call_id)
    page = body(Page).page
    with web.database.write() as session:
        video.step_out(session, call.id, "agent", utc_now(), page)
    return "", 204


@blueprint.post("/calls/<call_id>/refuse")
def refuse(call_id: str) -> Response:
    """Refuse the call that rings; a colleague is rung."""
    web = services()
    now = utc_now()

    def step(session: Session) -> Call:
        there = attendance.present(session, now, web.settings.silence)
        return video.refuse(session, call_id, agent(), there, now)

    return act(web, step)


@blueprint.post("/calls/<call_id>/signals")
def signal(call_id: str) -> tuple[str, int]:
    """Say something to the customer's browser."""
    web, call = _mine(call_id)
    pass_on(web, call, "customer", body(Signals))
    return "", 204


@blueprint.get("/calls/<call_id>/stream")
def follow(call_id: str) -> Response:
    """Stream the call's states and what the customer's browser says."""
    web, call = _mine(call_id)
    return stream_of(web, call, "agent")


@blueprint.post("/calls/<call_id>/connected")
def connected(call_id: str) -> Response:
    """Note that sound and picture arrive."""
    web, call = _mine(call_id)
    return act(web, lambda session: video.connect(session, call.id, utc_now()))


@blueprint.post("/calls/<call_id>/failed")
def failed(call_id: str) -> Response:
    """Note that the call could not be held."""
    web, call = _mine(call_id)
    reason = body(Failure).reason
    return act(web, lambda session: video.fail(session, call.id, reason, utc_now()))


@blueprint.post("/calls/<call_id>/hang-up")
def hang_up(call_id: str) -> Response:
    """End the call."""
    web, call = _mine(call_id)
    actor = Actor("agent", agent().display)
    return act(web, lambda session: video.hang_up(session, call.id, actor, utc_now()))


@blueprint.post("/conversations/<conversation_id>/attachments")
def send(conversation_id: str) -> tuple[Response, int]:
    """Send the customer a picture or a document: the request's body is the file itself."""
    web = services()
    client_id, sent = read_file(web, f"agent:{agent().id}")
    with web.database.write() as session:
        event, new = attachments.add(
            session,
            web.contacts.pictures,
            conversation_id,
            client_id,
            sent,
            utc_now(),
            agent=agent(),
        )
    if new:
        tell(web.bus, conversation_id, desk=True)
    return jsonify({"event": events.as_json(event)}), 201 if new else 200


@blueprint.get("/conversations/<conversation_id>/attachments/<attachment_id>")
def attachment(conversation_id: str, attachment_id: str) -> Response:
    """Give a picture or a document of a conversation."""
    web = services()
    need_to_know(conversation_id)
    with web.database.read() as session:
        named = attachments.named(session, conversation_id, attachment_id)
        raw = attachments.read(session, web.contacts.pictures, conversation_id, attachment_id)
    return answer(attachment_id, named, raw)


def _mine(call_id: str) -> tuple[Services, Call]:
    """Find a call of this agent; raises NotFound, NotYours."""
    web = services()
    with web.database.read() as session:
        call = calls.find(session, call_id)
    if call.agent_id != agent().id:
        raise NotYours(f"call {call_id} is another agent's")
    return web, call


def _told(web: Services, callback: Callback, **more: Any) -> Response:
    tell(web.bus, callback.conversation_id, moved=True)
    with web.database.read() as session:
        return jsonify(
            {**callback_list.for_agent(session, callback, utc_now(), agent().id), **more}
        )
