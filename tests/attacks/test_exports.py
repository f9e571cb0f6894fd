"""What is taken along as a file names no customer: no name, no address, no number to call."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from search import day_here
from tests.attacks.conftest import Member, visitor
from web.desk import asked, events, feedback
from web.desk.events import CUSTOMER
from web.services import utc_now

TOLD = (
    "我叫王小明，住北京市朝阳区建国路88号3栋2单元501室，打13800138000或写lin.me@qq.com，扣了128元"
)
WHOSE = ("王小明", "建国路", "88号", "501", "13800138000", "lin.me")
STAYS = "扣了128元"


@pytest.fixture(scope="module")
def told(build: Callable[..., Flask]) -> Flask:
    """An app in which a customer told all about themselves wherever words are kept for reports."""
    app = build()
    own, now = visitor(app).id, utc_now()
    with app.extensions["database"].write() as session:
        asked.record(session, TOLD, "unknown", 0.1, None, now, place="search")
        asked.record(session, TOLD, "unknown", 0.1, None, now, place="chat", conversation_id=own)
        feedback.record(session, "refund-how", False, TOLD, now)
        feedback.opinion(session, own, TOLD, None, now)
        data = {"score": 2, "comment": TOLD, "number": "K12345678"}
        events.append(session, own, "rated", CUSTOMER, data, now)
    return app


def before(app: Flask) -> None:
    """Let the rows be as earlier versions wrote them."""
    with app.extensions["database"].write() as session:
        for table, column in (("asked", "text"), ("feedback", "reason"), ("opinions", "text")):
            session.execute(
                text(f"UPDATE {table} SET {column} = :told, sealed = NULL"), {"told": TOLD}
            )


def cells(raw: bytes) -> str:
    book: Any = load_workbook(io.BytesIO(raw))
    rows: Iterable[Any] = (row for sheet in book for row in sheet.values)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def read(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return cells(answer.get_data()) if ".xlsx" in address else str(answer.get_data(as_text=True))


@pytest.mark.parametrize("old", [False, True], ids=["today's rows", "rows of before"])
def test_the_editors_report_names_nobody_in_any_form(told: Flask, old: bool) -> None:
    if old:
        before(told)
    chen = Member(told, f"chen{old}", "小陈", "editor").client
    for form in ("", ".md", ".csv", ".xlsx"):
        page = read(chen, f"/editor/report{form}")
        assert STAYS in page, form
        assert [one for one in WHOSE if one in page] == [], form


def test_the_leads_report_names_nobody_in_what_customers_wrote(told: Flask) -> None:
    lead = Member(told, "lin", "林组长", "lead").client
    day = f"{day_here(utc_now())}"
    span = f"/console/reports/{day}_{day}"
    for address in (f"{span}/words", f"{span}.csv", f"{span}.xlsx"):
        page = read(lead, address)
        assert STAYS in page, address
        assert [one for one in WHOSE if one in page] == [], address
