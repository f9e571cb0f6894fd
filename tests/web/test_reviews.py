"""质检 over HTTP: drawn, judged on a page, read by the agent, in the report and in the record."""

from __future__ import annotations

import re

from flask import Flask

from tests.web.conftest import Colleague, Customer, csrf
from tests.web.test_lead import Signed, deeds, rated  # noqa: F401 - a fixture


def test_a_lead_draws_and_judges_and_the_agent_reads_it(
    app: Flask,
    anna: Colleague,
    xiaolin: Customer,
    rated: str,  # noqa: F811
) -> None:
    lead = Signed(app, "lin", "林组长", "lead").client
    first, last = rated.split("_")
    page = lead.get("/console/reviews").get_data(as_text=True)
    assert "没有等着质检的对话" in page
    form = {"csrf_token": csrf(page), "first": first, "last": last, "each": "2", "seed": "w48"}
    drawn = lead.post("/console/reviews/draw", data=form)
    assert drawn.status_code == 303
    page = lead.get(drawn.location).get_data(as_text=True)
    assert "抽到 1 个（种子 w48）" in page
    assert "三天没到账" not in page  # the list shows nobody's words
    where = re.search(r'href="(/console/reviews/\d+)"', page)
    assert where is not None
    sheet = lead.get(where[1]).get_data(as_text=True)
    assert "三天没到账" in sheet
    assert "您好，我来看看" in sheet
    assert "客户评价 2 分" in sheet
    points = {"heard": "5", "solved": "5", "plain": "5", "kind": "5", "prompt": "3", "noted": "0"}
    given = {"csrf_token": csrf(page), **points, "words": "记得写备注"}
    half = lead.post(where[1], data=given)  # without 守住安全
    assert half.status_code == 422
    assert "每一项都要打分" in half.get_data(as_text=True)
    assert "记得写备注" in half.get_data(as_text=True)
    done = lead.post(where[1], data={**given, "safe": "2"})
    assert (done.status_code, done.location) == (303, "/console/reviews")
    again = lead.post(where[1], data={**given, "safe": "0"})
    assert again.status_code == 409

    assert anna.client.get("/console/reviews").status_code == 403
    desk = anna.client.get("/desk").get_data(as_text=True)
    assert re.search(r'id="reviews"[^>]*>我的质检 <span>1</span>', desk)
    mine = anna.client.get("/desk/reviews").get_data(as_text=True)
    assert "89%" in mine
    assert "记得写备注" in mine
    assert "新</b>" in mine
    assert "新</b>" not in anna.client.get("/desk/reviews").get_data(as_text=True)
    zhou = Colleague(app, "zhou", "老周")
    assert "记得写备注" not in zhou.client.get("/desk/reviews").get_data(as_text=True)

    report = lead.get("/console/reports").get_data(as_text=True)
    assert '<h2>质检</h2><p class="big">89%</p>' in report
    table = lead.get(f"/console/reports/{rated}.csv").get_data(as_text=True)
    heads = table.splitlines()[0].split(",")
    line = next(row for row in table.splitlines() if row.startswith(",安娜"))
    assert dict(zip(heads, line.split(","), strict=True))["质检平均（%）"] == "89"
    number = where[1].rpartition("/")[2]
    told = [one for one in deeds(app) if one[0].startswith("review")]
    assert told == [
        ("review-draw", f"w48 {rated} 2 1"),
        ("review-read", number),
        ("review", number),
    ]
