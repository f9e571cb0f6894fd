"""The console's JSON about a conversation in hand: transfer, notes, answers ready made, tickets."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request
from flask_login import login_required

from web.api.desk_bodies import Reading, Typing
from web.api.requests import CONVERSATION, body
from web.console.bodies import Improving, Judgement, Note, Transfer
from web.console.login import agent
from web.console.reach import need_to_know
from web.desk import (
    assignments,
    conversations,
    events,
    history,
    improvements,
    marks,
    notes,
    own_answers,
    queue,
    triage,
)
from web.desk.errors import NotFound, NotYours
from web.realtime.bus import tell, tell_typing
from web.services import Services, services, utc_now

blueprint = Blueprint("desk_handling", __name__, url_prefix="/desk/api")
ONE = "/conversations/<conversation_id>"


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.before_request
def check_form() -> None:
    """Refuse ids that cannot be."""
    wish = (request.view_args or {}).get("conversation_id")
    if wish is not None and not CONVERSATION.fullmatch(wish):
        raise NotFound("no conversation of that form")


@blueprint.post(f"{ONE}/transfer")
def transfer(conversation_id: str) -> Response:
    """Hand the conversation to a colleague or to the queue."""
    web = services()
    wish = body(Transfer)
    with web.database.write() as session:
        assignments.transfer(
            session,
            conversation_id,
            agent(),
            wish.to,
            wish.note,
            utc_now(),
            web.settings.silence,
        )
    tell(web.bus, conversation_id, moved=True)
    return state_of(web, conversation_id)


@blueprint.post(f"{ONE}/take-over")
def take_over(conversation_id: str) -> Response:
    """Take a colleague's conversation; for leads."""
    web = services()
    if agent().role != "lead":
        abort(403)
    with web.database.write() as session:
        assignments.take_over(session, conversation_id, agent(), utc_now())
    tell(web.bus, conversation_id, moved=True)
    return state_of(web, conversation_id)


@blueprint.post(f"{ONE}/notes")
def note(conversation_id: str) -> tuple[Response, int]:
    """Write a note for colleagues."""
    web = services()
    wish = body(Note)
    with web.database.write() as session:
        event = notes.write(session, conversation_id, agent(), wish.text, utc_now(), wish.client_id)
    web.bus.publish("desk")
    return jsonify({"event": events.as_json(event)}), 201


@blueprint.put(f"{ONE}/case")
def judge(conversation_id: str) -> Response:
    """Correct how urgent a case is, what it is about, and its card."""
    web = services()
    wish = body(Judgement)
    card = wish.card.model_dump(exclude_unset=True) if wish.card else None
    with web.database.write() as session:
        event = triage.judge(
            session,
            conversation_id,
            agent(),
            utc_now(),
            urgent=wish.urgent,
            topic=wish.topic,
            card=card,
            labels=wish.tags,
        )
    if event is not None:
        tell(web.bus, conversation_id, moved=True)
    return state_of(web, conversation_id)


@blueprint.get(f"{ONE}/history")
def before(conversation_id: str) -> Response:
    """List the customer's other cases."""
    need_to_know(conversation_id)
    with services().database.read() as session:
        found = history.of_customer(session, conversations.find(session, conversation_id))
    return jsonify({"cases": found})


@blueprint.get("/cases")
def search() -> Response:
    """Find cases by words; what they say is read by opening one."""
    with services().database.read() as session:
        return jsonify({"cases": history.search(session, request.args.get("q", "")[:60])})


@blueprint.get("/cases/<number>")
def find(number: str) -> Response:
    """Find the conversation of a case by its number."""
    with services().database.read() as session:
        return jsonify({"conversation": history.find(session, number[:32])})


@blueprint.post(f"{ONE}/typing")
def typing(conversation_id: str) -> tuple[str, int]:
    """Show the customer that the agent types."""
    web = services()
    sign = body(Typing)
    _only_mine(web, conversation_id)
    tell_typing(web.bus, conversation_id, "agent", on=sign.on)
    return "", 204


@blueprint.post(f"{ONE}/read")
def mark(conversation_id: str) -> tuple[str, int]:
    """Note how far the agent has read."""
    web = services()
    event_id = body(Reading).event_id
    with web.database.write() as session:
        news = marks.read_by_agent(session, conversation_id, agent().id, event_id)
    if news:
        tell(web.bus, conversation_id, desk=True)
    return "", 204


@blueprint.get("/canned")
def canned() -> Response:
    """Find ready-made answers: templates and FAQs, filled in for this agent and customer."""
    web = services()
    names = {"agent": agent().display, "customer": ""}
    with web.database.read() as session:
        own = [(one.id, one.title, one.text) for one in own_answers.of_agent(session, agent().id)]
    asked = request.args.get("conversation", "")
    if CONVERSATION.fullmatch(asked):
        with web.database.read() as session:
            names["customer"] = conversations.find(session, asked).name or ""
    found = web.canned.find(request.args.get("q", "")[:200], names, own)
    return jsonify({"items": [item.as_json() for item in found]})


@blueprint.get(f"{ONE}/draft")
def draft(conversation_id: str) -> Response:
    """Draft an answer to what the customer typed last, from the FAQs; null where none fits."""
    web = services()
    _only_mine(web, conversation_id)
    with web.database.read() as session:
        found = conversations.last_typed(session, conversation_id)
    item = web.canned.draft(str(found.data["text"])) if found is not None else None
    told = {"event": found.id if found else None, "draft": item.as_json() if item else None}
    return jsonify(told)


@blueprint.post(f"{ONE}/improvements")
def improve(conversation_id: str) -> tuple[Response, int]:
    """Propose to the editors what became of a draft that was sent."""
    web, sent = services(), body(Improving)
    _only_mine(web, conversation_id)
    with web.database.write() as session:
        conversations.hold(session, conversation_id)
        _, new = improvements.propose(
            session, conversation_id, agent(), sent.faq, sent.event, sent.client_id, utc_now()
        )
    return jsonify({"new": new}), 201 if new else 200


def _only_mine(web: Services, conversation_id: str) -> None:
    with web.database.read() as session:
        if conversations.find(session, conversation_id).agent_id != agent().id:
            raise NotYours(f"{conversation_id} is not this agent's")


def state_of(web: Services, conversation_id: str) -> Response:
    with web.database.read() as session:
        conversation = conversations.find(session, conversation_id)
        place = queue.place_of(session, conversation) if conversation.owner == "queue" else None
        return jsonify(
            {
                "conversation": queue.summary(session, conversation, utc_now(), place),
                "state": queue.state(session, conversation, utc_now(), web.settings.silence),
            }
        )
