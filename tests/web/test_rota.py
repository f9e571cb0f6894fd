"""The rota's pages over HTTP: leads write it, agents read it, each change is recorded."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import Colleague, Customer, csrf
from tests.web.test_lead import Lead, Signed, deeds
from web.desk import agents
from web.desk.rota import edits
from web.services import utc_now

TODAY = (utc_now() + timedelta(hours=8)).date()  # where the desk is
MONDAY = TODAY - timedelta(days=TODAY.weekday())


@pytest.fixture
def lead(app: Flask, anna: Colleague) -> Lead:
    """林组长 in a desk of 安娜 (1) and 老周 (2)."""
    Colleague(app, "zhou", "老周")
    return Lead(app)


def page(lead: Lead, path: str) -> str:
    return lead.client.get(f"/console/rota{path}").get_data(as_text=True)


def post(lead: Lead, path: str, edition: int | None = None, **fields: str) -> Any:
    """Send a form as the agent's page has it; edition: as another page had it before."""
    shown = page(lead, "/" + path.split("/")[0])
    found = re.search(r'name="edition" value="(\d+)"', shown)
    known = found[1] if found and edition is None else str(edition)
    form = {"csrf_token": csrf(shown), "edition": known, **fields}
    return lead.client.post(f"/console/rota/{path}", data=form)


def week(*days: int, at: str = "09:00", until: str = "18:00") -> dict[str, Any]:
    fields = {"since": TODAY.isoformat()}
    for day in days:
        fields |= {f"from-{day}-0": at, f"until-{day}-0": until}
    return fields


def shown(text: str, name: str) -> str:
    """Cut an agent's row out of the page of a week, without its tags."""
    row = next(part for part in text.split("<section")[1:] if name in part.split("</h2>")[0])
    return re.sub(r"<[^>]+>", " ", row)


def test_a_lead_writes_weeks_with_a_night_and_agents_read_them(app: Flask, lead: Lead) -> None:
    assert post(lead, "1/week", **week(*range(7), at="21:00", until="02:00")).status_code == 303
    assert post(lead, "2/week", **week(*range(7))).status_code == 303
    text = page(lead, f"?day={MONDAY + timedelta(days=7)}")
    assert shown(text, "安娜").count("21:00–次日 02:00") == 7
    assert "35 小时" in shown(text, "安娜")
    assert shown(text, "老周").count("09:00–18:00") == 7
    assert shown(text, "开放但没有排人").count("18:00–21:00") == 7
    zhou = Signed(app, "wang", "小王", "agent").client
    assert "21:00–次日 02:00" in zhou.get("/desk/rota").get_data(as_text=True)
    assert "/console/rota/" not in zhou.get("/desk/rota").get_data(as_text=True)
    assert zhou.get("/console/rota").status_code == 403
    assert app.test_client().get("/console/rota").status_code == 302


def test_a_day_is_off_moved_swapped_and_undone_and_all_is_recorded(lead: Lead) -> None:
    post(lead, "1/week", **week(*range(7)))
    days = [(MONDAY + timedelta(days=7 + step)).isoformat() for step in range(3)]
    moved: dict[str, Any] = {"from-0": "13:00", "until-0": "20:00"}
    ways: tuple[dict[str, Any], ...] = ({}, moved, {"with": "2"})
    for day, kind, more in zip(days, ("off", "other", "swapped"), ways, strict=True):
        assert post(lead, "1/days", day=day, kind=kind, **more).status_code == 303
    text = page(lead, f"?day={days[0]}")
    anna, zhou = shown(text, "安娜"), shown(text, "老周")
    assert ("休假" in anna, "13:00–20:00" in anna, "改班" in anna, "与老周换班" in anna) == (
        True,
    ) * 4
    assert ("09:00–18:00" in zhou, "与安娜换班" in zhou) == (True, True)
    assert post(lead, f"2/days/{days[2]}/undo").status_code == 303
    assert "换班" not in shown(page(lead, f"?day={days[0]}"), "安娜")
    assert post(lead, f"2/days/{days[2]}/undo").status_code == 409
    assert deeds_of_rota(lead) == [
        ("rota-week", f"1 {TODAY}"),
        ("rota-day", f"1 {days[0]} off"),
        ("rota-day", f"1 {days[1]} other"),
        ("rota-day", f"1 {days[2]} swapped 2"),
        ("rota-undo", f"2 {days[2]}"),
    ]


def deeds_of_rota(lead: Lead) -> list[tuple[str, str]]:
    return [one for one in deeds(lead.client.application) if one[0].startswith("rota-")]


def test_what_cannot_be_is_refused_in_words_and_what_was_typed_stays(lead: Lead) -> None:
    overlapping = week(0) | {"from-0-1": "17:00", "until-0-1": "20:00"}
    told = post(lead, "1/week", **overlapping)
    assert told.status_code == 422
    text = told.get_data(as_text=True)
    assert "时间重叠了" in text
    assert 'name="from-0-1" value="17:00"' in text
    half = post(lead, "1/week", **(week(0) | {"until-0-0": ""}))
    assert (half.status_code, "没有填完整" in half.get_data(as_text=True)) == (422, True)
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    past = post(lead, "1/days", day=yesterday, kind="off")
    assert (past.status_code, "过去的日子" in past.get_data(as_text=True)) == (422, True)
    oneself: dict[str, Any] = {"with": "1"}
    alone = post(lead, "1/days", day=TODAY.isoformat(), kind="swapped", **oneself)
    assert (alone.status_code, "另一位同事" in alone.get_data(as_text=True)) == (422, True)
    assert post(lead, "1/days", day=TODAY.isoformat(), kind="party").status_code == 422
    assert post(lead, "1/week", **(week(0) | {"since": "soon"})).status_code == 422
    assert lead.client.get("/console/rota/77").status_code == 404
    assert lead.client.get("/console/rota?day=2026-02-30").status_code == 422
    assert deeds_of_rota(lead) == []


def test_of_two_leads_who_edit_at_once_the_later_is_shown_what_the_first_wrote(lead: Lead) -> None:
    assert post(lead, "1/week", edition=0, **week(0)).status_code == 303
    late = post(lead, "1/week", edition=0, **week(1, at="10:00"))
    assert late.status_code == 409
    text = late.get_data(as_text=True)
    assert "刚才有人改过" in text
    assert 'name="from-0-0" value="09:00"' in text


def test_the_board_and_the_report_show_who_should_be_there(
    app: Flask, lead: Lead, xiaolin: Customer
) -> None:
    start = utc_now() + timedelta(hours=8, minutes=-40)
    until = start + timedelta(minutes=100)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    begun, over = (int((one - midnight).total_seconds() // 60) for one in (start, until))
    with app.extensions["database"].write() as session:
        agents.add(session, "wang", "小王", "wang-password", utc_now(), "agent")
        edits.set_week(session, 4, 0, start.date(), (((begun, over),),) * 7)
    xiaolin.client.post(f"{xiaolin.base}/queue", json={}, headers=xiaolin.headers)
    board = lead.client.get("/console/board").get_data(as_text=True)
    row = next(part for part in board.split("<tr") if "小王" in part)
    assert f"{start:%H:%M}–{until:%H:%M}" in row
    assert ("没来 40 分钟" in row, "该在岗的不在" in board) == (True, True)
    text = lead.client.get("/console/reports").get_data(as_text=True)
    assert f"{start:%H:%M}–{until:%H:%M}" in shown(text, "按班次")
