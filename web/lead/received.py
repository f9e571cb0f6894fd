"""What agents read of what leads wrote: their reviews at /desk/reviews, the rota at /desk/rota."""

from __future__ import annotations

from flask import Blueprint, request
from flask_login import login_required

from web.console import login as signing
from web.desk.reviews import lists, records
from web.lead import weeks
from web.lead.pages import page
from web.services import services, utc_now

blueprint = Blueprint("desk_reviews", __name__, url_prefix="/desk/reviews")
rota = Blueprint("desk_rota", __name__, url_prefix="/desk/rota")


@blueprint.get("")
@login_required
def mine() -> str:
    """Show the agent's reviews, the newest first; what was new is noted as seen."""
    web, me = services(), signing.agent()
    with web.database.read() as session:
        found = lists.judged(session, me.id)
    with web.database.write() as session:
        records.read_by_agent(session, me.id, utc_now())
    return page("lead/received.html", judged=found, form=web.review(), zone=web.contacts.hours.zone)


@rota.get("")
@login_required
def week() -> str:
    """Show a week of everybody's shifts, one's own marked."""
    return page("lead/rota.html", sheet=weeks.wished(request.args), mine=signing.agent().id)
