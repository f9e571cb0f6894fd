"""The sandbox over HTTP: the contract's paths, and a few of its own below /sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request

from sandbox import faults
from sandbox.book import Unknown
from sandbox.signing import Gate
from sandbox.store import TAKES, OtherBody, Store

PAGE, MOST = 25, 100


class Refused(Exception):
    """A request that is answered with a problem."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


def create_app(
    store: Store,
    secret: str,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    nonce: str = "",
) -> Flask:
    """Make the application. nonce: the word by which a supervisor knows this start."""
    app = Flask("sandbox")
    gate = Gate(secret)
    broken = faults.Faults()
    app.extensions["faults"] = broken

    @app.before_request
    def check() -> Response | None:
        if request.path in ("/livez", "/readyz"):
            return None
        # as sent: what was signed is the path before anybody decoded it
        path = request.environ["RAW_URI"]
        body, headers = request.get_data(), dict(request.headers)
        why = gate.refuse(request.method, path, headers, body, now().timestamp())
        if why is not None:
            return _problem(401, why)
        if not request.path.startswith("/sandbox/"):
            return broken.before()
        return None

    @app.after_request
    def finish(response: Response) -> Response:
        if nonce:
            response.headers["X-Start-Nonce"] = nonce
        if request.path.startswith("/customers/") and response.status_code == 200:
            broken.after(response)
        return response

    @app.errorhandler(Unknown)
    def unknown(_: Unknown) -> Response:
        return _problem(404, "there is no such thing")

    @app.errorhandler(OtherBody)
    def other(_: OtherBody) -> Response:
        return _problem(409, "the key was used for another request")

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return _problem(error.status, str(error))

    @app.get("/readyz")
    @app.get("/livez")
    def alive() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/customers/<customer>/transactions")
    def transactions(customer: str) -> dict[str, Any]:
        found = store.transactions(customer)
        after, before = _moment("FromDateTime"), _moment("ToDateTime")
        if after is not None:
            found = [one for one in found if datetime.fromisoformat(one["DateTime"]) >= after]
        if before is not None:
            found = [one for one in found if datetime.fromisoformat(one["DateTime"]) < before]
        limit, start = _number("Limit", PAGE, 1, MOST), _number("Cursor", 0, 0, 10**6)
        more = start + limit < len(found)
        following = str(start + limit) if more else None
        return {
            "Data": {"Transaction": found[start : start + limit]},
            "Links": {"Next": following},
            "Meta": _meta(customer),
        }

    @app.get("/customers/<customer>/transactions/<wanted>")
    def transaction(customer: str, wanted: str) -> dict[str, Any]:
        return {"Data": store.transaction(customer, wanted), "Meta": _meta(customer)}

    @app.get("/customers/<customer>/account")
    def account(customer: str) -> dict[str, Any]:
        return {"Data": store.account(customer), "Meta": _meta(customer)}

    @app.get("/customers/<customer>/cards")
    def cards(customer: str) -> dict[str, Any]:
        return {"Data": {"Card": store.cards(customer)}, "Meta": _meta(customer)}

    @app.get("/incidents")
    def incidents() -> dict[str, Any]:
        return {"Data": {"Incident": store.incidents()}}

    @app.post("/customers/<customer>/requests")
    def make(customer: str) -> tuple[dict[str, Any], int]:
        key = request.headers.get("Idempotency-Key", "")
        if not 8 <= len(key) <= 128:
            raise Refused(400, "no Idempotency-Key")
        wish = request.get_json(silent=True)
        if not isinstance(wish, dict) or wish.get("Kind") not in TAKES:
            raise Refused(422, "no request of that kind")
        if wish["Kind"] in ("Refund", "Dispute") and not wish.get("TransactionId"):
            raise Refused(422, "TransactionId is missing")
        kept = {name: wish.get(name) for name in ("Kind", "TransactionId", "Note")}
        return {"Data": store.request(customer, key, kept, now()), "Meta": _meta(customer)}, 202

    @app.get("/customers/<customer>/requests/<wanted>")
    def requested(customer: str, wanted: str) -> dict[str, Any]:
        return {"Data": store.requested(customer, wanted), "Meta": _meta(customer)}

    @app.post("/sandbox/faults")
    def break_something() -> tuple[str, int]:
        wish = request.get_json(silent=True) or {}
        broken.set(str(wish.get("fault", "")), int(wish.get("times", 1)))
        return "", 204

    @app.post("/sandbox/tell")
    def tell() -> tuple[str, int]:
        wish = request.get_json(silent=True) or {}
        who, what = str(wish.get("customer", "")), str(wish.get("event", "suspicious"))
        if what == "incident":
            store.end_incident(str(wish.get("id", "")), now())
        elif what == "refund":
            store.credit_refund(who, str(wish.get("id", "")), now())
        else:
            chosen = {one["id"]: one["suspicious"] for one in store.customers()}.get(who)
            shown = store.transaction(who, str(wish.get("id") or chosen))
            store.outbox.tell("transaction.suspicious", who, now(), Transaction=shown)
        return "", 204

    @app.get("/sandbox/customers")
    def everybody() -> dict[str, Any]:
        return {"customers": store.customers()}

    def _meta(customer: str) -> dict[str, str]:
        return {"CustomerId": customer, "AsOf": now().isoformat(timespec="seconds")}

    return app


def _problem(status: int, title: str) -> Response:
    body = {"type": "about:blank", "title": title, "status": status}
    return Response(json.dumps(body), status, content_type="application/problem+json")


def _number(name: str, default: int, low: int, high: int) -> int:
    raw = request.args.get(name, str(default))
    if not (raw.isascii() and raw.isdigit() and low <= int(raw) <= high):
        raise Refused(422, f"{name} is no number from {low} to {high}")
    return int(raw)


def _moment(name: str) -> datetime | None:
    raw = request.args.get(name)
    if raw is None:
        return None
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        raise Refused(422, f"{name} is no time") from None
    if found.tzinfo is None:
        raise Refused(422, f"{name} has no zone")
    return found
