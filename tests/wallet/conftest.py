"""The sandbox, served for real on a port of its own."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import jwt
import pytest
from flask import Flask
from werkzeug.serving import make_server

from sandbox.__main__ import Quiet, post
from sandbox.app import create_app
from sandbox.store import Store
from tests.product import JWT_SECRET, Product
from tests.web.conftest import bot, engine, make  # noqa: F401  (fixtures)

SECRET = "a secret of the wallet and the help center"


@dataclass
class Sandbox:
    """A running sandbox. store: its books."""

    url: str
    store: Store
    app: Flask

    def newcomer(self, like: str) -> str:
        """Have one more customer, in the situation of another; returns the id."""
        return self.store.newcomer(like, uuid.uuid4().hex[:6])

    def breaks(self, fault: str, times: int = 1) -> None:
        """Have its next answers go wrong."""
        self.app.extensions["faults"].set(fault, times)

    def ask(self, path: str, body: object) -> int:
        """Send it a signed request of its own."""
        return post(self.url, path, body, SECRET)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Give a sandbox as it is just after its start."""
    yield from _serve()


def _serve() -> Iterator[Sandbox]:
    store = Store()
    store.fill(datetime.now(UTC))
    app = create_app(store, SECRET)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Sandbox(f"http://127.0.0.1:{server.server_port}", store, app)
    server.shutdown()
    server.server_close()
    thread.join()
    store.close()


@pytest.fixture(scope="session")
def served() -> Iterator[Sandbox]:
    """Give one sandbox for all tests that take newcomers of their own."""
    yield from _serve()


@pytest.fixture(scope="session")
def product(served: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The real web and the real bot, with that sandbox as their wallet."""
    settings = {
        "XIAOHU_WALLET_URL": served.url,
        "XIAOHU_WALLET_SECRET": SECRET,
        "XIAOHU_WALLET_TIMEOUT": "4",
        "XIAOHU_WALLET_SECOND": "refund",
    }
    running = Product(tmp_path_factory.mktemp("product"), settings).start()
    try:
        yield running
    finally:
        running.stop()


def identity(customer: str, name: str = "小林") -> str:
    """Sign a customer of the sandbox in, as the wallet does."""
    claims = {"sub": customer, "name": name, "exp": int(time.time()) + 3600}
    return jwt.encode(claims, JWT_SECRET, algorithm="HS256")
