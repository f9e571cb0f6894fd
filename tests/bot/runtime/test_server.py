"""The HTTP channel by itself: what is refused, and how."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.runtime.server import LARGEST, WEBHOOK, Channel


async def echo(message):
    if message.text == "出错":
        raise ValueError("我的秘密")
    return [{"recipient_id": message.sender, "text": message.text, "metadata": message.metadata}]


def ask(method="POST", path=WEBHOOK, body=None, *, secret="", headers=None, answer=echo):
    """Send one request to a channel of its own; returns status, content type, body, headers."""

    async def ask():
        channel = Channel(secret)
        if answer:
            channel.open(answer)
        async with TestClient(TestServer(channel.app())) as client:
            sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            response = await client.request(method, path, data=sent, headers=headers)
            text = await response.text()
            return response.status, response.content_type, json.loads(text), response.headers

    return asyncio.run(ask())


GOOD = {"sender": "小林", "message": "付不了款", "metadata": {"channel": "app"}}


def test_a_message_is_answered_in_the_form_of_rasas_rest_channel():
    status, kind, replies, _ = ask(body=GOOD)
    assert (status, kind) == (200, "application/json")
    assert replies == [{"recipient_id": "小林", "text": "付不了款", "metadata": {"channel": "app"}}]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "the body is not JSON"),
        (b"\xff\xfe", "the body is not JSON"),
        (b"[" * 100_000, "the body is not JSON"),
        ([1], "the body is not a JSON object"),
        ({}, "sender is not a text"),
        ({**GOOD, "sender": 7}, "sender is not a text"),
        ({**GOOD, "sender": "x" * 256}, "sender is longer than 255 characters"),
        ({**GOOD, "message": None}, "message is not a text"),
        ({**GOOD, "message": "  "}, "message is not a text"),
        ({**GOOD, "message": "我" * 4001}, "message is longer than 4000 characters"),
        (b'{"sender": "x", "message": "\\ud800"}', "message is not valid Unicode"),
        ({**GOOD, "metadata": []}, "metadata is not an object"),
        ({**GOOD, "event": "1"}, "event is no number"),
        ({**GOOD, "event": True}, "event is no number"),
        ({**GOOD, "event": -1}, "event is no number"),
        ({**GOOD, "event": 1, "unheard": [1, None]}, "unheard is no list of numbers"),
    ],
)
def test_a_bad_request_is_a_400_that_says_why(body, detail):
    status, kind, problem, _ = ask(body=body)
    assert (status, kind) == (400, "application/problem+json")
    assert problem["detail"] == detail
    assert problem["status"] == 400


def test_too_large_wrong_method_and_wrong_path_are_json_too():
    large = ask(body={**GOOD, "metadata": {"x": "x" * LARGEST}})
    assert (large[0], large[1]) == (413, "application/problem+json")
    method = ask("GET")
    assert (method[0], method[2]["status"]) == (405, 405)
    assert method[3]["Allow"] == "POST"
    path = ask("GET", "/nothing")
    assert (path[0], path[1]) == (404, "application/problem+json")


def test_a_failure_is_a_500_without_the_text(caplog):
    status, _, problem, _ = ask(body={**GOOD, "message": "出错"})
    assert status == 500
    assert "秘密" not in json.dumps(problem, ensure_ascii=False)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("bot")] == [
        "a message was not answered"
    ]


def test_a_set_secret_is_asked_for():
    assert ask(body=GOOD, secret="红狐")[0] == 401
    assert ask(body=GOOD, secret="fox", headers={"Authorization": "Bearer wolf"})[0] == 401
    assert ask(body=GOOD, secret="fox", headers={"Authorization": "Basic fox"})[0] == 401
    assert ask(body=GOOD, secret="fox", headers={"Authorization": "Bearer fox"})[0] == 200


def test_the_secret_is_asked_for_before_anything_is_read():
    assert ask(body=b"{", secret="fox")[0] == 401
    assert ask(body=GOOD, secret="fox", answer=None)[0] == 401


def test_alive_at_once_ready_when_it_answers():
    for path in ("/", "/livez"):
        assert ask("GET", path, answer=None)[2] == {"status": "ok"}
    assert ask("GET", "/readyz", answer=None)[0] == 503
    assert ask(body=GOOD, answer=None)[0] == 503
    assert ask("GET", "/readyz", secret="fox")[2] == {"status": "ready"}


def test_one_that_has_too_much_to_do_is_not_taken_for_one_that_starts(monkeypatch):
    monkeypatch.setattr("bot.runtime.server.MOST_WAITING", 0)
    assert ask(body=GOOD)[0] == 429
    assert ask("GET", "/probe")[0] == 429
    assert ask("GET", "/readyz")[0] == 200


def test_a_probe_tells_what_a_message_would_meet():
    fox = {"Authorization": "Bearer fox"}
    assert ask("GET", "/probe", secret="fox")[0] == 401
    assert ask("GET", "/probe", secret="fox", headers=fox)[0] == 200
    assert ask("GET", "/probe", secret="fox", headers=fox, answer=None)[0] == 503


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("/human", "/human"),
        (" /human", "\uff0fhuman"),
        ("\t/restart", "\uff0frestart"),
        (" 付款", " 付款"),
        ("a/b", "a/b"),
    ],
)
def test_a_slash_that_a_customer_typed_is_no_payload(sent, heard):
    assert ask(body={**GOOD, "message": sent})[2][0]["text"] == heard
