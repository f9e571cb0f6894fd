"""Browsers that have signed in before, by a signed cookie: nobody else's failures hold them up."""

from __future__ import annotations

import secrets
from typing import cast

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "known"
LIFE = 180 * 86_400  # seconds
MOST = 5  # accounts a browser, the newest


def known(name: str) -> str:
    """Return the mark under which this browser signed in to an account; empty when it never did."""
    return _read().get(name.strip().casefold(), "")


def remember(response: Response, name: str) -> None:
    """Mark the browser as one that has signed in to an account."""
    marks = _read()
    mine = marks.pop(name, "") or secrets.token_urlsafe(12)
    kept = dict([*list(marks.items())[-(MOST - 1) :], (name, mine)])
    response.set_cookie(
        COOKIE,
        str(_box().dumps(kept)),
        max_age=LIFE,
        path=f"{request.script_root}/",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def _read() -> dict[str, str]:
    try:
        marks = _box().loads(request.cookies.get(COOKIE, ""), max_age=LIFE)
    except BadData:
        return {}
    return marks if isinstance(marks, dict) else {}


def _box() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cast(str, current_app.config["SECRET_KEY"]), salt="known browser")
