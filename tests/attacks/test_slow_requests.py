"""Requests that drip, lie or come by hundreds leave others served."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from tests.product import PATIENCE, Product
from web.patience import Patient, TooSlow


def test_a_body_that_drips_is_given_up_and_one_that_flows_is_not() -> None:
    now = [0.0]

    class Body:
        failed = False

        def __init__(self, seconds: float, size: int) -> None:
            self.seconds, self.size = seconds, size

        def read(self, size: int | None = None) -> bytes:
            now[0] += self.seconds
            return b"x" * self.size

    dripping = Body(5.0, 1)
    patient = Patient(dripping, clock=lambda: now[0])
    assert [patient.read(8192) for _ in range(4)] == [b"x"] * 4
    with pytest.raises(TooSlow):
        patient.read(8192)
    assert dripping.failed, "the connection is not used again"
    steady = Patient(Body(1.5, 8192), clock=lambda: now[0])
    assert sum(len(steady.read(8192)) for _ in range(1000)) == 8_192_000


def served(product: Product) -> None:
    """Check that another customer is served: opens, searches, speaks."""
    with httpx.Client(base_url=product.url, timeout=PATIENCE, trust_env=False) as http:
        assert http.get("/livez").status_code == 200
        opened = http.post("/api/v1/conversations", json={"channel": "help"})
        assert opened.status_code == 201
        assert http.get("/search?q=怎么退款").status_code == 200


def line(product: Product) -> socket.socket:
    address = urlsplit(product.url)
    return socket.create_connection((address.hostname, address.port), timeout=PATIENCE)


HEAD = (
    b"POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
)


def test_hundreds_of_slow_heads_and_bodies_leave_others_served(product: Product) -> None:
    with ExitStack() as held:
        for at in range(300):
            slow = held.enter_context(line(product))
            begun = HEAD + b"Content-Length: 60000\r\n\r\n{" if at % 2 else HEAD[: at % 40 + 1]
            slow.sendall(begun)
        served(product)


def test_requests_that_lie_about_themselves_get_one_answer_and_no_500(product: Product) -> None:
    large = b'{"channel": "help", "page": "' + b"a" * 70_000 + b'"}'
    chunked = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    told = {
        "negative chunk": chunked + b"-1\r\n{}\r\n0\r\n\r\n",
        "oversized chunks": chunked + b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large),
        "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "length and chunks": HEAD
        + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "negative length": HEAD + b"Content-Length: -5\r\n\r\n",
        "oversized length": HEAD + b"Connection: close\r\nContent-Length: 99999999\r\n\r\n{}",
    }
    got = {}
    for name, raw in told.items():
        with line(product) as one:
            one.sendall(raw)
            got[name] = int(one.recv(4096).split()[1])
    assert got["oversized chunks"] == got["oversized length"] == 413
    assert all(400 <= status < 500 or status == 501 for status in got.values()), got
    served(product)


def test_forwarded_headers_mean_nothing_to_a_server_without_a_proxy(product: Product) -> None:
    claims = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "SCRIPT_NAME": "/x"}
    told = httpx.get(f"{product.url}/", headers=claims, trust_env=False, timeout=PATIENCE)
    assert "Strict-Transport-Security" not in told.headers
    assert "evil.example" not in told.text
    assert 'href="/x/' not in told.text
