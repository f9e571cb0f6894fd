"""Passkeys on the pages: adding and removing one's own, giving one as second factor, or alone."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, jsonify, redirect, request, session, url_for
from sqlalchemy.orm import Session

from web.accounts import factors, passkeys
from web.accounts.passkeys import BadPasskey, Copied, Full, Place
from web.audit import chain
from web.audit.chain import Deed
from web.console import login as signing
from web.desk import sessions
from web.desk.models import Agent
from web.problems import problem
from web.services import services, utc_now

blueprint = Blueprint("own_passkeys", __name__, url_prefix="/account/passkeys")
Found = TypeVar("Found")
KEPT = "passkey"  # in the cookie: the challenge that is to be answered
LONGEST = 20_000  # bytes of an answer


@blueprint.post("/begin")
def begin() -> Any:
    """Say what passkey is to be made, to whom has just signed in."""
    me, now = signing.agent(), utc_now()
    with services().database.read() as database_session:
        if me.temporary or not sessions.is_fresh(database_session, signing.token(), now):
            return problem(403, "sign-in-again", title="Sign in again first")
        kept = passkeys.draw("add", now)
        try:
            options = passkeys.to_add(database_session, me, _place(), kept)
        except Full:
            return problem(409, "too-many-passkeys", title="Remove one first")
    return _asked(kept, options)


@blueprint.post("/add")
def add() -> Any:
    """Keep the passkey that the browser made."""
    web, me, now = services(), signing.agent(), utc_now()
    kept, sent = _answer()

    def work(database_session: Session) -> None:
        if me.temporary or not sessions.is_fresh(database_session, signing.token(), now):
            raise BadPasskey("signed in too long ago")
        name = str(sent.get("name") or "")
        passkeys.add(database_session, me, _place(), kept, sent.get("credential") or {}, name, now)
        sessions.sign_out_everywhere(database_session, me.id, keep=signing.token())
        sessions.note_second(database_session, signing.token())

    try:
        _checked(work)
    except BadPasskey:
        return problem(422, "bad-passkey", title="This passkey can't be used")
    with web.database.write() as database_session:
        signing.renew(database_session)
    g.said = (str(sent.get("name") or "")[:64], "")
    return jsonify({"next": url_for("own_account.show", said="passkey")})


@blueprint.post("/<int:passkey_id>/name")
def rename(passkey_id: int) -> Any:
    """Give one of one's passkeys another name."""
    with services().database.write() as database_session:
        name = request.form.get("name", "")
        passkeys.rename(database_session, signing.agent().id, passkey_id, name)
    return redirect(url_for("own_account.show"), 303)


@blueprint.post("/<int:passkey_id>/remove")
def remove(passkey_id: int) -> Any:
    """Take one of one's passkeys away; not the last factor where the role needs one."""
    web, me = services(), signing.agent()
    with web.database.write() as database_session:
        last = len(passkeys.of_agent(database_session, me.id)) == 1
        needed = me.role in web.settings.second_factor
        if last and needed and not factors.has(database_session, me.id):
            return redirect(url_for("own_account.show", said="last"), 303)
        passkeys.remove(database_session, me.id, passkey_id)
    return redirect(url_for("own_account.show", said="passkey-off"), 303)


@blueprint.post("/second/begin")
def begin_second() -> Any:
    """Ask for a passkey of whose password was right."""
    who = signing.owing()
    if who is None:
        return problem(401, "too-late", title="Sign in again")
    kept = passkeys.draw("second", utc_now())
    with services().database.read() as database_session:
        return _asked(kept, passkeys.to_prove(database_session, who, _place(), kept))


@blueprint.post("/second")
def second() -> Any:
    """Take a passkey as second factor."""
    who = signing.owing()
    if who is None:
        return problem(401, "too-late", title="Sign in again")
    return _enter(who, lambda one: signing.completed(one))


@blueprint.post("/enter/begin")
def begin_enter() -> Any:
    """Ask for any passkey of this site."""
    kept = passkeys.draw("enter", utc_now())
    with services().database.read() as database_session:
        return _asked(kept, passkeys.to_prove(database_session, None, _place(), kept))


@blueprint.post("/enter")
def enter() -> Any:
    """Sign in whoever's passkey it is: what they have, and a finger or PIN."""
    return _enter(None, _admitted)


def _enter(who: Agent | None, let_in: Callable[[Agent], bool]) -> Any:
    kept, sent = _answer()
    now, place = utc_now(), _place()
    credential = sent.get("credential")
    credential = credential if isinstance(credential, dict) else {}

    def work(database_session: Session) -> Agent:
        return passkeys.prove(database_session, who, place, kept, credential, now)

    try:
        owner = _checked(work)
        local = services().settings.local_sign_in
        if local is not None and owner.name not in local:
            raise BadPasskey("this account signs in at the provider")
        if not let_in(owner):
            return problem(401, "too-late", title="Sign in again")
    except Copied as error:
        _note_copy(str(error))
        return problem(401, "bad-passkey", title="This passkey can't be used")
    except BadPasskey:
        return problem(401, "bad-passkey", title="This passkey can't be used")
    after = signing.safe_next(str(sent.get("next") or "")) or "/account"
    return jsonify({"next": after})


def _admitted(owner: Agent) -> bool:
    with services().database.write() as database_session:
        admitted = sessions.admit(
            database_session, owner, utc_now(), signing.origin(owner.name), whole=True, second=True
        )
    return signing.enter(admitted)


def _checked(work: Callable[[Session], Found]) -> Found:
    """Check what was answered; an answer that was wrong is spent, too."""
    wrong: BadPasskey | None = None
    with services().database.write() as database_session:
        try:
            return work(database_session)
        except BadPasskey as error:
            wrong = error  # raised below: the challenge stays spent
    raise wrong


def _asked(kept: dict[str, Any], options: str) -> Response:
    session[KEPT] = kept
    return Response(options, content_type="application/json")


def _answer() -> tuple[dict[str, Any], dict[str, Any]]:
    kept = session.pop(KEPT, None) or {}
    if (request.content_length or 0) > LONGEST:
        return kept, {}
    try:
        return kept, passkeys.read(request.get_data())
    except BadPasskey:
        return kept, {}


def _place() -> Place:
    """Say where passkeys are good: at the public address, on this machine where it was asked."""
    base = urlsplit(services().settings.base_url)
    if not base.hostname or _is_address(base.hostname):
        base = urlsplit(request.host_url)
    origin = f"{base.scheme}://{base.netloc}"
    return Place(base.hostname or "", origin, services().brand().center)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _note_copy(about: str) -> None:
    deed = Deed("", "passkey-copied", about, address=request.remote_addr or "")
    with services().database.write() as database_session:
        chain.append(database_session, deed, utc_now())
