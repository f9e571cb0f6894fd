"""The report as a page with charts, as Markdown, as CSV and as a workbook."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, abort

from faq import publishing, reporting
from web.api.requests import number
from web.editor import counted, desk
from web.editor import page as pages
from web.offload import offload
from web.services import services

blueprint = Blueprint("editor_report", __name__, url_prefix="/editor")
DAYS = 28
LONGEST = 366
WIDTH, HEIGHT, FOOT = 900, 220, 26


@blueprint.get("/report")
def page() -> str:
    """Show the report."""
    days = number("days", DAYS, 1, LONGEST)
    report = _report(days)
    return pages.page(
        "editor/report.html",
        report=report,
        days=days,
        bars=bars(report),
        width=WIDTH,
        height=HEIGHT,
    )


@blueprint.get("/report.md")
def markdown() -> Response:
    """Give the report to pass on."""
    return _file(publishing.as_markdown(_report(number("days", DAYS, 1, LONGEST))), "md")


@blueprint.get("/report.csv")
def table() -> Response:
    """Give the report for a spreadsheet."""
    return _file(publishing.as_csv(_report(number("days", DAYS, 1, LONGEST))), "csv")


@blueprint.get("/report.xlsx")
def workbook() -> Response:
    """Give the report as a workbook."""
    report = _report(number("days", DAYS, 1, LONGEST))
    return _file(offload(lambda: publishing.as_workbook(report)), "xlsx")


def bars(report: reporting.Report) -> list[dict[str, Any]]:
    """Lay the weeks out: x, width, and y and height of all questions and of the missed ones."""
    if not report.weeks:
        return []
    most = max(1, *(total for _, total, _ in report.weeks))
    step = WIDTH / len(report.weeks)
    room = HEIGHT - 2 * FOOT

    def laid(count: int) -> dict[str, float]:
        tall = room * count / most
        return {"y": round(HEIGHT - FOOT - tall, 1), "height": round(tall, 1)}

    return [
        {
            "x": round(step * place + step * 0.15, 1),
            "width": round(min(step * 0.7, 90), 1),
            "day": day,
            "total": total,
            "missed": missed,
            "all": laid(total),
            "miss": laid(missed),
        }
        for place, (day, total, missed) in enumerate(report.weeks)
    ]


def _report(days: int) -> reporting.Report:
    live = desk.engine()
    if live is None:
        abort(503)
    end = desk.today()
    begin = end - dt.timedelta(days=days - 1)
    web = services()
    return counted.reports(web.settings, web.database, live, [(begin, end)], dt.UTC)[0]


def _file(text: str | bytes, kind: str) -> Response:
    types = {
        "md": "text/markdown; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    name = f"report-{desk.today():%Y%m%d}.{kind}"
    response = Response(text, content_type=types[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
