"""A week of the rota as pages show it: who works when, and when nobody is there to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort
from sqlalchemy.orm import Session

from web.desk import rows
from web.desk.hours import DAY, Hours, Span
from web.desk.rota import plan
from web.desk.rota.plan import ONE, Day, Plan
from web.desk.tickets import CHANNEL
from web.services import services, utc_now

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """One agent's days. minutes: of the week."""

    agent_id: int
    name: str
    days: tuple[Day, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A week from its Monday on. names: of agents by id; alone: spans of each day in which the chat
    is open and nobody is to be there, empty while there is no rota at all."""

    monday: date
    days: tuple[date, ...]
    holidays: frozenset[date]
    today: date
    rows: tuple[Row, ...]
    names: dict[int | None, str]
    alone: tuple[tuple[Span, ...], ...]

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.monday - WEEK

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.monday + WEEK


def sheet(session: Session, day: date, hours: Hours, now: datetime) -> Sheet:
    """Lay out the week in which a day lies."""
    monday = day - ONE * day.weekday()
    days = tuple(monday + ONE * step for step in range(7))
    wide = plan.read(session, monday - ONE, days[-1] + ONE, hours)
    names = rows.names(session, wide.agents)
    shown = []
    for agent_id in wide.agents:
        theirs = tuple(wide.on(agent_id, one) for one in days)
        minutes = sum(end - start for day in theirs for start, end in day.spans)
        shown.append(Row(agent_id, names[agent_id], theirs, minutes))
    planned = any(row.minutes for row in shown)
    return Sheet(
        monday=monday,
        days=days,
        holidays=frozenset(one for one in days if one in hours.holidays - set(hours.workdays)),
        today=today(hours, now),
        rows=tuple(shown),
        names=names,
        alone=tuple(_alone(wide, one) if planned else () for one in days),
    )


def wished(args: Mapping[str, str]) -> Sheet:
    """Lay out the week in which the wished `day` lies, this one by default; 422 for no day."""
    web, now = services(), utc_now()
    hours = web.contacts.hours
    day = day_of(args.get("day", "")) or today(hours, now)
    with web.database.read() as session:
        return sheet(session, day, hours, now)


def day_of(text: str) -> date | None:
    """Read a day; None where none is given, 422 where it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        abort(422)


def today(hours: Hours, now: datetime) -> date:
    """Tell which day it is at the desk."""
    return now.astimezone(hours.zone).date()


def _alone(wide: Plan, day: date) -> tuple[Span, ...]:
    """Take what anybody works from what is open, yesterday's night included."""
    opening = wide.hours.channels.get(CHANNEL)
    worked = [
        (start + DAY * step, end + DAY * step)
        for step in (-1, 0, 1)
        for agent_id in wide.agents
        for start, end in wide.on(agent_id, day + ONE * step).spans
    ]
    spans = wide.hours.spans_of(opening, day) if opening else ()
    return tuple(left for span in spans for left in _rest(span, sorted(worked)))


def _rest(span: Span, worked: Sequence[Span]) -> Iterable[Span]:
    at, until = span
    for start, end in worked:
        if start >= until:
            break
        if start > at:
            yield at, start
        at = max(at, end)
    if at < until:
        yield at, until
