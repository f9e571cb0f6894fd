"""Who may come in: editors to /editor, agents to /desk, nobody to both."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request, url_for
from flask_login import current_user

from web.problems import problem

OPEN = ("/desk/login", "/desk/logout", "/desk/static", "/editor/static", "/editor/login")


def register(app: Flask) -> None:
    """Keep roles apart, whatever routes are added to either part."""

    @app.before_request
    def keep_apart() -> Any:
        path = request.path
        part = next((part for part in ("/desk", "/editor") if _below(path, part)), None)
        if part is None or path.startswith(OPEN):
            return None
        if not current_user.is_authenticated:
            if part == "/desk":
                return None  # the console's own handler knows what to say
            if path.startswith("/editor/api/"):
                return problem(401, "not-signed-in", title="Sign in at /editor/login")
            return redirect(url_for("editor.login", next=path))
        wanted = "editor" if part == "/editor" else "agent"
        if current_user.agent.role == wanted:
            return None
        if "/api/" in path:
            return problem(403, "wrong-role", title=f"This needs the role {wanted}")
        return redirect("/desk" if part == "/editor" else "/editor")


def _below(path: str, part: str) -> bool:
    return path == part or path.startswith(part + "/")
