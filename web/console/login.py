"""Signing in and out: Flask-Login over sessions that the database knows and can end."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, after_this_request, g, redirect, request, session, url_for
from flask import Response as Answer
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.orm import Session as DatabaseSession
from werkzeug.wrappers import Response

from web.accounts import factors, roles
from web.accounts.devices import known, remember
from web.desk import agents, attendance, guessing, sessions
from web.desk.errors import BadPassword
from web.desk.guessing import Origin
from web.desk.models import Agent
from web.limits import caller
from web.offload import offload
from web.problems import problem
from web.services import services, utc_now

OWING = "owing"  # in the cookie: the secret of the session that still owes its second factor
KNOWN = 2  # sign-ins at once, beyond the limit, of browsers that were signed in before
BY_ITSELF = ("/heartbeat", "/read", "/stream")


class SignedIn(UserMixin):
    """The agent of a session. Flask-Login keeps the session's secret in the signed cookie."""

    def __init__(self, agent: Agent, token: str) -> None:
        self.agent = agent
        self.token = token

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


def register(app: Flask) -> None:
    """Let Flask-Login find agents."""
    manager = LoginManager(app)
    manager.session_protection = None  # phones change address; the cookie itself is the secret

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        web = services()
        with web.database.read() as database_session:
            agent = sessions.of_session(
                database_session, token, utc_now(), web.settings.session_limits
            )
        if agent is not None and _by_a_person():
            attendance.note_use(web.database, token, utc_now())
        return SignedIn(agent, token) if agent else None

    @manager.unauthorized_handler
    def refuse() -> Any:
        if request.path.startswith("/desk/api/"):
            response = problem(
                401, "not-signed-in", title="Sign in at /desk/login", expired=expired()
            )
            response.headers["WWW-Authenticate"] = "Session"
            return response
        return redirect(url_for("console.login", next=request.path))


def sign_in(name: str, password: str) -> bool:
    """Sign an agent in with a session of their own; raises BadPassword, Throttled, Busy.

    Returns whether that was all; otherwise the second factor is owed (see `complete`).
    """
    web = services()
    local = web.settings.local_sign_in
    if local is not None and name.strip().casefold() not in local:
        raise BadPassword("this account signs in at the provider")
    # Whoever signed in here before finds a place, however many strangers try.
    reserve = KNOWN if known(name) else 0
    with web.admission.sign_ins.passing(reserve, caller()):
        signed_in = agents.sign_in(
            web.database,
            name,
            password,
            utc_now(),
            offload,
            origin=origin(name),
            limits=web.settings.session_limits,
            owes_code=factors.any_of,
        )
    return enter(signed_in)


def enter(signed_in: sessions.SignedIn) -> bool:
    """Let this browser in; returns whether that was all, or the second factor is owed."""
    if signed_in.whole:
        _enter(signed_in.agent, signed_in.token)
    else:
        session[OWING] = signed_in.token
    return signed_in.whole


def safe_next(wish: str) -> str | None:
    """Return where somebody wished to go after signing in, if it lies within one of the parts."""
    part = roles.part_of(wish)
    safe = part is not None and wish.isascii() and wish.isprintable() and "\\" not in wish
    ways = any(way in wish for way in ("/log", "/code", "/oidc", "/passkeys"))
    return wish if safe and not ways else None


def renew(database_session: DatabaseSession) -> None:
    """Put this browser's session under a new secret, after the account's own secrets changed."""
    who = agent()
    token = sessions.renew(database_session, current_user.token)
    _enter(who, token)


def owing() -> Agent | None:
    """Return whose second factor is owed here; None when none is, or it is too late."""
    with services().database.read() as database_session:
        return sessions.owing(database_session, session.get(OWING, ""), utc_now())


def complete(code: str) -> str | None:
    """Sign in whose second factor is owed here; raises BadPassword, Throttled.

    Returns which kind of code it was; None when it is too late, and the password is asked for.
    """
    web, token, now = services(), session.get(OWING, ""), utc_now()
    who = owing()
    if who is None:
        return None
    with web.database.write() as database_session:
        guessing.count(database_session, f"code:{who.name}", origin(who.name), now)
    try:
        with web.database.write() as database_session:
            kind = factors.check(database_session, web.contacts.vault, who.id, code, now)
            whole = sessions.complete(database_session, token, now, origin(who.name))
            guessing.forgive(database_session, f"code:{who.name}", origin(who.name))
    except BadPassword:
        with web.database.write() as database_session:
            sessions.count_code(database_session, token)
        raise
    if whole is None:
        return None
    _enter(who, whole)
    return kind


def completed(who: Agent) -> bool:
    """Let in whose second factor was given otherwise than by a code; False when it is too late."""
    with services().database.write() as database_session:
        token = session.get(OWING, "")
        whole = sessions.complete(database_session, token, utc_now(), origin(who.name))
    if whole is None:
        return False
    _enter(who, whole)
    return True


def token() -> str:
    """Return the secret of this browser's session; only behind login_required."""
    return cast(str, current_user.token)


def origin(name: str) -> Origin:
    """Say where this request comes from, for an account."""
    return Origin(
        address=request.remote_addr or "",
        device=known(name),
        browser=(request.user_agent.string or "")[:64],
    )


def expired() -> bool:
    """Tell whether this browser was signed in and no longer is."""
    return "_user_id" in session and not current_user.is_authenticated


def _enter(who: Agent, token: str) -> None:
    session.clear()  # nothing that was planted before the password may live on, CSRF token included
    g.pop("csrf_token", None)
    login_user(SignedIn(who, token))

    @after_this_request
    def mark(response: Answer) -> Answer:
        remember(response, who.name)
        return response


def _by_a_person() -> bool:
    """Tell a person's doing from what an open page does by itself."""
    if request.path.endswith(BY_ITSELF):
        return False
    return request.method != "GET" or "/api/" not in request.path


def sign_out() -> Response:
    """End the session here and in the database."""
    if current_user.is_authenticated:
        with services().database.write() as database_session:
            sessions.sign_out(database_session, current_user.token)
    session.clear()
    return redirect(url_for("console.login"))


def agent() -> Agent:
    """Return the agent who asks; only behind login_required."""
    return cast(Agent, current_user.agent)
