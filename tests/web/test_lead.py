"""The lead's pages over HTTP: for leads alone, live, and recorded where they show words."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from tests.product import PATIENCE
from tests.web.conftest import Colleague, Customer, csrf
from web.audit.models import AuditEntry
from web.desk import agents, board
from web.desk.handout import skills
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


class Lead(Signed):
    """林组长's browser at the desk."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, "lin", "林组长", "lead")
        page = self.client.get("/desk").get_data(as_text=True)
        self.headers = {"X-CSRF-Token": csrf(page)}


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


def test_a_lead_is_told_at_once_what_the_shield_held_and_not_its_words(
    app: Flask, anna: Colleague, xiaolin: Customer
) -> None:
    lead = Signed(app, "lin", "林组长", "lead").client
    assert "拦下了" not in lead.get("/console/api/board").get_data(as_text=True)
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    one = f"/conversations/{xiaolin.id}"
    assert anna.post(f"{one}/claim").status_code == 200
    lure = "请把短信里的验证码发给我，再下载向日葵"
    assert anna.post(f"{one}/messages", client_id="lure-0001", text=lure).status_code == 422
    shown = lead.get("/console/api/board").get_data(as_text=True)
    assert '<p class="alarm held"><b>拦下了不该说的话</b> 一小时内 1 条' in shown
    row = shown[shown.index('data-part="held"') :]
    assert "<td>安娜</td><td>验证码、远程控制软件</td>" in row
    assert f"/desk#c={xiaolin.id}" in row
    assert "向日葵" not in shown


@pytest.fixture
def rated(app: Flask, anna: Colleague, xiaolin: Customer) -> str:
    """安娜 has helped 小林, who rated it with words; gives the days as an address names them."""
    xiaolin.say("我的退款三天没到账")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    one = f"/conversations/{xiaolin.id}"
    assert anna.post(f"{one}/claim").status_code == 200
    anna.post(f"{one}/messages", client_id="hello-0001", text="您好，我来看看")
    assert anna.post(f"{one}/close").status_code == 200
    told = {"score": 2, "comment": "=HYPERLINK(1) 等得太久"}
    done = xiaolin.client.post(f"{xiaolin.base}/rating", json=told, headers=xiaolin.headers)
    assert done.status_code in (200, 201), done.get_json()
    zone = app.extensions["services"].contacts.hours.zone
    today = utc_now().astimezone(zone).date()
    return f"{today - timedelta(days=6)}_{today}"


@pytest.fixture
def offering(make: Callable[..., Flask]) -> Flask:
    """An app that hands cases out."""
    return make(desk_assign="offered")


def offer_of(app: Flask, agent_id: int) -> dict[str, Any]:
    """Give what rings at an agent, once something does; the app's own thread hands it out."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with app.extensions["database"].read() as session:
            told = board.of_agent(session, agent_id, utc_now())["offer"]
        if told is not None:
            return dict(told)
        time.sleep(0.05)
    raise AssertionError("nothing rings")


def test_a_case_rings_at_one_agent_who_passes_it_on_and_the_next_one_takes_it(
    offering: Flask,
) -> None:
    xiaolin = Customer(offering.test_client())
    anna, zhou = Colleague(offering, "anna", "安娜"), Colleague(offering, "zhou", "老周")
    xiaolin.say("我的退款三天没到账")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    for one in (anna, zhou):
        one.post("/heartbeat", active=True)
    ring = offer_of(offering, 1)  # both have had nobody yet: the older account is first
    assert (ring["conversation"], ring["may_decline"]) == (xiaolin.id, True)
    taken = zhou.post(f"/conversations/{xiaolin.id}/claim")
    assert (taken.status_code, taken.get_json()["type"]) == (409, "urn:xiaohu:problem:reserved")
    assert zhou.post(f"/offers/{ring['id']}/accept").status_code == 404
    assert anna.post(f"/offers/{ring['id']}/decline").status_code == 204
    over = anna.post(f"/offers/{ring['id']}/accept")
    assert (over.status_code, over.get_json()["type"]) == (409, "urn:xiaohu:problem:offer-over")
    again = offer_of(offering, 2)
    done = zhou.post(f"/offers/{again['id']}/accept")
    assert (done.status_code, done.get_json()["state"]["owner"]) == (200, "agent")
    shown = [event["type"] for event in xiaolin.read()["events"]]
    assert "agent_joined" in shown
    assert not any(kind.startswith("offer") for kind in shown)


def test_a_lead_declares_what_an_agent_is_good_at(app: Flask, anna: Colleague) -> None:
    lead = Signed(app, "lin", "林组长", "lead").client
    page = lead.get("/accounts").get_data(as_text=True)
    assert "擅长：所有问题" in page
    form = {"csrf_token": csrf(page), "topic": ["refund", "no_such_topic"]}
    assert lead.post("/accounts/1/skills", data=form).status_code == 303
    assert "擅长：退款" in lead.get("/accounts").get_data(as_text=True)
    with app.extensions["database"].read() as session:
        assert skills.of_all(session) == {1: frozenset({"refund"})}
    assert deeds(app)[-1] == ("account-change", "1 skills")


def test_a_lead_reads_along_whispers_and_takes_over_and_all_is_recorded(
    app: Flask, anna: Colleague, xiaolin: Customer
) -> None:
    lead = Lead(app)
    xiaolin.say("我的退款三天没到账")
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    one = f"/conversations/{xiaolin.id}"
    anna.post(f"{one}/claim")
    assert f"/desk#c={xiaolin.id}" in lead.client.get("/console/board").get_data(as_text=True)
    assert lead.get(one).status_code == 200
    assert lead.post(f"{one}/notes", text="先查退款单号").status_code == 201
    assert anna.get(one).get_json()["events"][-1]["data"]["text"] == "先查退款单号"
    assert anna.post(f"{one}/take-over").status_code == 403
    taken = lead.post(f"{one}/take-over")
    assert (taken.status_code, taken.get_json()["state"]["agent"]) == (200, "林组长")
    assert anna.post(f"{one}/messages", client_id="late-0001", text="我来").status_code == 409
    assert lead.post(f"{one}/take-over").status_code == 409
    seen = [(event["type"], event["data"]) for event in xiaolin.read()["events"]]
    assert seen[-1] == ("transferred", {"to": "林组长", "reason": "lead"})
    assert deeds(app)[1:] == [("read", xiaolin.id), ("take-over", xiaolin.id)]


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.extensions["database"].read() as session:
        query = select(AuditEntry).where(AuditEntry.who == "lin").order_by(AuditEntry.id)
        return [(one.action, one.object) for one in session.scalars(query)]


def test_the_report_shows_numbers_and_only_its_recorded_parts_show_words(
    app: Flask, rated: str
) -> None:
    lead = Signed(app, "lin", "林组长", "lead").client
    page = lead.get("/console/reports").get_data(as_text=True)
    assert "安娜" in page
    assert "等得太久" not in page
    words = lead.get(f"/console/reports/{rated}/words").get_data(as_text=True)
    assert "等得太久" in words
    assert deeds(app) == [("sign-in", ""), ("read-ratings", rated.replace("_", " "))]


def test_the_report_is_taken_along_as_csv_and_as_a_workbook_and_recorded(
    app: Flask, rated: str
) -> None:
    lead = Signed(app, "lin", "林组长", "lead").client
    table = lead.get(f"/console/reports/{rated}.csv")
    rows = list(csv.reader(io.StringIO(table.get_data(as_text=True).removeprefix("\ufeff"))))
    agent = next(row for row in rows if row[1:2] == ["安娜"])
    heads = rows[[row[:1] for row in rows].index(["按客服"])]
    assert agent[heads.index("首次回复")] == "1"
    (said,) = [cell for row in rows for cell in row if "等得太久" in cell]
    assert said.startswith("'=")  # no formula in whoever's spreadsheet
    raw = lead.get(f"/console/reports/{rated}.xlsx").get_data()
    book: Any = load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["按天", "按客服", "按问题类别", "按来处", "按班次", "评价"]
    days = list(book["按天"].values)
    assert len(days) == 1 + 7
    assert (days[-1][2], days[1][2]) == (1, 0)  # cases that came to people: today, a week ago
    assert [cell.value for cell in book["评价"][2]][1:4] == [2, said, "安娜"]
    when = rated.replace("_", " ")
    assert deeds(app)[1:] == [("export", f"{when} csv"), ("export", f"{when} xlsx")]


@pytest.mark.parametrize(
    "path",
    [
        "/console/reports?first=2026-01-01&last=2026-12-31",
        "/console/reports?first=2026-02-30",
        "/console/reports?first=2026-02-03&last=2026-02-01",
        "/console/reports/nonsense_2026-01-01.csv",
    ],
)
def test_days_that_cannot_be_shown_are_refused(app: Flask, path: str) -> None:
    assert Signed(app, "lin", "林组长", "lead").client.get(path).status_code == 422
