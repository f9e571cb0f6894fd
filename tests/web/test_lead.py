"""The lead's pages over HTTP: for leads alone, live, and recorded where they show words."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import Colleague, Customer, csrf
from web.desk import agents
from web.services import utc_now


class Signed(Colleague):
    """A signed-in browser of any role."""

    def __init__(self, app: Flask, name: str, display: str, role: str) -> None:
        with app.extensions["database"].write() as session:
            agents.add(session, name, display, f"{name}-password", utc_now(), role)
        self.client = app.test_client()
        page = self.client.get("/desk/login").get_data(as_text=True)
        form = {"name": name, "password": f"{name}-password", "csrf_token": csrf(page)}
        self.client.post("/desk/login", data=form)


def test_the_board_is_for_leads_and_for_nobody_else(app: Flask, client: FlaskClient) -> None:
    for name, role in (("anna", "agent"), ("chen", "editor"), ("audrey", "auditor")):
        other = Signed(app, name, name, role).client
        assert other.get("/console/board").status_code == 403
        told = other.get("/console/api/board")
        assert (told.status_code, told.get_json()["type"]) == (403, "urn:xiaohu:problem:wrong-role")
    page = client.get("/console/board")
    assert (page.status_code, page.location) == (302, "/desk/login?next=/console/board")
    assert client.get("/console/api/board").status_code == 401
    lead = Signed(app, "lin", "林组长", "lead").client
    assert lead.get("/console").location == "/console/board"
    page = lead.get("/console/board")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "'none'" in page.headers["Content-Security-Policy"].split("frame-ancestors")[1]


def test_the_board_tells_who_waits_without_their_words(app: Flask, xiaolin: Customer) -> None:
    lead = Signed(app, "lin", "林组长", "lead").client
    assert "没有人在排队" in lead.get("/console/api/board").get_data(as_text=True)
    xiaolin.say("我的退款三天没到账")
    asked = xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    assert asked.status_code in (200, 201), asked.get_json()
    shown = lead.get("/console/api/board").get_data(as_text=True)
    assert "没有人在排队" not in shown
    assert '<h2>排队中</h2><p class="big">1</p>' in shown
    assert "三天没到账" not in shown
