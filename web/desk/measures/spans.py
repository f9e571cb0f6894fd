"""Spans of time by which is counted: days in the desk's zone, as a table that SQL joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, Boolean, Float, String, column, func, select, values
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from web.desk.models import Moment


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` until before `until`, under a name."""

    name: str
    since: datetime
    until: datetime


def days(first: date, last: date, zone: ZoneInfo) -> list[Span]:
    """List the days from the first to the last, from midnight to midnight where the desk is."""
    count = (last - first).days + 1
    return [_day(first + timedelta(days=step), zone) for step in range(max(0, count))]


def whole(first: date, last: date, zone: ZoneInfo) -> Span:
    """Give all those days as one span."""
    return Span("", _day(first, zone).since, _day(last, zone).until)


def today(now: datetime, zone: ZoneInfo) -> Span:
    """Give the day that it is where the desk is."""
    return _day(now.astimezone(zone).date(), zone)


def age(since: datetime | None, now: datetime) -> int:
    """Tell how many seconds ago a moment was; 0 without one."""
    return max(0, int((now - since).total_seconds())) if since else 0


def table(spans: Sequence[Span]) -> CTE:
    """Make a table of spans with the columns span, since and until."""
    rows = [(one.name, one.since, one.until) for one in spans]
    shape = values(
        column("span", String), column("since", Moment), column("until", Moment), name="spans"
    )
    return shape.data(rows).cte("spans")


def within(spans: CTE, at: Any) -> tuple[Any, Any, Any]:
    """Return the conditions of a moment in a span, to be joined by."""
    every = spans.alias()
    first = select(func.min(every.c.since)).scalar_subquery()
    last = select(func.max(every.c.until)).scalar_subquery()
    return at >= spans.c.since, at < spans.c.until, between_all(at, first, last)


class between_all(FunctionElement[bool]):  # noqa: N801 - read as a function of SQL
    """Whether a moment lies between the bounds of all spans: known anyway, and said to PostgreSQL.

    It reads a whole table where it is told of each span's bounds alone; SQLite takes the index.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, at: Any, first: Any, last: Any) -> None:
        super().__init__(at, first, last)


@compiles(between_all, "sqlite")
def _all_on_sqlite(element: between_all, compiler: Any, **options: Any) -> str:
    return "1 = 1"


@compiles(between_all, "postgresql")
def _all_on_postgresql(element: between_all, compiler: Any, **options: Any) -> str:
    at, first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"({at} >= {first} AND {at} < {last})"


class seconds_between(FunctionElement[float]):  # noqa: N801 - read as a function of SQL
    """Seconds from the second moment until the first, on every database."""

    inherit_cache = True
    type = Float()

    def __init__(self, later: Any, earlier: Any) -> None:
        super().__init__(later, earlier)


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: seconds_between, compiler: Any, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"((julianday({later}) - julianday({earlier})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _on_postgresql(element: seconds_between, compiler: Any, **options: Any) -> str:
    later, earlier = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({later} - {earlier})) AS DOUBLE PRECISION)"


def _day(day: date, zone: ZoneInfo) -> Span:
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return Span(day.isoformat(), begin.astimezone(UTC), end.astimezone(UTC))
