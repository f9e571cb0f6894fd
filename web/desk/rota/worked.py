"""Shifts in review: which there were, who came to them and who was late; by agent and by time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import rows
from web.desk.hours import Hours
from web.desk.measures.spans import Span
from web.desk.rota import plan
from web.desk.rota.arrivals import LATE
from web.desk.rota.plan import Shift
from web.desk.rota.tables import Arrival


@dataclass(frozen=True, slots=True)
class Worked:
    """An agent's shifts that are over. late: came later than is allowed; absent: never came.

    planned, there: seconds of all; the latter from coming to being seen last.
    """

    agent: str
    shifts: int
    late: int
    absent: int
    planned: int
    there: int

    @property
    def punctual(self) -> int:
        """How many shifts they came to in time."""
        return self.shifts - self.late - self.absent


def of_agents(
    session: Session, first: date, last: date, hours: Hours, now: datetime
) -> list[Worked]:
    """Count the shifts of some days that are over, by agent."""
    over = [one for one in plan.read(session, first, last, hours).shifts() if one.until <= now]
    if not over:
        return []
    arrivals = select(Arrival).where(
        Arrival.since >= over[0].since, Arrival.since <= over[-1].since
    )
    came = {(one.agent_id, one.since): one for one in session.scalars(arrivals)}
    theirs: dict[int, list[Shift]] = {}
    for one in over:
        theirs.setdefault(one.agent_id, []).append(one)
    names = rows.names(session, set(theirs))
    found = [_count(names[agent_id], shifts, came) for agent_id, shifts in theirs.items()]
    return sorted(found, key=lambda one: one.agent)


def spans(session: Session, first: date, last: date, hours: Hours, now: datetime) -> list[Span]:
    """List the times of all shifts of some days that have begun, named by their clock times."""
    found = plan.read(session, first, last, hours).shifts()
    times = sorted({(one.since, one.until) for one in found if one.since <= now})
    return [Span(_named(since, until, hours.zone), since, until) for since, until in times]


def _named(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    return f"{since.astimezone(zone):%H:%M}–{until.astimezone(zone):%H:%M}"


def _count(agent: str, shifts: list[Shift], came: dict[tuple[int, datetime], Arrival]) -> Worked:
    seen = [(one, came.get((one.agent_id, one.since))) for one in shifts]
    return Worked(
        agent=agent,
        shifts=len(shifts),
        late=sum(its is not None and its.came_at - one.since >= LATE for one, its in seen),
        absent=sum(its is None for _, its in seen),
        planned=_seconds(one.until - one.since for one in shifts),
        there=_seconds(min(its.seen_at, one.until) - its.came_at for one, its in seen if its),
    )


def _seconds(lengths: Iterable[timedelta]) -> int:
    return int(sum(lengths, timedelta()).total_seconds())
