"""Who is to be at the desk when: weeks and days that differ, laid out as shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk.attendance import ROLES
from web.desk.hours import Hours, Span, Week
from web.desk.models import Agent
from web.desk.rota.tables import RotaDay, RotaWeek

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent is to be there from `since` until before `until`."""

    agent_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """What an agent works on a day. kind: "", or how it differs from the week; with_id: swapped."""

    spans: tuple[Span, ...]
    kind: str = ""
    with_id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The rota of the agents over some days.

    weeks: agent → (from which day on, week), the latest first. days: what differs from these.
    """

    hours: Hours
    first: date
    last: date
    agents: tuple[int, ...]
    weeks: Mapping[int, Sequence[tuple[date, Week]]]
    days: Mapping[tuple[int, date], Day]

    def on(self, agent_id: int, day: date) -> Day:
        """Tell what an agent works on a day; a holiday is off, unless that day says otherwise."""
        if (agent_id, day) in self.days:
            return self.days[agent_id, day]
        for since, week in self.weeks.get(agent_id, ()):
            if since <= day:
                return Day(tuple(sorted(self.hours.spans_of(week, day))))
        return Day(())

    def shifts(self) -> list[Shift]:
        """Lay out every shift that begins on one of the days, in the order of their beginnings."""
        found = [
            Shift(agent_id, *self._between(day, span))
            for day in self.dates()
            for agent_id in self.agents
            for span in self.on(agent_id, day).spans
        ]
        return sorted(found, key=lambda one: (one.since, one.agent_id))

    def dates(self) -> list[date]:
        """List the days."""
        return [self.first + ONE * step for step in range((self.last - self.first).days + 1)]

    def _between(self, day: date, span: Span) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time(), self.hours.zone)
        start, end = (midnight + timedelta(minutes=minutes) for minutes in span)
        return start.astimezone(UTC), end.astimezone(UTC)


def read(session: Session, first: date, last: date, hours: Hours) -> Plan:
    """Read the rota of those who answer customers, from the first to the last day."""
    theirs = select(Agent.id).where(Agent.active, Agent.role.in_(ROLES)).order_by(Agent.id)
    weeks: dict[int, list[tuple[date, Week]]] = {}
    query = select(RotaWeek).where(RotaWeek.since <= last).order_by(RotaWeek.since.desc())
    for row in session.scalars(query):
        week = tuple(_spans(day) for day in row.week)
        weeks.setdefault(row.agent_id, []).append((row.since, week))
    differing = select(RotaDay).where(RotaDay.day >= first, RotaDay.day <= last)
    return Plan(
        hours=hours,
        first=first,
        last=last,
        agents=tuple(session.scalars(theirs)),
        weeks=weeks,
        days={
            (row.agent_id, row.day): Day(_spans(row.spans), row.kind, row.with_id)
            for row in session.scalars(differing)
        },
    )


def weeks_of(session: Session, agent_id: int) -> list[tuple[date, Week]]:
    """List an agent's weeks with the day from which each holds, the latest first."""
    query = select(RotaWeek).where(RotaWeek.agent_id == agent_id)
    found = session.scalars(query.order_by(RotaWeek.since.desc()))
    return [(row.since, tuple(_spans(day) for day in row.week)) for row in found]


def around(session: Session, now: datetime, hours: Hours) -> Plan:
    """Read the rota of yesterday, whose nights may last, today and tomorrow."""
    today = now.astimezone(hours.zone).date()
    return read(session, today - ONE, today + ONE, hours)


def next_shift(session: Session, now: datetime, hours: Hours) -> datetime | None:
    """Tell when the next shift begins, until tomorrow's last; None where none is planned."""
    begins = (one.since for one in around(session, now, hours).shifts())
    return next((since for since in begins if since > now), None)


def _spans(raw: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in raw)
