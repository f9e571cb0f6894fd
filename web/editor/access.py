"""Who may come in: each role to its own parts, and first to what its account still owes."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, redirect, request, url_for
from flask_login import current_user

from web.accounts import factors, roles
from web.desk import sessions
from web.problems import problem
from web.services import services

OPEN = (
    "/desk/login", "/desk/logout", "/desk/static", "/console/static", "/editor/static",
    "/editor/login", "/account/static", "/account/code", "/account/oidc",
    "/account/passkeys/second", "/account/passkeys/enter",
)  # fmt: skip
# What an account that owes a password or a second factor may still open.
SETTING_UP = ("/account", "/editor/logout")


def register(app: Flask) -> None:
    """Keep roles apart, whatever routes are added to any part."""

    @app.before_request
    def keep_apart() -> Any:
        path = request.path
        part = roles.part_of(path)
        if part is None or path.startswith(OPEN):
            return None
        if not current_user.is_authenticated:
            if part == "/desk":
                return None  # the console's own handler knows what to say
            if path.startswith("/editor/api/"):
                return problem(401, "not-signed-in", title="Sign in at /editor/login")
            if path.startswith("/console/api/"):
                return problem(401, "not-signed-in", title="Sign in at /desk/login")
            sign_in = "editor.login" if part.startswith("/editor") else "console.login"
            return redirect(url_for(sign_in, next=path))
        role = current_user.agent.role
        if role not in roles.PARTS[part]:
            if "/api/" in path:
                wanted = roles.PARTS[part][0]
                return problem(403, "wrong-role", title=f"This needs the role {wanted}")
            if part == "/console":
                abort(403)  # a page that one was sent to, not a door that one came through
            return redirect(roles.HOMES[role])
        owed = _owed()
        if owed is None or part in SETTING_UP or path in SETTING_UP:
            return None
        if "/api/" in path:
            return problem(403, owed, title="See /account first")
        return redirect("/account/factor" if owed == "second-factor-needed" else "/account")


def _owed() -> str | None:
    """Say what the account has to do before anything else."""
    agent, web = current_user.agent, services()
    if agent.temporary:
        return "password-needed"
    if agent.role not in web.settings.second_factor:
        return None
    with web.database.read() as session:
        given = sessions.gave_second(session, current_user.token)
        return None if given or factors.any_of(session, agent.id) else "second-factor-needed"
