"""The page behind the link in the text message: opened, it confirms; it also undoes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from web.desk import bookings, proofs
from web.desk.bookings import Callback
from web.desk.errors import NotFound, WrongState
from web.helpcenter import site
from web.helpcenter.views import assets as pages
from web.realtime.bus import tell
from web.services import services, utc_now

blueprint = Blueprint(
    "proof",
    __name__,
    url_prefix="/callback",
    template_folder="templates",
    static_folder=str(Path(__file__).parent / "static"),
    static_url_path="/static",
)


@blueprint.get("/<token>")
def show(token: str) -> Any:
    """Show what the link is about. Whoever only looks (a preview) confirms nothing."""
    web = services()
    web.openings.take_here("proof:")
    with web.database.read() as session:
        try:
            return _page(token, proofs.of_link(session, token[:64]))
        except NotFound:
            return _page(token, None), 404


@blueprint.post("/<token>")
def confirm(token: str) -> Any:
    """Confirm the booking; the page's script does it by itself, so that one tap is enough."""
    return _done(token, undo=False)


@blueprint.post("/<token>/undo")
def undo(token: str) -> Any:
    """Undo what the number's owner did not book."""
    return _done(token, undo=True)


def text_of(callback: Callback, token: str) -> str:
    """Write the message with its link."""
    base = services().settings.base_url.rstrip("/")
    link = f"{base}/callback/{token}"
    minutes = int(proofs.HOLD.total_seconds() // 60)
    told = render_template("proof/message.txt", link=link, minutes=minutes)
    return " ".join(told.split())


def _done(token: str, *, undo: bool) -> Any:
    web = services()
    web.openings.take_here("proof:")
    step = proofs.refuse if undo else proofs.prove
    try:
        with web.database.write() as session:
            callback = step(session, token[:64], utc_now())
    except NotFound:
        return _page(token, None), 404
    except WrongState:
        with web.database.read() as session:
            return _page(token, proofs.of_link(session, token[:64])), 409
    tell(web.bus, callback.conversation_id, desk=True)
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"state": callback.state})
    return _page(token, callback)


def _page(token: str, callback: Callback | None) -> Response:
    late = callback is not None and (
        callback.state == "lapsed"
        or (callback.state == bookings.UNPROVEN and not _in_time(callback))
    )
    page = make_response(
        render_template(
            "proof/page.html",
            asset_revision=pages.revision(),
            callback=callback,
            late=late,
            token=token[:64],
            zone=services().contacts.hours.zone,
            **site.context(),
        )
    )
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _in_time(callback: Callback) -> bool:
    return callback.proof_until is not None and callback.proof_until > utc_now()
