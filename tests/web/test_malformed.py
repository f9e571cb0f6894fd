"""Whatever is sent, the answer is a problem document or a page, never a 500."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.thorough import examples
from tests.web.conftest import Customer

RELAXED = settings(
    max_examples=examples(30, 80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["widget", "abcdefgh1", "/human", "\ud800", "\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)  # fmt: skip
FIELDS = ["client_id", "text", "payload", "masked", "channel", "identity", "page", "helpful"]
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5) | VALUES


def is_problem(response) -> None:
    assert response.status_code < 500, response.get_data(as_text=True)
    if response.status_code >= 400:
        assert response.mimetype == "application/problem+json"
        body = json.loads(response.get_data())
        assert body["status"] == response.status_code
        assert {"type", "title", "detail"} <= body.keys()
        assert "Traceback" not in response.get_data(as_text=True)


@pytest.fixture
def paths(app, xiaolin):
    app.extensions["services"].messages._burst = 1e9
    app.extensions["services"].openings._burst = 1e9
    return [
        f"{xiaolin.base}/messages",
        "/api/v1/conversations",
        "/api/v1/faqs/pay-failed/feedback",
    ]


@given(body=BODIES)
@RELAXED
def test_any_json_is_answered(paths, xiaolin, body):
    for path in paths:
        response = xiaolin.client.post(
            path, data=json.dumps(body), content_type="application/json", headers=xiaolin.headers
        )
        is_problem(response)


@given(body=st.binary(max_size=200))
@RELAXED
def test_any_bytes_are_answered(paths, xiaolin, body):
    for path in paths:
        response = xiaolin.client.post(
            path, data=body, content_type="application/json", headers=xiaolin.headers
        )
        is_problem(response)


@given(query=st.text(max_size=80), number=st.text(max_size=6))
@RELAXED
def test_any_query_is_answered(client, query, number):
    for path in ("/api/v1/faqs", "/api/v1/suggestions"):
        is_problem(client.get(path, query_string={"q": query, "limit": number}))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"\xff", 400), (b"[" * 30000, 400), (b"[]", 422), (b"1", 422),
        (b'{"client_id":"abcdefgh1","text":"\\ud800"}', 400),
        (b'{"client_id":"abcdefgh1"}', 422), (b'{"client_id":"short","text":"a"}', 422),
        (b'{"client_id":"abcdefgh1","text":" \\n\\u200b"}', 422),
        (b'{"client_id":"abcdefgh1","text":5}', 422),
        (json.dumps({"client_id": "abcdefgh1", "text": "a" * 2001}).encode(), 422),
        (json.dumps({"client_id": "abcdefgh1", "text": "a", "x": "b" * 70000}).encode(), 413),
    ],
)  # fmt: skip
def test_each_fault_has_its_status(xiaolin, body, status):
    response = xiaolin.client.post(
        f"{xiaolin.base}/messages",
        data=body,
        content_type="application/json",
        headers=xiaolin.headers,
    )
    is_problem(response)
    assert response.status_code == status


def test_two_thousand_characters_fit(xiaolin):
    assert xiaolin.post("字" * 2000).status_code == 201


def test_wrong_methods_and_types_have_their_status(client, xiaolin):
    wrong = client.get("/api/v1/conversations")
    is_problem(wrong)
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["Allow"]
    form = client.post(f"{xiaolin.base}/messages", data={"text": "a"}, headers=xiaolin.headers)
    is_problem(form)
    assert form.status_code == 415
    missing = client.get("/api/v1/nothing")
    is_problem(missing)
    assert missing.status_code == 404


def test_a_refusal_never_repeats_what_was_sent(xiaolin):
    response = xiaolin.post("密码是hunter22", client_id="!", payload="hunter22" * 200)
    assert response.status_code == 422
    assert "hunter22" not in response.get_data(as_text=True)
    fields = {error["field"] for error in response.get_json()["errors"]}
    assert fields == {"client_id", "payload"}


def test_an_unforeseen_error_tells_nothing(app, client, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("web.api.conversations.conversations.open_for", fail)
    response = client.post("/api/v1/conversations", json={"channel": "help"})
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert "secret detail" not in response.get_data(as_text=True)


def test_browsers_get_pages_and_no_json(client):
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert response.mimetype == "text/html"


def test_conversations_open_on_known_channels_only(client):
    assert client.post("/api/v1/conversations", json={"channel": "fax"}).status_code == 422
    assert Customer(client, channel="widget").status == 201


def test_a_strangers_host_stands_in_no_page_that_is_kept(app: Flask) -> None:
    client = app.test_client()
    for path in ("/", "/sitemap.xml", "/robots.txt"):
        told = client.get(path, headers={"Host": "evil.example"}).get_data(as_text=True)
        assert "evil.example" not in told, path
        assert "http://127.0.0.1:8000/" in told, path
    near = client.get("/sitemap.xml", headers={"Host": "localhost:8000"}).get_data(as_text=True)
    assert "http://localhost:8000/" in near
