"""Signing in and out: Flask-Login over sessions that the database knows and can end."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.wrappers import Response

from web.desk import agents
from web.desk.models import Agent
from web.offload import offload
from web.problems import problem
from web.services import services, utc_now


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
            agent = agents.of_session(database_session, token, utc_now())
        return SignedIn(agent, token) if agent else None

    @manager.unauthorized_handler
    def refuse() -> Any:
        if request.path.startswith("/desk/api/"):
            response = problem(401, "not-signed-in", title="Sign in at /desk/login")
            response.headers["WWW-Authenticate"] = "Session"
            return response
        return redirect(url_for("console.login", next=request.path))


def sign_in(name: str, password: str) -> None:
    """Sign an agent in with a session of their own; raises BadPassword, Throttled, Busy."""
    web = services()
    with web.admission.sign_ins.passing():
        signed_in = agents.sign_in(web.database, name, password, utc_now(), offload)
    session.clear()  # nothing that was planted before the password may live on, CSRF token included
    g.pop("csrf_token", None)
    login_user(SignedIn(signed_in.agent, signed_in.token))


def sign_out() -> Response:
    """End the session here and in the database."""
    if current_user.is_authenticated:
        with services().database.write() as database_session:
            agents.sign_out(database_session, current_user.token)
    session.clear()
    return cast(Response, redirect(url_for("console.login")))


def agent() -> Agent:
    """Return the agent who asks; only behind login_required."""
    return cast(Agent, current_user.agent)
