"""The service worker, and the page that an email's or a notification's link opens."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, make_response, render_template

from web import headers
from web.widget.views import HERE as WIDGET
from web.widget.views import OUTSIDE, assets

HERE = Path(__file__).parent
blueprint = Blueprint("notifications", __name__)


@blueprint.get("/reach/worker.js")
def worker() -> Response:
    """Serve the service worker; browsers look for a newer one by themselves."""
    text = (HERE / "static" / "worker.js").read_text("utf-8")
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/letter")
def email() -> Response:
    """Serve the page of one conversation's thread; which one stands behind the #, for it alone."""
    script = (WIDGET / "static" / "letter.js").read_text("utf-8")
    style = (WIDGET / "static" / "app.css").read_text("utf-8")
    headers.allow_inline(script=script, style=style)
    page = render_template(
        "widget/app.html",
        revision=assets.revision(), parents="", script=script, style=style,
        outside=[name.removeprefix("./") for name in OUTSIDE],
    )  # fmt: skip
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
