"""One's own account: the second factor, the password, where one is signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from web.accounts import factors, passkeys, roles, staff
from web.accounts.passwords import LONGEST, WeakPassword
from web.assets import Assets
from web.console import login as signing
from web.desk import agents, sessions
from web.desk.errors import BadPassword, Throttled
from web.desk.models import Agent
from web.desk.tokens import digest
from web.editor.page import assets as editor_assets
from web.official import badges
from web.offload import offload
from web.services import services, utc_now

blueprint = Blueprint("own_account", __name__, url_prefix="/account", template_folder="templates")
assets = Assets(Path(__file__).parent / "static")


@blueprint.get("/static/<revision>/<path:name>")
def static(revision: str, name: str) -> AnyResponse:
    """Serve the pages' style sheet."""
    return assets.send(revision, name)


@blueprint.get("/code")
def code() -> Any:
    """Ask for the second factor."""
    return _code() if signing.owing() else redirect(url_for("console.login"))


@blueprint.post("/code")
def enter() -> Any:
    """Check the second factor."""
    if signing.owing() is None:
        return redirect(url_for("console.login"), 303)
    try:
        kind = signing.complete(request.form.get("code", "")[:40])
    except BadPassword:
        gone = signing.owing() is None
        return redirect(url_for("console.login"), 303) if gone else (_code("wrong"), 401)
    except Throttled as error:
        after = {"Retry-After": str(error.retry_after)}
        return _code("throttled", error.retry_after), 429, after
    if kind is None:
        return redirect(url_for("console.login"), 303)
    if kind == "recovery":
        return redirect(url_for(".show", said="recovery"), 303)
    return redirect(_next(), 303)


@blueprint.get("")
def show() -> Any:
    """Show the account."""
    return _show(said=request.args.get("said"))


@blueprint.post("/password")
def change_password() -> Any:
    """Choose another password; the other sessions end."""
    web, me = services(), signing.agent()
    before = request.form.get("before", "")[:LONGEST]
    wished = request.form.get("password", "")
    if wished != request.form.get("again", ""):
        return _show(error="differ"), 422

    def work() -> None:
        with web.database.write() as session:
            mine = staff.find(session, me.id)
            staff.choose_password(session, mine, before, wished, keep=current_user.token)

    try:
        with web.admission.sign_ins.passing():
            offload(work)
    except WeakPassword as error:
        return _show(error=error.reason), 422
    except BadPassword:
        return _show(error="before"), 422
    with web.database.write() as session:
        signing.renew(session)
    return redirect(url_for(".show", said="password"), 303)


@blueprint.get("/factor")
def factor() -> Any:
    """Show what the authenticator scans, until the set-up is confirmed."""
    web, me = services(), signing.agent()
    with web.database.read() as session:
        if factors.has(session, me.id):
            return redirect(url_for(".show"))
    return _factor()


@blueprint.post("/factor")
def confirm() -> Any:
    """Let the second factor count; its recovery codes are shown this once."""
    web, me = services(), signing.agent()
    sent = request.form.get("code", "")[:40]
    try:
        with web.database.write() as session:
            codes = factors.confirm(session, web.contacts.vault, me.id, sent, utc_now())
            sessions.sign_out_everywhere(session, me.id, keep=current_user.token)
            signing.renew(session)
    except BadPassword:
        return _factor(error="wrong"), 422
    return page("accounts/codes.html", codes=codes)


@blueprint.post("/codes")
def renew() -> Any:
    """Draw other recovery codes; needs the password."""
    web, me = services(), signing.agent()
    if not _proven(me):
        return _show(error="before"), 422
    with web.database.write() as session:
        codes = factors.renew_codes(session, me.id) if factors.has(session, me.id) else []
    return page("accounts/codes.html", codes=codes) if codes else redirect(url_for(".show"), 303)


@blueprint.post("/factor/drop")
def drop() -> Any:
    """Take the second factor away; needs the password. Refused where the role needs one."""
    web, me = services(), signing.agent()
    if me.role in web.settings.second_factor:
        return _show(error="required"), 422
    if not _proven(me):
        return _show(error="before"), 422
    with web.database.write() as session:
        factors.drop(session, me.id)
    return redirect(url_for(".show", said="dropped"), 303)


@blueprint.post("/sessions/end")
def end() -> Any:
    """End one session, or all others."""
    web, me = services(), signing.agent()
    wish = request.form.get("session", "")
    with web.database.write() as session:
        if wish == "others":
            sessions.sign_out_everywhere(session, me.id, keep=current_user.token)
        else:
            sessions.end(session, me.id, wish[:64])
    return redirect(url_for(".show", said="ended"), 303)


def _proven(me: Agent) -> bool:
    sent = request.form.get("before", "")[:LONGEST]
    with services().admission.sign_ins.passing():
        return agents.is_password(me, sent, offload)


def _show(**values: Any) -> str:
    web, me, now = services(), signing.agent(), utc_now()
    with web.database.read() as session:
        shown = {
            "sessions": sessions.of_agent(session, me.id, now, web.settings.session_limits),
            "second": factors.has(session, me.id),
            "passkeys": passkeys.of_agent(session, me.id),
            "fresh": sessions.is_fresh(session, current_user.token, now),
            "codes_left": factors.codes_left(session, me.id),
            "badge": badges.of(me, web.settings.secret_key) if me.role in badges.ROLES else None,
        }
    known: dict[str, Any] = {"said": None, "error": None, **values}
    return page(
        "accounts/own.html",
        mine=digest(current_user.token),
        required=me.role in web.settings.second_factor,
        limits=web.settings.session_limits,
        **shown,
        **known,
    )


def _factor(error: str | None = None) -> str:
    web, me = services(), signing.agent()
    with web.database.write() as session:
        secret = factors.begin(session, web.contacts.vault, me.id)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page(
        "accounts/factor.html",
        picture=factors.picture(secret, me, web.brand().center),
        secret=grouped,
        required=me.role in web.settings.second_factor,
        error=error,
    )


def _code(error: str | None = None, retry_after: int | None = None) -> str:
    who = signing.owing()
    with services().database.read() as session:
        ways = {
            "codes": who is not None and factors.has(session, who.id),
            "keys": who is not None and passkeys.has(session, who.id),
        }
    return render_template(
        "accounts/code.html",
        revision=editor_assets.revision(),
        own_revision=assets.revision(),
        **ways,
        csrf_token=generate_csrf(),
        next=_next(),
        error=error,
        retry_after=retry_after,
    )


def page(template: str, **values: Any) -> str:
    """Render a page in the frame that all account pages share."""
    me = signing.agent()
    return render_template(
        template,
        revision=editor_assets.revision(),
        own_revision=assets.revision(),
        me=me,
        home=roles.HOMES[me.role],
        parts=roles.PARTS,
        csrf_token=generate_csrf(),
        **values,
    )


def _next() -> str:
    """Return where to go after signing in: within one of the parts."""
    return signing.safe_next(request.values.get("next", "")) or "/account"
