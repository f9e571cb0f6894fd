"""The console's pages: sign in, the desk, sign out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf

from web import flows
from web.accounts.own import assets as own_assets
from web.console import login as signing
from web.desk.errors import BadPassword, Throttled
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

# What a sign-in elsewhere may say when it sends back here.
SAID = ("oidc-unknown", "oidc-role", "oidc-closed", "oidc-taken", "oidc-refused", "oidc-away")


@blueprint.get("/login")
def login() -> Any:
    """Show the form."""
    if current_user.is_authenticated:
        return redirect(_next())
    return _form()


@blueprint.post("/login")
def enter() -> Any:
    """Check name and password."""
    name = request.form.get("name", "")[:64]
    password = request.form.get("password", "")[:256]
    try:
        whole = signing.sign_in(name, password)
    except BadPassword:
        return _form(error="wrong", username=name), 401
    except Throttled as error:
        page = _form(error="throttled", username=name, retry_after=error.retry_after)
        return page, 429, {"Retry-After": str(error.retry_after)}
    return redirect(_next() if whole else url_for("own_account.code", next=_next()), 303)


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


def _form(**values: Any) -> str:
    said = request.args.get("error", "")
    known: dict[str, Any] = {
        "error": said if said in SAID else "expired" if signing.expired() else None,
        "oidc": services().oidc is not None,
        "own_revision": own_assets.revision(),
        "local": services().settings.local_sign_in is None,
        "username": "",
        "retry_after": None,
        **values,
    }
    return render_template("console/login.html", csrf_token=generate_csrf(), next=_next(), **known)


def _next() -> str:
    """Return where to go after signing in; never out of the console."""
    wish = request.values.get("next", "")
    inside = wish == "/desk" or wish.startswith(("/desk/", "/console/"))
    safe = inside and wish.isascii() and wish.isprintable() and "\\" not in wish
    return wish if safe and not wish.startswith("/desk/log") else url_for("console.desk")
