"""`python -m sandbox`: serve the sandbox; print a link into /app for each of its customers."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox import people, signing
from sandbox.app import create_app
from sandbox.store import Store

PORT = 8010
LIFE = timedelta(hours=12)  # of the links
LOOK = 0.5  # seconds between two looks for what is due
EVENTS = "/api/v1/wallet/events"


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Log nothing: paths name customers."""


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    verbs = parser.add_subparsers(dest="verb")
    serve_ = verbs.add_parser("serve", help="serve the wallet (the default)")
    links_ = verbs.add_parser("links", help="print a link into /app for each customer")
    tell_ = verbs.add_parser("tell", help="have the wallet tell the help center of something")
    for one in (parser, serve_, tell_):
        one.add_argument("--port", type=int, default=int(os.environ.get("SANDBOX_PORT") or PORT))
    serve_.add_argument("--file", default=":memory:", help="SQLite file; emptied at the start")
    parser.add_argument("--file", default=":memory:", help=argparse.SUPPRESS)
    tell_.add_argument("customer", help="sandbox-11, or - for an incident")
    tell_.add_argument(
        "event", nargs="?", default="suspicious", choices=["suspicious", "refund", "incident"]
    )
    tell_.add_argument("--id", help="of the transaction or incident")
    links_.add_argument("--base", default=_base(), help="the help center's address")
    asked = parser.parse_args()
    if asked.verb == "links":
        return _print_links(asked.base)
    secret = os.environ.get("XIAOHU_WALLET_SECRET") or _kept_secret()
    if not secret:
        print("set XIAOHU_WALLET_SECRET to what the help center has", file=sys.stderr)
        return 2
    if asked.verb == "tell":
        return _tell(asked, secret)
    serve(asked.port, secret, asked.file)
    return 0


def serve(port: int, secret: str, file: str = ":memory:") -> None:
    """Serve on loopback until the process is ended."""
    store = Store(file if file == ":memory:" else Path(file))
    store.fill(datetime.now(UTC))
    _keep_secret(secret)
    app = create_app(store, secret, nonce=os.environ.get("XIAOHU_START_NONCE", ""))
    threading.Thread(target=_keep_telling, args=(store, secret), daemon=True).start()
    make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet).serve_forever()


def _keep_secret(secret: str) -> None:
    """Keep the secret of this start for the command that tells it something."""
    path = _secret_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secret, encoding="utf-8")


def _kept_secret() -> str:
    path = _secret_path()
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _secret_path() -> Path:
    return Path(os.environ.get("XIAOHU_VAR") or "var") / "sandbox_secret"


def link(base: str, customer: str, name: str, secret: str, now: datetime) -> str:
    """Return the address of /app as a customer, signed as the wallet does."""
    claims: dict[str, Any] = {"sub": customer, "name": name, "iat": now, "exp": now + LIFE}
    audience = os.environ.get("XIAOHU_JWT_AUDIENCE")
    if audience:
        claims["aud"] = audience
    return f"{base}/app#token={jwt.encode(claims, secret, algorithm='HS256')}"


def _print_links(base: str) -> int:
    secret = os.environ.get("XIAOHU_JWT_SECRET", "")
    if not secret:
        print("set XIAOHU_JWT_SECRET to what the help center has", file=sys.stderr)
        return 2
    now = datetime.now(UTC)
    for one in people.read():
        print(f"{one['id']}  {one['name']}  {one['about']}")
        print(f"  {link(base, one['id'], one['name'], secret, now)}", flush=True)
    return 0


def _tell(asked: argparse.Namespace, secret: str) -> int:
    wish = {"customer": asked.customer, "event": asked.event, "id": asked.id}
    status = post(f"http://127.0.0.1:{asked.port}", "/sandbox/tell", wish, secret)
    print("told" if status == 204 else f"the sandbox answers {status}")
    return 0 if status == 204 else 1


def post(base: str, path: str, body: Any, secret: str) -> int:
    """Send a signed request; returns the status, 0 where nobody answers."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = signing.headers(secret, "POST", path, time.time(), raw)
    sent = urllib.request.Request(  # noqa: S310 - the address is the operator's
        base + path, raw, {**signed, "Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(sent, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _keep_telling(store: Store, secret: str) -> None:
    base = _base()
    while True:
        time.sleep(LOOK)
        store.settle(datetime.now(UTC))
        for number, body in store.outbox.untold(datetime.now(UTC)):
            taken = 200 <= post(base, EVENTS, body, secret) < 300
            store.outbox.mark_told(number, datetime.now(UTC), taken=taken)


def _base() -> str:
    port = os.environ.get("XIAOHU_PORT") or "8000"
    return (os.environ.get("XIAOHU_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")


if __name__ == "__main__":
    sys.exit(main())
