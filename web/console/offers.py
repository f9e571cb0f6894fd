"""The console's JSON about a case that rings at an agent: it is taken, or passed on once."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_login import login_required

from web.console.handling import state_of
from web.console.login import agent
from web.desk.handout import offers
from web.realtime.bus import tell
from web.services import services, utc_now

blueprint = Blueprint("desk_offers", __name__, url_prefix="/desk/api")


@blueprint.before_request
@login_required
def only_agents() -> None:
    """Let only signed-in agents in."""


@blueprint.post("/offers/<int:offer_id>/accept")
def accept(offer_id: int) -> Response:
    """Take the case; 409 when the offer is over or one has as many chats as one takes."""
    web = services()
    with web.database.write() as session:
        taken = offers.accept(session, offer_id, agent(), utc_now())
    tell(web.bus, taken, moved=True)
    return state_of(web, taken)


@blueprint.post("/offers/<int:offer_id>/decline")
def decline(offer_id: int) -> tuple[str, int]:
    """Pass the case on; 409 when the offer is over, or it was passed on before."""
    web = services()
    with web.database.write() as session:
        offers.decline(session, offer_id, agent(), utc_now())
    web.bus.publish("desk")
    return "", 204
