"""The wire to the bot: connections are kept, and a closed one is noticed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from web.assistant.wire import LARGEST, BadAnswer, Wire


class Other:
    """A server that keeps connections, and counts them."""

    def __init__(self) -> None:
        self.connections: set[tuple[str, int]] = set()
        self.answer = b"[]"
        self.pause = 0.0
        self.hangs_up = False
        other = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                other.connections.add(self.client_address)
                self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(other.pause)
                self.send_response(200)
                self.send_header("Content-Length", str(len(other.answer)))
                self.end_headers()
                self.wfile.write(other.answer)
                self.close_connection = other.hangs_up  # without having said so

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def other():
    server = Other()
    yield server
    server.server.shutdown()
    server.server.server_close()


def test_connections_are_kept_for_the_next_request(other):
    wire = Wire(other.url, {})
    for _ in range(5):
        assert wire.post("/x", b"{}", 5.0) == b"[]"
    assert len(other.connections) == 1
    with ThreadPoolExecutor(4) as threads:
        other.pause = 0.2
        assert list(threads.map(lambda _: wire.post("/x", b"{}", 5.0), range(4))) == [b"[]"] * 4
    assert len(other.connections) == 4
    wire.close()


def test_a_connection_that_the_other_side_closed_is_replaced(other):
    wire = Wire(other.url, {})
    other.hangs_up = True
    for _ in range(3):
        assert wire.post("/x", b"{}", 5.0) == b"[]"
    assert len(other.connections) == 3


def test_an_answer_in_many_parts_comes_whole_and_a_giant_one_not_at_all(other):
    wire = Wire(other.url, {})
    other.answer = b"x" * (LARGEST - 1)
    assert wire.post("/x", b"{}", 5.0) == other.answer
    other.answer = b"x" * (LARGEST + 1)
    with pytest.raises(BadAnswer):
        wire.post("/x", b"{}", 5.0)


def test_what_takes_too_long_is_given_up_and_leaves_no_half_answer_behind(other):
    wire = Wire(other.url, {})
    other.pause, other.answer = 0.6, b"[1]"
    with pytest.raises(TimeoutError):
        wire.post("/x", b"{}", 0.2)
    other.pause, other.answer = 0.0, b"[2]"
    assert wire.post("/x", b"{}", 5.0) == b"[2]"
