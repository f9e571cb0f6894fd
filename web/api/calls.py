"""Calls over HTTP, the customer's side: asked for, signalled, followed, ended."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web import ice
from web.api.contact_bodies import Failure, NewCall, Signals
from web.api.conversations import event_stream
from web.api.requests import allow, body, number
from web.contacts import tell_call
from web.desk import attendance, blocks, calls, consents, conversations, video
from web.desk.calls import Call
from web.desk.errors import Closed, NotFound
from web.desk.events import Actor, timestamp
from web.limits import TooMany
from web.realtime import callstream
from web.realtime.inbox import InboxFull
from web.services import Services, services, utc_now


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/conversations/<conversation_id>/calls"
    verbs: dict[str, Callable[..., ResponseReturnValue]] = {
        "": start,
        "/<call_id>/signals": signal,
        "/<call_id>/connected": connected,
        "/<call_id>/failed": failed,
        "/<call_id>/hang-up": hang_up,
        "/<call_id>/rejoin": rejoin,
        "/<call_id>/away": away,
    }
    for path, view in verbs.items():
        name = f"call_{view.__name__}"
        blueprint.add_url_rule(base + path, view_func=view, endpoint=name, methods=["POST"])
    blueprint.add_url_rule(f"{base}/<call_id>/stream", view_func=follow, endpoint="call_stream")


def start(conversation_id: str) -> tuple[Response, int]:
    """Ask for a call; one that lives already is given back."""
    web = services()
    allow(web.database, conversation_id)
    wish = body(NewCall)
    now = utc_now()
    hours = web.contacts.hours
    if not hours.is_open("video", now):
        opening = hours.next_opening("video", now)
        raise Closed("video", timestamp(opening) if opening else None)
    web.openings.take(f"call:{conversation_id}")
    with web.database.write() as session:
        blocks.require_free(session, conversation_id, now)
        if wish.media == "video":
            conversation = conversations.find(session, conversation_id)
            consents.require(session, conversation, "video")
        before = calls.current(session, conversation_id)
        online = attendance.present(session, now, web.settings.silence)
        call = video.request(session, conversation_id, wish.media, online, now, wish.client_id)
        shown = calls.as_json(session, call)
    tell_call(web.bus, call)
    return jsonify(
        {"call": shown, **ice.shown(web.settings, f"customer-{call.id}", now)}
    ), 201 if before is None else 200


def signal(conversation_id: str, call_id: str) -> tuple[str, int]:
    """Say something to the agent's browser."""
    web, call = _call(conversation_id, call_id)
    pass_on(web, call, "agent", body(Signals))
    return "", 204


def follow(conversation_id: str, call_id: str) -> Response:
    """Stream the call's states and what the agent's browser says."""
    web, call = _call(conversation_id, call_id)
    return stream_of(web, call, "customer")


def connected(conversation_id: str, call_id: str) -> Response:
    """Note that sound and picture arrive."""
    web, call = _call(conversation_id, call_id)
    return act(web, lambda session: video.connect(session, call.id, utc_now()))


def failed(conversation_id: str, call_id: str) -> Response:
    """Note that the call could not be held."""
    web, call = _call(conversation_id, call_id)
    reason = body(Failure).reason
    return act(web, lambda session: video.fail(session, call.id, reason, utc_now()))


def hang_up(conversation_id: str, call_id: str) -> Response:
    """End the call."""
    web, call = _call(conversation_id, call_id)
    with web.database.read() as session:
        actor = Actor("customer", conversations.find(session, conversation_id).name)
    return act(web, lambda session: video.hang_up(session, call.id, actor, utc_now()))


def rejoin(conversation_id: str, call_id: str) -> Response:
    """Hold the call on from a page that was loaded anew."""
    web, call = _call(conversation_id, call_id)
    now = utc_now()
    with web.database.write() as session:
        shown = calls.as_json(session, video.rejoin(session, call.id, "customer", now))
    tell_call(web.bus, call)
    return jsonify({"call": shown, **ice.shown(web.settings, f"customer-{call.id}", now)})


def away(conversation_id: str, call_id: str) -> tuple[str, int]:
    """Note that the page was left; the call ends unless it is back within seconds."""
    web, call = _call(conversation_id, call_id)
    with web.database.write() as session:
        epoch = number("epoch", call.epoch, 0, 1_000_000)
        video.step_out(session, call.id, "customer", utc_now(), epoch=epoch)
    return "", 204


def act(web: Services, verb: Callable[[Session], Call]) -> Response:
    """Carry out a verb, spread the news, and show the call."""
    with web.database.write() as session:
        call = verb(session)
        shown = calls.as_json(session, call)
    tell_call(web.bus, call)
    return jsonify(shown)


def pass_on(web: Services, call: Call, side: str, sent: Signals) -> None:
    """Put signals into the inbox of the other side; raises NotFound when the call is over."""
    if call.state not in calls.LIVE:
        raise NotFound("the call is over")
    web.signals.take(f"{call.id}:{side}")
    settings = web.settings
    said = [
        {"kind": item.kind, "data": data}
        for item in sent.signals
        if (data := ice.discreet(settings, item.kind, item.data)) is not None
    ]
    if not said:
        return
    try:
        web.contacts.inbox.put(f"{call.id}:{side}", said)
    except InboxFull:
        raise TooMany(60) from None


def stream_of(web: Services, call: Call, side: str) -> Response:
    """Stream a call to one side."""
    cursor = request.headers.get("Last-Event-ID", "")[:64]
    frames = callstream.of_call(
        web.database, web.bus, web.contacts.inbox, call.id, side, cursor, utc_now
    )
    return event_stream(frames)


def _call(conversation_id: str, call_id: str) -> tuple[Services, Call]:
    web = services()
    allow(web.database, conversation_id)
    with web.database.read() as session:
        return web, calls.find(session, call_id, conversation_id)
