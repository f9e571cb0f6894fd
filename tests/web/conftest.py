"""One app a test on its own SQLite, with the real search engine and a stand-in for the bot.

The stand-in speaks only the bot's reply format, to be down, slow or broken on purpose; what the
real bot says is tested by tests/conversations.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import search
from tests import desk_database, openapi_contract, routes
from tests.web.kept import either, kept, postgres_url  # noqa: F401 - fixtures
from web.app import create_app
from web.desk import agents
from web.services import utc_now
from web.settings import ROOT, Settings

desk_database.hash_quickly()
routes.compile_once()


@pytest.fixture(scope="session")
def engine() -> search.Engine:
    return search.open_engine(search.Settings(data=ROOT / "data", index=ROOT / "var" / "index"))


class StubBot:
    """Answers what it is told to, after a pause; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.replies: Callable[[dict[str, Any]], Any] = lambda body: [{"text": "好的"}]
        self.status = 200
        self.pause = 0.0
        self.drip = 0.0
        self.looked: Callable[[], None] = lambda: None  # called when it is asked how it is
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stub.looked()
                self.send_response(stub.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stub.asked.append(body)
                time.sleep(stub.pause)
                answer = stub.replies(body)
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(stub.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                try:
                    for at in range(0, len(raw), 4 if stub.drip else len(raw) or 1):
                        self.wfile.write(raw[at : at + (4 if stub.drip else len(raw))])
                        self.wfile.flush()
                        time.sleep(stub.drip)
                except OSError:
                    pass  # the client gave up, as it should

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def messages(self) -> list[str]:
        return [body["message"] for body in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def bot() -> Iterator[StubBot]:
    stub = StubBot()
    yield stub
    stub.close()


@pytest.fixture
def make(tmp_path: Path, bot: StubBot, engine: search.Engine) -> Iterator[Callable[..., Flask]]:
    apps: list[Flask] = []
    unsaid: list[str] = []

    def build(**changes: Any) -> Flask:
        settings = Settings(
            data=ROOT / "data",
            var=tmp_path,
            secret_key="a secret of the tests only",
            bot_url=bot.url,
            jwt_secret="a wallet's secret of the tests only, long enough",
            variables={"hotline": "400-000-0000"},
        )
        settings = replace(settings, **changes)
        desk_database.lay_out(settings.var / "xiaohu.db")
        app = create_app(settings, engine)
        openapi_contract.watch(app, unsaid)
        app.testing = False  # errors become answers, as they do for customers
        apps.append(app)
        return app

    yield build
    for app in apps:
        app.extensions["services"].close()
    assert sorted(set(unsaid)) == [], "an answer differs from the OpenAPI document"


@pytest.fixture
def app(make: Callable[..., Flask]) -> Flask:
    return make()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Customer:
    """A browser with one conversation."""

    def __init__(self, client: FlaskClient, **body: Any) -> None:
        self.client = client
        response = client.post("/api/v1/conversations", json={"channel": "help", **body})
        assert response.status_code in (200, 201), response.get_json()
        self.opened = response.get_json()
        self.status = response.status_code
        self.id = self.opened["id"]
        self.base = f"/api/v1/conversations/{self.id}"
        self.headers = {"Authorization": f"Bearer {self.opened['token']}"}
        self.count = 0

    def post(self, text: str, payload: str | None = None, client_id: str = "", **more: Any) -> Any:
        self.count += 1
        body = {"client_id": client_id or f"client-{self.count:04d}", "text": text, **more}
        if payload is not None:
            body["payload"] = payload
        return self.client.post(f"{self.base}/messages", json=body, headers=self.headers)

    def say(self, text: str, payload: str | None = None, **more: Any) -> Any:
        response = self.post(text, payload, **more)
        assert response.status_code in (200, 201), response.get_json()
        return response.get_json()

    def read(self, after: int = 0) -> Any:
        return self.client.get(f"{self.base}/events?after={after}", headers=self.headers).get_json()


@pytest.fixture
def xiaolin(client: FlaskClient) -> Customer:
    return Customer(client)


class Colleague:
    """A signed-in agent's browser."""

    def __init__(self, app: Flask, name: str, display: str) -> None:
        with app.extensions["database"].write() as session:
            agents.add(session, name, display, f"{name}-password", utc_now())
        self.client = app.test_client()
        page = self.client.get("/desk/login").get_data(as_text=True)
        self.response = self.client.post(
            "/desk/login",
            data={"name": name, "password": f"{name}-password", "csrf_token": csrf(page)},
        )
        page = self.client.get("/desk").get_data(as_text=True)
        self.headers = {"X-CSRF-Token": csrf(page)}

    def get(self, path: str) -> Any:
        return self.client.get(f"/desk/api{path}")

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/desk/api{path}", json=body or None, headers=self.headers)

    def put(self, path: str, **body: Any) -> Any:
        return self.client.put(f"/desk/api{path}", json=body, headers=self.headers)


def csrf(page: str) -> str:
    found = re.search(r'csrf[^<>]*?(?:content|value|data-csrf|data-csrf-token)="([^"]+)"', page)
    assert found, "the page holds no CSRF token"
    return found[1]


@pytest.fixture
def anna(app: Flask) -> Colleague:
    return Colleague(app, "anna", "安娜")
