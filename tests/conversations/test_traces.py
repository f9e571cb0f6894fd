"""What a collector of OpenTelemetry is told: one trace from the request to the bot's turn."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.product import PATIENCE, Customer, Product
from tracing.context import digest

SAID = "我的鹦鹉螺红包领不了"
Told = dict[str, Any]


class Collector:
    """Takes what OTLP over HTTP sends, as any collector does; keeps the bodies."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.headers: list[dict[str, str]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path == "/v1/traces":
                    collector.headers.append(dict(self.headers))
                    collector.bodies.append(body)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def spans(self) -> list[Told]:
        """Return all spans, each with its service and its attributes as a mapping."""
        found = []
        for body in list(self.bodies):
            for part in json.loads(body)["resourceSpans"]:
                (service,) = part["resource"]["attributes"]
                for span in part["scopeSpans"][0]["spans"]:
                    noted = {
                        one["key"]: next(iter(one["value"].values())) for one in span["attributes"]
                    }
                    told = {"service": service["value"]["stringValue"], "noted": noted}
                    found.append({**span, **told})
        return found

    def wait(self, ready: Callable[[list[Told]], Any]) -> list[Told]:
        """Return the spans once they are as they should be."""
        deadline = time.monotonic() + PATIENCE
        while not ready(self.spans()):
            assert time.monotonic() < deadline, self.spans()
            time.sleep(0.1)
        return self.spans()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    running = Collector()
    yield running
    running.close()


def test_a_message_and_its_turn_are_one_trace_without_a_customers_word(
    tmp_path: Path, collector: Collector
) -> None:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20collector",
    }
    product = Product(tmp_path, settings).start()
    try:
        xiaolin = Customer(product.url)
        xiaolin.say(SAID)
        # one of the greeting, one of the message
        spans = collector.wait(
            lambda found: (
                sum(one["service"] == "xiaohu-bot" for one in found) >= 2
                and any(one["name"] == "POST api.post" for one in found)
            )
        )
    finally:
        product.stop()
    (asked,) = [one for one in spans if one["name"] == "POST api.post"]
    assert asked["noted"]["http.route"].endswith("/messages")
    assert asked["service"] == "xiaohu-web"
    assert "parentSpanId" not in asked
    trace = [one for one in spans if one["traceId"] == asked["traceId"]]
    (sent,) = [one for one in trace if one.get("parentSpanId") == asked["spanId"]]
    (turn,) = [one for one in trace if one.get("parentSpanId") == sent["spanId"]]
    assert (sent["service"], turn["service"]) == ("xiaohu-web", "xiaohu-bot")
    assert [one["kind"] for one in (asked, sent, turn)] == [2, 3, 2]
    mine = {one["noted"]["xiaohu.conversation"] for one in (asked, sent, turn)}
    assert mine == {digest(xiaolin.id)}
    assert asked["noted"]["http.response.status_code"] == "201"
    assert len(asked["noted"]["xiaohu.request"]) == 32
    for one in (asked, sent, turn):
        assert int(one["endTimeUnixNano"]) > int(one["startTimeUnixNano"])
    everything = "\n".join(collector.bodies)
    for secret in (SAID, "鹦鹉螺", json.dumps(SAID)[1:-1], xiaolin.id):
        assert secret not in everything, secret
    assert collector.headers[0]["authorization"] == "Bearer collector"
    assert not [one for one in spans if "livez" in one["name"] or "readyz" in one["name"]]


def test_a_collector_that_is_away_costs_no_answer(tmp_path: Path, collector: Collector) -> None:
    collector.close()
    product = Product(tmp_path, {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
    try:
        product.start_web()  # without a bot: search answers
        assert Customer(product.url).say(SAID)[-1]["actor"]["kind"] == "bot"
        deadline = time.monotonic() + PATIENCE
        while "the collector of traces failed: ConnectionRefusedError" not in product.log("web"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        product.stop("web")
    assert SAID not in product.log("web")
