"""Attacks on who somebody is: other people's things, and identities that nobody should believe."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from PIL import Image

from tests.attacks.conftest import JWT_SECRET, Member, identity, known, visitor
from web.desk import tokens
from web.desk.tokens import Token
from web.environment import BadSettings
from web.services import utc_now
from web.settings import Settings

HOUR = timedelta(hours=1)


def picture() -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(raw, "PNG")
    return raw.getvalue()


def opened_as(app: Flask, token: str) -> int:
    body = {"channel": "app", "identity": token}
    return int(app.test_client().post("/api/v1/conversations", json=body).status_code)


def signed(**claims: Any) -> str:
    return jwt.encode({"sub": "xiaolin", "exp": utc_now() + HOUR, **claims}, JWT_SECRET)


def test_nothing_of_another_customers_conversation_can_be_read_or_changed(app: Flask) -> None:
    xiaolin, ajie = known(app), known(app, "ajie", "阿杰")
    xiaolin.say("订单尾号 8899")
    path = f"{xiaolin.base}/attachments?client_id=picture-0001"
    kept = xiaolin.client.post(
        path, data=picture(), headers={**xiaolin.headers, "Content-Type": "image/png"}
    ).get_json()["event"]["data"]["attachment"]
    one = app.url_map.bind("")
    refused = 0
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or "conversation_id" not in rule.arguments:
            continue
        fills = {"attachment_id": kept, "call_id": "c" * 32, "callback_id": 1}
        values = {name: fills.get(name, "x") for name in rule.arguments}
        address = one.build(rule.endpoint, {**values, "conversation_id": xiaolin.id})
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            for headers in (ajie.headers, {"Authorization": "Bearer " + "x" * 43}, {}):
                got = ajie.client.open(address, method=method, json={}, headers=headers)
                assert got.status_code in (401, 404), (method, address, got.status_code)
                refused += 1
            token = xiaolin.headers["Authorization"].split()[1]
            got = ajie.client.open(f"{address}?token={token}", method=method, json={})
            assert got.status_code == 401, "a token in an address is written into logs"
    assert refused > 60
    assert "8899" in str(xiaolin.read())


def test_another_customers_cases_and_pictures_are_not_found_below_ones_own(app: Flask) -> None:
    xiaolin, ajie = known(app), known(app, "ajie", "阿杰")
    sent = xiaolin.client.post(
        f"{xiaolin.base}/attachments?client_id=picture-0002",
        data=picture(),
        headers={**xiaolin.headers, "Content-Type": "image/png"},
    ).get_json()["event"]["data"]["attachment"]
    mine = ajie.client.get(f"{ajie.base}/attachments/{sent}", headers=ajie.headers)
    assert mine.status_code == 404
    assert ajie.client.get(f"{xiaolin.base}/transcript", headers=ajie.headers).status_code == 404
    cases = ajie.client.get("/api/v1/cases", headers=ajie.headers).get_json()["cases"]
    assert cases == []


def test_a_token_that_was_exchanged_or_has_expired_cannot_be_replayed(app: Flask) -> None:
    xiaolin = visitor(app)
    old = xiaolin.headers["Authorization"].split()[1]
    path = f"{xiaolin.base}/token"
    fresh = app.test_client().post(path, headers=xiaolin.headers).get_json()["token"]
    headers = {"Authorization": f"Bearer {fresh}"}
    assert xiaolin.client.get(f"{xiaolin.base}/events", headers=headers).status_code == 200
    with app.extensions["database"].write() as session:
        row = session.get_one(Token, tokens.digest(old))
        assert row.expires_at <= utc_now() + tokens.GRACE
        row.expires_at = utc_now()
    assert xiaolin.client.get(f"{xiaolin.base}/events", headers=xiaolin.headers).status_code == 401
    again = xiaolin.client.post(path, headers=xiaolin.headers)
    assert again.status_code == 401, "an expired token makes no new one"


def test_signing_out_ends_what_the_same_sign_in_opened_elsewhere(app: Flask) -> None:
    claims = signed(sid="phone-1", name="小林")
    tabs = [visitor(app, channel="app", identity=claims) for _ in range(2)]
    other = visitor(app, channel="app", identity=signed(sid="tablet"))
    assert (
        tabs[0].client.delete(f"{tabs[0].base}/token", headers=tabs[0].headers).status_code == 204
    )
    for tab in tabs:
        assert tab.post("还在吗").status_code == 401
    assert other.post("还在吗", client_id="tablet-0001").status_code == 201


def test_an_identity_for_another_audience_is_refused_even_where_none_is_named(app: Flask) -> None:
    assert opened_as(app, signed()) in (200, 201)
    assert opened_as(app, signed(aud="shop.example")) == 401


def test_an_identity_that_lives_for_ever_is_refused(app: Flask) -> None:
    assert opened_as(app, signed(exp=utc_now() + timedelta(hours=23))) in (200, 201)
    for life in (timedelta(days=3), timedelta(days=36500)):
        assert opened_as(app, signed(exp=utc_now() + life)) == 401
    assert opened_as(app, jwt.encode({"sub": "xiaolin"}, JWT_SECRET)) == 401


def test_a_deployment_that_the_world_reaches_needs_an_audience_and_long_secrets() -> None:
    public = {"XIAOHU_BASE_URL": "https://help.example", "SECRET_KEY": "k" * 32}
    secret = {"XIAOHU_JWT_SECRET": "j" * 32}
    with pytest.raises(BadSettings, match="XIAOHU_JWT_AUDIENCE"):
        Settings.from_env({**public, **secret})
    Settings.from_env({**public, **secret, "XIAOHU_JWT_AUDIENCE": "help"})
    Settings.from_env(public)  # no signed-in customers, no audience
    for name in ("XIAOHU_JWT_SECRET", "SECRET_KEY", "XIAOHU_WALLET_SECRET", "XIAOHU_OPS_TOKEN"):
        with pytest.raises(BadSettings, match=f"{name}.*characters"):
            Settings.from_env({"SECRET_KEY": "k" * 32, name: "letmein"})


def test_a_customers_name_carries_no_hidden_characters_to_the_desk(
    app: Flask, anna: Member
) -> None:
    name = "小林\u202e\u200b\u2066\u0000 官方\n客服\U000e0041"
    customer = visitor(app, channel="app", identity=signed(sub="bidi", name=name))
    customer.client.post(f"{customer.base}/queue", json={}, headers=customer.headers)
    shown = anna.get(f"/conversations/{customer.id}").get_json()["conversation"]["name"]
    assert shown == "小林 官方 客服"


def test_a_page_that_was_opened_without_an_identity_never_continues_anothers_chat(
    app: Flask,
) -> None:
    xiaolin = known(app)
    xiaolin.say("订单尾号 7711")
    stranger = visitor(app, channel="app")
    assert stranger.id != xiaolin.id
    answer = stranger.client.get(
        f"{xiaolin.base}/events", headers={**xiaolin.headers, "Xiaohu-Identity": "anonymous"}
    )
    assert answer.status_code == 409
    assert "7711" not in answer.get_data(as_text=True)


def test_an_opening_cannot_be_asked_for_again_by_somebody_else(app: Flask) -> None:
    xiaolin = visitor(app, client_id="opening-0001")
    xiaolin.say("订单尾号 6622")
    thief = visitor(app, channel="app", client_id="opening-0001", identity=identity(app, "thief"))
    assert thief.id != xiaolin.id


def test_forwarded_headers_of_peers_that_are_no_proxy_are_not_believed(
    build: Callable[..., Flask],
) -> None:
    claims = {
        "X-Forwarded-For": "198.51.100.7",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    behind = build(proxies=1)
    seen: list[tuple[str | None, str, str]] = []

    @behind.before_request
    def look() -> None:
        from flask import request

        seen.append((request.remote_addr, request.host, request.scheme))

    client = behind.test_client()
    for peer in ("203.0.113.9", "127.0.0.1", "10.0.0.2"):
        client.get("/livez", headers=claims, environ_overrides={"REMOTE_ADDR": peer})
    told = ("198.51.100.7", "evil.example", "https")
    assert seen == [("203.0.113.9", "localhost", "http"), told, told]
    listed = build(proxies=1, proxy_addresses=("203.0.113.0/24",))

    @listed.before_request
    def look_again() -> None:
        from flask import request

        seen.append((request.remote_addr, request.host, request.scheme))

    seen.clear()
    client = listed.test_client()
    for peer in ("203.0.113.9", "127.0.0.1"):
        client.get("/livez", headers=claims, environ_overrides={"REMOTE_ADDR": peer})
    assert seen == [told, ("127.0.0.1", "localhost", "http")]
