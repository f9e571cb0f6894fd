"""Where the wallet tells what happened: signed, taken once, however often it comes."""

from __future__ import annotations

from flask import Blueprint, Response, request

from web.api.requests import body
from web.desk.errors import NotFound
from web.problems import problem
from web.realtime.bus import tell
from web.services import services, utc_now
from web.wallet import looks, signing
from web.wallet.contract import Event

blueprint = Blueprint("wallet", __name__, url_prefix="/api/v1/wallet")


@blueprint.post("/events")
def take() -> tuple[str, int] | Response:
    """Take one event; 204 too for one that was taken before."""
    web = services()
    if web.helper is None:
        raise NotFound("no wallet is connected")
    now = utc_now()
    try:
        raw = request.get_data(cache=True)
        nonce = signing.check(
            web.settings.wallet_secret, "POST", request.path, dict(request.headers), raw, now
        )
    except signing.BadSignature as error:
        return problem(401, "bad-signature", str(error))
    event = body(Event)
    with web.database.write() as session:
        if not looks.take(session, f"nonce:{nonce}", now):
            return problem(401, "bad-signature", "this request was sent before")
        fresh = looks.take(session, f"event:{event.EventId}", now)
        concerned = web.helper.herald.tell(session, event, now) if fresh else []
    if event.CustomerId is not None:
        web.helper.wallet.forget(event.CustomerId)
    for conversation_id in concerned:
        tell(web.bus, conversation_id, desk=True)
    return "", 204
