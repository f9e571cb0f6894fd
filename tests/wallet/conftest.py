"""The sandbox, served for real on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from werkzeug.serving import make_server

from sandbox.__main__ import Quiet, post
from sandbox.app import create_app
from sandbox.store import Store

SECRET = "a secret of the wallet and the help center"


@dataclass
class Sandbox:
    """A running sandbox. store: its books."""

    url: str
    store: Store
    app: Flask

    def breaks(self, fault: str, times: int = 1) -> None:
        """Have its next answers go wrong."""
        self.app.extensions["faults"].set(fault, times)

    def ask(self, path: str, body: object) -> int:
        """Send it a signed request of its own."""
        return post(self.url, path, body, SECRET)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Give a sandbox as it is just after its start."""
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
