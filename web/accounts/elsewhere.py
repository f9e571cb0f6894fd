"""The pages of signing in elsewhere: to the provider of OpenID Connect, back, and out."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, abort, redirect, request, session, url_for
from sqlalchemy.orm import Session

from web.accounts import factors, outside
from web.accounts.oidc import Away, Client, Person, Refused
from web.accounts.roles import HOMES
from web.accounts.staff import BadName
from web.audit import chain
from web.audit.chain import Deed
from web.console import login as signing
from web.desk import sessions
from web.desk.errors import NameTaken
from web.services import services, utc_now

log = logging.getLogger(__name__)
blueprint = Blueprint("own_oidc", __name__, url_prefix="/account/oidc")
KEPT = "oidc"  # in the cookie: what is compared with what comes back
SAID = {
    outside.Unknown: "oidc-unknown", outside.NoRole: "oidc-role", outside.Closed: "oidc-closed",
    NameTaken: "oidc-taken", BadName: "oidc-unknown",
}  # fmt: skip


@blueprint.get("/go")
def go() -> Any:
    """Send the browser to the provider."""
    try:
        place, kept = _client().begin(_here("/account/oidc/back"), utc_now())
    except Away as error:
        return _failed("oidc-away", error)
    session[KEPT] = {**kept, "next": request.args.get("next", "")[:500]}
    return redirect(place, 303)


@blueprint.get("/back")
def back() -> Any:
    """Sign in whom the provider vouches for; what came back is good once."""
    web, now, client = services(), utc_now(), _client()
    kept = session.pop(KEPT, None) or {}
    try:
        person = client.finish(request.args, kept, now)
    except Away as error:
        return _failed("oidc-away", error)
    except Refused as error:
        return _failed("oidc-refused", error)

    def work() -> sessions.SignedIn:
        with web.database.write() as database_session:
            found = outside.find(database_session, client.provider, person, now)
            _record(database_session, found, person)
            owes = factors.any_of(database_session, found.agent.id) and not person.second
            return sessions.admit(
                database_session,
                found.agent,
                now,
                signing.origin(found.agent.name),
                whole=not owes,
                second=person.second,
            )

    try:
        signed_in = work()
    except tuple(SAID) as error:
        _note("sign-in-refused", person)
        return _failed(SAID[type(error)], error)
    after = signing.safe_next(str(kept.get("next", ""))) or HOMES[signed_in.agent.role]
    if not signing.enter(signed_in):
        return redirect(url_for("own_account.code", next=after), 303)
    _note("sign-in", person, signed_in)
    return redirect(after, 303)


@blueprint.get("/out")
def out() -> Any:
    """End the session at the provider too."""
    return redirect(_client().leave(_here("/desk/login"), utc_now()), 303)


def _client() -> Client:
    client = services().oidc
    if client is None:
        abort(404)
    return client


def _here(path: str) -> str:
    base = services().settings.base_url or request.host_url
    return base.rstrip("/") + path


def _failed(error: str, why: Exception) -> Any:
    log.warning("sign-in by the provider: %s: %s", type(why).__name__, why)
    return redirect(url_for("console.login", error=error), 303)


def _record(database_session: Session, found: outside.Found, person: Person) -> None:
    if found.changed:
        action = "account-add" if found.changed == "added" else "account-change"
        about = f"{found.agent.name} {found.agent.role}"
        deed = Deed("oidc", action, about, address=request.remote_addr or "", reason=person.subject)
        chain.append(database_session, deed, utc_now())


def _note(action: str, person: Person, who: sessions.SignedIn | None = None) -> None:
    name, role = (who.agent.name, who.agent.role) if who else ("", "")
    about = "" if who else f"oidc {person.subject}"
    deed = Deed(name, action, about, role=role, address=request.remote_addr or "")
    with services().database.write() as database_session:
        chain.append(database_session, deed, utc_now())
