"""Days in review: a page with charts, its tables to take along, and the ratings' words."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, request

from web import flows
from web.desk.measures import report
from web.desk.rota import worked
from web.lead import charts, tables
from web.lead.pages import page
from web.offload import offload
from web.services import services, utc_now

blueprint = Blueprint("lead_reports", __name__, url_prefix="/console")
DAYS = 28
LONGEST = 92
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/reports")
def show() -> str:
    """Show the report of some days, by default the last four weeks; without anybody's words."""
    first, last = _days(request.args.get("first", ""), request.args.get("last", ""))
    found = _report(first, last, words=False)
    days = found.views["day"]
    return page(
        "lead/reports.html",
        report=found,
        worked=_worked(first, last),
        days=[dt.date.fromisoformat(str(line.key)) for line in days],
        load=charts.lay_out(
            [[line.cases for line in days], [line.solved for line in days]],
        ),
        speed=charts.lay_out(
            [[line.answers.p80 for line in days], [line.answers.median for line in days]],
            found.goals.answer_seconds,
        ),
        today=_today(),
        longest=LONGEST,
        form=services().review(),
    )


@blueprint.get("/reports/<first>_<last>/words")
def words(first: str, last: str) -> str:
    """Show the ratings with what their customers wrote; who reads it is recorded."""
    found = _report(*_exact(first, last), words=True)
    return page("lead/words_of_ratings.html", report=found)


@blueprint.get("/reports/<first>_<last>.<kind>")
def take(first: str, last: str, kind: str) -> Response:
    """Give the report with the ratings' words as a table; an export, and recorded as one."""
    if kind not in KINDS:
        abort(404)
    found = _report(*_exact(first, last), words=True)
    names = _names()
    body: Any = offload(
        lambda: tables.as_csv(found, names) if kind == "csv" else tables.as_workbook(found, names)
    )
    head = {"Content-Disposition": f'attachment; filename="desk_{first}_{last}.{kind}"'}
    return Response(body, content_type=KINDS[kind], headers=head)


def _report(first: dt.date, last: dt.date, *, words: bool) -> report.Report:
    web, now = services(), utc_now()
    hours, goals = web.contacts.hours, web.goals()

    def work() -> report.Report:
        with web.database.read() as session:
            shifts = worked.spans(session, first, last, hours, now)
            return report.make(session, first, last, hours.zone, goals, shifts=shifts, words=words)

    return offload(work)


def _worked(first: dt.date, last: dt.date) -> list[worked.Worked]:
    web, now = services(), utc_now()
    with web.database.read() as session:
        return worked.of_agents(session, first, last, web.contacts.hours, now)


def _names() -> tables.Names:
    """Take the tables' words from the pages' template."""
    known: Any = current_app.jinja_env.get_template("lead/words.html").module
    topics = flows.topics(services().flows)

    def name(view: str, key: str | None) -> str:
        if view == "topic":
            return str(known.topic(key, topics))
        return str(known.channel(key)) if view == "channel" else str(key)

    return tables.Names(known.heads, known.rating_heads, known.views, name)


def _days(first: str, last: str) -> tuple[dt.date, dt.date]:
    """Read wished days, or take the last four weeks; 422 for what cannot be shown."""
    until = _day(last) if last else _today()
    since = _day(first) if first else until - dt.timedelta(days=DAYS - 1)
    if not 0 <= (until - since).days < LONGEST:
        abort(422)
    return since, until


def _exact(first: str, last: str) -> tuple[dt.date, dt.date]:
    return _days(first or "?", last or "?")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        abort(422)


def _zone() -> ZoneInfo:
    return services().contacts.hours.zone


def _today() -> dt.date:
    return utc_now().astimezone(_zone()).date()
