"""Signed-in customers: only the wallet's signature counts."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.web.conftest import Customer
from web.desk import tokens
from web.identity import sign
from web.services import utc_now

HOUR = timedelta(hours=1)


def identity(app, subject="xiaolin", name="小林", life=HOUR):
    return sign(app.extensions["settings"], subject, name, utc_now(), life)


def test_a_signed_in_customer_is_known_and_finds_the_conversation_again(app, bot, client):
    first = Customer(client, channel="app", identity=identity(app))
    first.say("扣了两次钱")
    assert bot.asked[-1]["metadata"]["signed_in"] is True
    assert bot.asked[-1]["metadata"]["name"] == "小林"
    again = Customer(app.test_client(), channel="app", identity=identity(app))
    assert (again.status, again.id) == (200, first.id)
    assert [event["id"] for event in again.opened["events"]] == [1, 2, 3]
    assert bot.messages().count("/start") == 1
    assert first.say("又来了")["message"]["actor"]["name"] == "小林"
    ajie = Customer(client, channel="app", identity=identity(app, "ajie", "阿杰"))
    assert ajie.id != first.id
    assert client.get(f"{first.base}/events", headers=ajie.headers).status_code == 404


def test_a_bad_identity_is_refused(app, client):
    secret = app.extensions["settings"].jwt_secret
    soon = utc_now() + HOUR
    bad = [
        "x", "a.b.c", "",
        identity(app, life=-HOUR),
        jwt.encode({"sub": "xiaolin", "exp": soon}, "another secret, long enough for HS256 keys"),
        jwt.encode({"sub": "xiaolin"}, secret),
        jwt.encode({"exp": soon}, secret),
        jwt.encode({"sub": "", "exp": soon}, secret),
        jwt.encode({"sub": "x" * 300, "exp": soon}, secret),
        jwt.encode({"sub": "xiaolin", "exp": soon}, secret, algorithm="HS512"),
        jwt.encode({"sub": "xiaolin", "exp": soon}, None, algorithm="none"),
    ]  # fmt: skip
    for token in bad:
        response = client.post(
            "/api/v1/conversations", json={"channel": "app", "identity": token or "."}
        )
        assert response.status_code == 401, token
        assert response.mimetype == "application/problem+json"


def test_rs256_needs_its_audience_and_no_hs256_with_the_public_key(make):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    app = make(jwt_secret="", jwt_public_key=public.decode(), jwt_audience="help")
    claims = {"sub": "xiaolin", "exp": utc_now() + HOUR}
    good = jwt.encode({**claims, "aud": "help"}, private, algorithm="RS256")
    assert Customer(app.test_client(), channel="app", identity=good).status == 201
    for token in (
        jwt.encode(claims, private, algorithm="RS256"),
        jwt.encode({**claims, "aud": "shop"}, private, algorithm="RS256"),
        jwt.encode({**claims, "aud": "help"}, "x" * 32, algorithm="HS256"),
    ):
        response = app.test_client().post(
            "/api/v1/conversations", json={"channel": "app", "identity": token}
        )
        assert response.status_code == 401


def test_a_page_whose_user_has_changed_cannot_write_with_the_former_ones_token(app, client):
    xiaolin = Customer(client, channel="app", identity=identity(app))
    mine = {**xiaolin.headers, "Xiaohu-Identity": tokens.who("xiaolin")}
    for path in (f"{xiaolin.base}/events", "/api/v1/cases", "/api/v1/channels"):
        assert client.get(path, headers=mine).status_code == 200
        for other in ("anonymous", tokens.who("ajie")):
            refused = client.get(path, headers={**mine, "Xiaohu-Identity": other})
            assert refused.status_code == 409
            assert refused.get_json()["type"] == "urn:xiaohu:problem:other-identity"
    sent = {"client_id": "client-0001", "text": "是谁在说话"}
    answer = client.post(
        f"{xiaolin.base}/messages",
        json=sent,
        headers={**xiaolin.headers, "Xiaohu-Identity": tokens.who("ajie")},
    )
    assert answer.status_code == 409
    assert not any(event["client_id"] == "client-0001" for event in xiaolin.read()["events"])
    allowed = client.options(f"{xiaolin.base}/messages").headers["Access-Control-Allow-Headers"]
    assert "Xiaohu-Identity" in allowed


def test_signing_out_ends_the_token_and_a_stream_tells_nothing_any_more(app, client):
    xiaolin = Customer(client, channel="app", identity=identity(app))
    stream = client.get(f"{xiaolin.base}/stream", headers=xiaolin.headers)
    frames = iter(stream.response)
    assert b"event: state" in next(frames)
    assert client.delete(f"{xiaolin.base}/token", headers=xiaolin.headers).status_code == 204
    again = Customer(client, channel="app", identity=identity(app))
    again.say("只给我自己看")
    assert b"".join(frames) == b""
    assert client.get(f"{xiaolin.base}/events", headers=xiaolin.headers).status_code == 401
    assert again.id == xiaolin.id


def test_a_token_is_exchanged_for_a_new_one(app, client):
    xiaolin = Customer(client)
    assert xiaolin.opened["expires_at"] > utc_now().isoformat()
    fresh = client.post(f"{xiaolin.base}/token", headers=xiaolin.headers).get_json()
    headers = {"Authorization": f"Bearer {fresh['token']}"}
    assert client.get(f"{xiaolin.base}/events", headers=headers).status_code == 200


@pytest.mark.parametrize("claim", [5, ["小林"], None])
def test_a_strange_name_is_left_out(app, client, claim):
    token = jwt.encode(
        {"sub": "xiaolin", "exp": utc_now() + HOUR, "name": claim},
        app.extensions["settings"].jwt_secret,
    )
    assert Customer(client, channel="app", identity=token).status == 201
