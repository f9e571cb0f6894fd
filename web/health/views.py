"""/livez, /readyz and /metrics."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from web.health import metrics
from web.problems import problem
from web.services import services

blueprint = Blueprint("health", __name__)
# A proxy on this machine that is not told of by XIAOHU_PROXIES leaves these.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


@blueprint.get("/livez")
def live() -> Response:
    """Say that the process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether customers can be served, and to operators which part is missing.

    503 without the database. Without bot, search, bus or disk the service is degraded: people can
    still be reached, so it stays in rotation.
    """
    checks = services().checks.results()
    if not checks["database"]["ok"]:
        status = "unready"
    else:
        status = "ready" if all(check["ok"] for check in checks.values()) else "degraded"
    shown: dict[str, Any] = {"status": status}
    if _is_operator():
        shown["checks"] = checks
    return jsonify(shown), 503 if status == "unready" else 200


@blueprint.get("/metrics")
def numbers() -> Response:
    """Give the numbers to operators."""
    if not _is_operator():
        return problem(403, "operators-only", title="Ask from this machine or with the token")
    return Response(metrics.render(services()), content_type=CONTENT_TYPE_LATEST)


def _is_operator() -> bool:
    """Tell whether a request comes from this machine itself or brings the operators' token."""
    token = services().settings.ops_token
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and kind.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), token.encode())
    if not services().settings.proxies and any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
