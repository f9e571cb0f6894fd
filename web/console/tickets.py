"""The console's JSON about tickets: listed, taken, handed on, answered."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.api.requests import body, number
from web.console.bodies import TicketAnswer, Transfer
from web.console.handling import ONE, check_form, only_agents, state_of
from web.console.login import agent
from web.desk import conversations, events, queue, tickets, ticketwork
from web.realtime.bus import tell
from web.services import services, utc_now

blueprint = Blueprint("desk_tickets", __name__, url_prefix="/desk/api")
blueprint.before_request(only_agents)
blueprint.before_request(check_form)


@blueprint.get("/tickets")
def listed() -> Response:
    """List the open tickets, a part of them."""
    web = services()
    skip, limit = number("from", 0, 0, 100_000), number("limit", tickets.LISTED, 1, 500)
    with web.database.read() as session:
        found = tickets.listed(session, web.contacts.hours, utc_now(), limit, skip)
        return jsonify({"tickets": found, "total": tickets.count(session)})


@blueprint.post(f"{ONE}/ticket/take")
def take(conversation_id: str) -> Response:
    """Take a ticket; 409 when a colleague has it."""
    web = services()
    with web.database.write() as session:
        ticketwork.take(session, conversation_id, agent(), utc_now(), web.settings.silence)
    tell(web.bus, conversation_id, desk=True)
    return state_of(web, conversation_id)


@blueprint.post(f"{ONE}/ticket/transfer")
def hand_on(conversation_id: str) -> Response:
    """Hand a ticket to a colleague, or back to all."""
    web = services()
    wish = body(Transfer)
    with web.database.write() as session:
        ticketwork.hand_on(session, conversation_id, agent(), wish.to, wish.note, utc_now())
    tell(web.bus, conversation_id, desk=True)
    return state_of(web, conversation_id)


@blueprint.post(f"{ONE}/answer-ticket")
def answer(conversation_id: str) -> tuple[Response, int]:
    """Answer a ticket; of several agents at once exactly one does."""
    web = services()
    sent = body(TicketAnswer)
    web.contacts.guard(conversation_id, sent.text)
    with web.database.write() as session:
        posted = tickets.answer(
            session,
            conversation_id,
            agent(),
            sent.client_id,
            sent.text,
            utc_now(),
            done=sent.then == "done",
        )
        conversation = conversations.find(session, conversation_id)
        shown = {
            "message": events.as_json(posted.message),
            "state": queue.state(session, conversation, utc_now(), web.settings.silence),
        }
    if posted.created:
        tell(web.bus, conversation_id, desk=True)
    return jsonify(shown), 201 if posted.created else 200
