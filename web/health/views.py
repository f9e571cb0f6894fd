"""/livez, /readyz and /metrics."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from web import announcements
from web.desk import queue
from web.health import metrics
from web.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
def live() -> Response:
    """Say that the process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether customers can be served, and which part is missing.

    503 without the database. Without bot, search or bus the service is degraded: people can
    still be reached, so it stays in rotation.
    """
    web = services()
    checks: dict[str, dict[str, Any]] = {}
    try:
        web.database.ping()
        checks["database"] = {"ok": True, "kind": web.database.engine.dialect.name}
    except SQLAlchemyError as error:
        checks["database"] = {"ok": False, "reason": type(error).__name__}
    checks["search"] = {"ok": web.engine is not None}
    if web.engine is not None:
        checks["search"]["faqs"] = len(web.engine.faqs())
        # Bad files keep nobody from being served: their last good versions are.
        checks["search"]["generation"] = web.engine.generation.name
        told = [str(problem) for problem in web.engine.problems]
        checks["search"]["problems"] = [*told, *announcements.problems(web.settings.data)][:50]
    checks["bot"] = {"ok": web.bot.is_up()}
    checks["bus"] = {"ok": web.bus.is_up()}
    if not checks["database"]["ok"]:
        status = "unready"
    else:
        status = "ready" if all(check["ok"] for check in checks.values()) else "degraded"
    body = jsonify({"status": status, "checks": checks})
    return body, 503 if status == "unready" else 200


@blueprint.get("/metrics")
def numbers() -> Response:
    """Give the numbers."""
    web = services()
    with web.database.read() as session:
        waiting = queue.waiting(session)
    return Response(metrics.render(waiting), content_type=CONTENT_TYPE_LATEST)
