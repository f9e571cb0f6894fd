"""排班: each agent's week, and days that differ from it, as a lead writes them down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import rows
from web.desk.errors import BadRota, NotFound, WrongState
from web.desk.hours import DAYS, Hours, Span, read_span
from web.desk.models import Agent
from web.desk.rota import edits, plan
from web.desk.rota.tables import RotaDay
from web.lead import weeks
from web.lead.pages import page
from web.services import services, utc_now

blueprint = Blueprint("lead_rota", __name__, url_prefix="/console/rota")
SPANS = 2  # a day: before and after a long break


@blueprint.get("")
def week() -> str:
    """Show a week of everybody: the one in which `day` lies, by default this one."""
    return page("lead/rota.html", sheet=weeks.wished(request.args), mine=None)


@blueprint.get("/<int:agent_id>")
def edit(agent_id: int) -> str:
    """Show an agent's week and the days that differ, to be changed."""
    return _edit(agent_id)


@blueprint.post("/<int:agent_id>/week")
def save(agent_id: int) -> Any:
    """Let the agent work so from a day on."""
    form = request.form

    def work(session: Session, _: Hours) -> None:
        since = _coming(form.get("since", ""))
        week = tuple(_spans(form, f"-{at}") for at in range(len(DAYS)))
        edits.set_week(session, agent_id, _edition(), since, week)

    return _change(agent_id, work, "week")


@blueprint.post("/<int:agent_id>/days")
def differ(agent_id: int) -> Any:
    """Let one day be off, at other times, or swapped with a colleague."""
    form = request.form
    kind = form.get("kind", "")
    if kind not in ("off", "other", "swapped"):
        abort(422)

    def work(session: Session, hours: Hours) -> None:
        day = _coming(form.get("day", ""))
        if kind == "swapped":
            other = int(form["with"]) if form.get("with", "").isdecimal() else agent_id
            edits.swap(session, agent_id, _edition(), day, other, hours)
            return
        spans = _spans(form) if kind == "other" else ()
        if kind == "other" and not spans:
            raise BadRota("span")
        edits.set_day(session, agent_id, _edition(), day, spans, hours)

    return _change(agent_id, work, "day", form.get("day"))


@blueprint.post("/<int:agent_id>/days/<day>/undo")
def undo(agent_id: int, day: str) -> Any:
    """Let a day be as the week says again; a swap ends for both."""

    def work(session: Session, _: Hours) -> None:
        edits.undo(session, agent_id, _edition(), _coming(day))

    return _change(agent_id, work, "undone", day)


def _change(
    agent_id: int, work: Callable[[Session, Hours], None], said: str, day: str | None = None
) -> Any:
    """Carry a change out and say so, or show the page again with what was wrong and typed.

    day: of which week the page leads back.
    """
    web = services()
    try:
        with web.database.write() as session:
            work(session, web.contacts.hours)
    except BadRota as error:
        return _edit(agent_id, wrong=error.kind, form=request.form), 422
    except WrongState:
        return _edit(agent_id, wrong="changed"), 409
    except NotFound:
        if said != "undone":
            raise
        return _edit(agent_id, wrong="changed"), 409
    web.bus.publish("desk")
    return redirect(url_for(".edit", agent_id=agent_id, said=said, day=day), 303)


def _edit(agent_id: int, **said: Any) -> str:
    web, today = services(), _today()
    hours = web.contacts.hours
    with web.database.read() as session:
        agent = session.get(Agent, agent_id)
        planned = plan.read(session, today, today + weeks.WEEK, hours)
        if agent is None or agent_id not in planned.agents:
            abort(404)
        query = select(RotaDay).where(RotaDay.agent_id == agent_id, RotaDay.day >= today)
        differing = session.scalars(query.order_by(RotaDay.day)).all()
        names = rows.names(session, planned.agents)
        all_weeks = plan.weeks_of(session, agent_id)
    current = next((week for since, week in all_weeks if since <= today), ((),) * len(DAYS))
    return page(
        "lead/rota_agent.html",
        agent=agent,
        week=current,
        coming=[one for one in reversed(all_weeks) if one[0] > today],
        differing=differing,
        names=names,
        others=[one for one in planned.agents if one != agent_id],
        today=today,
        day=weeks.day_of(request.args.get("day", "")) or today,
        slots=range(SPANS),
        saved=request.args.get("said", ""),
        **{"wrong": None, "form": {}, **said},
    )


def _spans(form: Mapping[str, str], suffix: str = "") -> tuple[Span, ...]:
    """Read a day's spans from its fields of time; a pair left empty is none."""
    found = []
    for slot in range(SPANS):
        pair = [form.get(f"{name}{suffix}-{slot}", "").strip() for name in ("from", "until")]
        if any(pair):
            try:
                found.append(read_span("-".join(pair)))
            except ValueError:
                raise BadRota("span") from None
    return tuple(sorted(found))


def _edition() -> int:
    text = request.form.get("edition", "")
    return int(text) if text.isdecimal() else abort(422)


def _coming(text: str) -> dt.date:
    """Read a day that is not over: what was worked stays as it was."""
    day = weeks.day_of(text) or abort(422)
    if day < _today():
        raise BadRota("past")
    return day


def _today() -> dt.date:
    return weeks.today(services().contacts.hours, utc_now())
