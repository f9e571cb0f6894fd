"""The console's pages: sign in, the desk, sign out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf

from web import flows
from web.accounts import door
from web.console import login as signing
from web.desk.reviews import records
from web.services import services

blueprint = Blueprint(
    "console",
    __name__,
    url_prefix="/desk",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)

FORM = "console/login.html"


@blueprint.get("/login")
def login() -> Any:
    """Show the form."""
    if current_user.is_authenticated:
        return redirect(_next())
    return door.show(FORM, _next())


@blueprint.post("/login")
def enter() -> Any:
    """Check name and password."""
    return door.check(FORM, _next())


@blueprint.post("/logout")
def leave() -> Any:
    """Sign out."""
    return signing.sign_out()


@blueprint.get("/flow-words.js")
def flow_words() -> Any:
    """Serve what agents read of the guided flows, as their files say now."""
    return flows.as_module(services().flows)


@blueprint.get("")
@blueprint.get("/")
@login_required
def desk() -> Any:
    """Show the desk."""
    agent = signing.agent()
    with services().database.read() as session:
        unseen = records.count_unseen(session, agent.id)
    return render_template(
        "console/desk.html",
        agent={"id": agent.id, "name": agent.display, "lead": agent.role == "lead"},
        reviews=unseen,
        csrf_token=generate_csrf(),
        wallet=services().helper is not None,
        second=" ".join(services().settings.wallet_second),
    )


def _next() -> str:
    """Return where to go after signing in; never out of the console."""
    wish = request.values.get("next", "")
    inside = wish == "/desk" or wish.startswith(("/desk/", "/console/"))
    safe = inside and wish.isascii() and wish.isprintable() and "\\" not in wish
    return wish if safe and not wish.startswith("/desk/log") else url_for("console.desk")
