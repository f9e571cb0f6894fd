"""What operators see, what pages may do, and the published description of the API."""

from __future__ import annotations

import re
import socket
import sqlite3
import threading
import time
from urllib.parse import unquote

import pytest
from openapi_spec_validator import validate

from tests.product import PATIENCE
from tests.web.conftest import Customer
from web.api.openapi import document
from web.health.checks import Checks
from web.settings import Settings


def until(client, status: str):
    """Ask for readiness until it is as it has to become; returns the answer."""
    deadline = time.monotonic() + PATIENCE
    while (answer := client.get("/readyz")).get_json()["status"] != status:
        assert time.monotonic() < deadline, answer.get_json()
        time.sleep(0.02)
    return answer


def test_alive_and_ready(client):
    assert client.get("/livez").get_json() == {"status": "ok"}
    ready = until(client, "ready")
    assert ready.status_code == 200
    checks = ready.get_json()["checks"]
    assert set(checks) == {"database", "search", "bot", "bus", "disk"}
    assert all(0 <= check["age"] < 10 for check in checks.values())


def test_a_missing_bot_degrades_and_a_database_that_takes_nothing_is_unready(app, bot, client):
    bot.close()
    answer = until(client, "degraded")
    assert answer.status_code == 200
    assert not answer.get_json()["checks"]["bot"]["ok"]
    # reading would still work: only a write tells
    path = app.extensions["settings"].var / "xiaohu.db"
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON leases BEGIN SELECT RAISE(FAIL, 'x'); END"
        )
    answer = until(client, "unready")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["database"]["ok"] is False


def test_a_wrong_secret_of_the_bot_is_seen(bot, client):
    bot.status = 401
    answer = until(client, "degraded")
    assert "XIAOHU_BOT_SECRET" in answer.get_json()["checks"]["bot"]["reason"]


def test_readiness_is_told_at_once_while_redis_hangs(make):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, says nothing
        app = make(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}")
        client = app.test_client()
        until(client, "degraded")
        took = []
        for _ in range(50):
            began = time.perf_counter()
            answer = client.get("/readyz")
            took.append(time.perf_counter() - began)
        assert answer.get_json()["checks"]["bus"]["ok"] is False
        began = time.perf_counter()
        assert client.post("/api/v1/conversations", json={"channel": "help"}).status_code == 201
        assert time.perf_counter() - began < 30
    assert sorted(took)[25] < 1  # 5 ms on a machine of one's own; redis is waited for 5 s
    assert sum(took) < 60


def test_a_check_that_hangs_counts_as_failed_and_holds_up_no_other():
    now = [0.0]
    hanging = threading.Event()
    checks = Checks(
        {"stuck": lambda: {"ok": hanging.wait(30)}, "fine": lambda: {"ok": True}},
        period=0.01,
        clock=lambda: now[0],
    )
    while not checks.results()["fine"]["ok"]:
        time.sleep(0.01)
    assert checks.results()["stuck"] == {"ok": False, "age": None, "reason": "not looked at yet"}
    hanging.set()
    while not checks.results()["stuck"]["ok"]:
        time.sleep(0.01)
    hanging.clear()
    now[0] += 60.0
    while not checks.results()["fine"]["ok"]:
        time.sleep(0.01)
    assert checks.results()["stuck"]["reason"] == "does not answer"
    checks.close()
    hanging.set()


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_details_are_for_operators(make, path):
    client = make(ops_token="for operators").test_client()
    until(client, "ready")
    outside = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}

    def told(**more) -> bool:
        text = client.get(path, **more).get_data(as_text=True)
        return "generation" in text or "xiaohu_owed_turns 0.0" in text

    assert told()
    assert not told(headers={"X-Forwarded-For": "203.0.113.9"})
    assert not told(**outside)
    assert not told(**outside, headers={"Authorization": "Bearer for customers"})
    assert told(**outside, headers={"Authorization": "Bearer for operators"})
    assert client.get("/readyz", **outside).get_json() == {"status": "ready"}
    assert client.get("/metrics", **outside).status_code == 403


def test_numbers_tell_how_the_process_stands(app, client, xiaolin, bot):
    xiaolin.say("扣了两次钱")
    bot.close()
    xiaolin.say("怎么退款")
    stream = client.get(f"{xiaolin.base}/stream", headers=xiaolin.headers)
    text = client.get("/metrics").get_data(as_text=True)
    numbers = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
    assert numbers['xiaohu_inside{kind="streams"}'] == "1.0"
    assert numbers['xiaohu_limit{kind="turns"}'] == "64.0"
    assert numbers["xiaohu_owed_turns"] == "0.0"
    assert float(numbers['xiaohu_turn_seconds_count{outcome="answered"}']) >= 2
    assert float(numbers['xiaohu_turn_seconds_count{outcome="covered"}']) >= 1
    assert numbers['xiaohu_database_connections{state="limit"}'] == "20.0"
    stream.close()


def test_numbers_name_routes_and_nobody(client, xiaolin):
    xiaolin.say("扣了两次钱")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'xiaohu_requests_total{method="POST",route="api.post",status="201"}' in text
    assert "xiaohu_queue_waiting 0.0" in text
    assert xiaolin.id not in text


def test_the_document_is_openapi_and_names_every_route(app, client):
    published = client.get("/api/v1/openapi.json").get_json()
    assert published["openapi"].startswith("3.1")
    validate(published)
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
        if not rule.rule.startswith("/api/v1/wallet/")  # docs/wallet-api.yaml says what comes there
    }
    told = {(method, path) for path, ways in document()["paths"].items() for method in ways}
    assert told == routes


def test_the_api_is_open_to_pages_of_any_site_without_cookies(client):
    answer = client.options("/api/v1/conversations", headers={"Origin": "https://shop.example"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    refused = client.post("/api/v1/conversations", data="x", content_type="text/plain")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_the_desk_cannot_be_framed_and_the_widget_can(make):
    app = make(embed_origins=("https://wallet.example",))
    client = app.test_client()
    policies = {
        path: client.get(path).headers["Content-Security-Policy"]
        for path in ("/desk/login", "/widget.js", "/app", "/")
    }
    assert policies["/desk/login"].endswith("frame-ancestors 'none'")
    assert policies["/widget.js"].endswith("frame-ancestors *")
    assert policies["/app"].endswith("frame-ancestors 'self' https://wallet.example")
    assert policies["/"].endswith("frame-ancestors 'self'")
    assert all("script-src 'self'" in policy for policy in policies.values())


def test_the_secret_is_made_once_and_is_the_users_own(tmp_path):
    first = Settings.from_env({"XIAOHU_VAR": str(tmp_path)})
    again = Settings.from_env({"XIAOHU_VAR": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 40
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)


def test_search_over_http(client):
    found = client.get("/api/v1/faqs?q=扣了两次钱&limit=3").get_json()
    assert found["hits"][0]["id"] == "pay-duplicate"
    assert found["hits"][0]["url"] == "/faq/pay-duplicate"
    assert found["confident"] == (found["band"] == "answer")
    assert found["meant"] is None
    assert client.get("/api/v1/faqs?q=充只失败").get_json()["meant"] == "充值失败"
    assert "{{" not in str(found)
    faq = client.get("/api/v1/faqs/pay-duplicate").get_json()
    assert faq["related"]
    assert "400-000-0000" in faq["answer"] or "{{" not in faq["answer"]
    assert client.get("/api/v1/faqs/no-such").status_code == 404
    assert client.get("/api/v1/faqs?limit=0").status_code == 400
    assert client.get("/api/v1/suggestions?q=支付").get_json()["suggestions"]
    vote = "/api/v1/faqs/pay-duplicate/feedback"
    assert client.post(vote, json={"helpful": False, "reason": "密码是hunter22"}).status_code == 204
    assert client.post("/api/v1/faqs/no-such/feedback", json={"helpful": True}).status_code == 404
    assert client.post(vote, json={"helpful": "maybe"}).status_code == 422


def test_without_search_a_human_is_still_reached(make, bot, monkeypatch, tmp_path):
    monkeypatch.setattr("web.app.open_search", lambda settings: None)
    from dataclasses import replace

    from web.app import create_app

    bot.close()
    settings = replace(make().extensions["settings"], var=tmp_path / "other")
    app = create_app(settings, None)
    client = app.test_client()
    assert client.get("/api/v1/faqs?q=退款").status_code == 503
    customer = Customer(client)
    assert customer.say("扣了两次钱")["events"][-1]["data"]["buttons"][-1]["payload"] == "/human"
    assert customer.say("人工", "/human")["state"]["owner"] == "queue"
    app.extensions["services"].close()


def test_the_search_page_asks_for_what_was_probably_meant(client):
    page = client.get("/search?q=充只失败").get_data(as_text=True)
    link = re.search(r'您是不是想找：<a href="([^"]+)">([^<]+)</a>', page)
    assert link is not None
    assert link[2] == "充值失败"
    assert "您是不是想找" not in client.get(unquote(link[1])).get_data(as_text=True)
    odd = client.get("/search?q=<b>充只失败</b>").get_data(as_text=True)
    assert "<b>充" not in odd
