"""The stream of one conversation: resumed where it was cut, and told at once."""

from __future__ import annotations

import threading
import time

import pytest

from tests.product import PATIENCE
from tests.web.conftest import Customer
from web.realtime import stream


def test_one_busy_conversation_does_not_slow_down_another(client, xiaolin):
    statuses = {xiaolin.post(f"第{number}条").status_code for number in range(45)}
    assert statuses == {201, 429}
    refused = xiaolin.post("还有")
    assert int(refused.headers["Retry-After"]) == refused.get_json()["retry_after"]
    assert Customer(client).post("扣了两次钱").status_code == 201


@pytest.mark.parametrize("header", [True, False])
def test_the_stream_resumes_after_the_last_event(xiaolin, header):
    xiaolin.say("扣了两次钱")
    headers = xiaolin.headers | ({"Last-Event-ID": "2"} if header else {})
    path = f"{xiaolin.base}/stream" + ("" if header else "?after=2")
    response = xiaolin.client.get(path, headers=headers)
    assert response.mimetype == "text/event-stream"
    first = next(response.response)
    text = first if isinstance(first, str) else first.decode()
    frames = text.strip().split("\n\n")
    assert frames[0].startswith("event: state\ndata: ")
    assert frames[1].startswith("id: 3\nevent: event\ndata: ")
    assert len(frames) == 2
    response.close()


def test_the_stream_tells_what_happens_at_once(app, xiaolin, monkeypatch):
    monkeypatch.setattr(stream, "REREAD", 2 * PATIENCE)
    response = xiaolin.client.get(f"{xiaolin.base}/stream?after=1", headers=xiaolin.headers)
    frames = iter(response.response)
    next(frames)
    body = {"client_id": "live-0001", "text": "扣了两次钱"}
    poster = threading.Timer(
        0.2,
        lambda: app.test_client().post(
            f"{xiaolin.base}/messages", headers=xiaolin.headers, json=body
        ),
    )
    started = time.monotonic()
    poster.start()
    told = next(frames)
    assert time.monotonic() - started < PATIENCE  # the bus, not the re-reading
    assert "live-0001" in (told if isinstance(told, str) else told.decode())
    poster.join()
    response.close()
