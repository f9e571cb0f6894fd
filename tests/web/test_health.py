"""What operators see, what pages may do, and the published description of the API."""

from __future__ import annotations

import re
from urllib.parse import unquote

from openapi_spec_validator import validate

from tests.web.conftest import Customer
from web.api.openapi import document
from web.settings import Settings


def test_alive_and_ready(client):
    assert client.get("/livez").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json()["status"] == "ready"
    assert set(ready.get_json()["checks"]) == {"database", "search", "bot", "bus"}


def test_a_missing_bot_degrades_and_a_missing_database_is_unready(app, bot, client, monkeypatch):
    bot.close()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
    from sqlalchemy.exc import OperationalError

    def fail() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(app.extensions["database"], "ping", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "unready")


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
    monkeypatch.setattr("web.app._open_engine", lambda settings: None)
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
