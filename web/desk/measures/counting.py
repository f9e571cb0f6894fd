"""Facts counted and spread over days, agents, topics or channels, by the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from web.desk.measures.facts import Facts

By = Literal["span", "agent_id", "topic", "channel"]
Key = str | int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How a measure is spread: how many, and what half, 80 and 95 per cent of them stay within.

    within: how many stay within the goal. none: how many have no value.
    """

    count: int = 0
    median: float | None = None
    p80: float | None = None
    p95: float | None = None
    within: int = 0
    none: int = 0

    @property
    def share(self) -> float | None:
        """Per cent within the goal, of all that there were; None of nothing."""
        total = self.count + self.none
        return 100 * self.within / total if total else None


def count(session: Session, facts: Facts, by: By) -> dict[Key, int]:
    """Count facts by one of their columns."""
    found = facts.subquery("facts")
    key = found.c[by]
    query = select(key, func.count()).group_by(key)
    return {row[0]: row[1] for row in session.execute(query)}


def mean(session: Session, facts: Facts, by: By) -> dict[Key, tuple[int, float]]:
    """Count facts and take the mean of their values."""
    found = facts.subquery("facts")
    key = found.c[by]
    query = select(key, func.count(), func.avg(found.c.value)).group_by(key)
    return {row[0]: (row[1], float(row[2])) for row in session.execute(query) if row[2] is not None}


def spread(session: Session, facts: Facts, by: By, goal: float = 0) -> dict[Key, Spread]:
    """Spread the values of facts by one of their columns (nearest rank). goal: the most allowed."""
    found = facts.cte("facts")
    key, value = found.c[by], found.c.value
    ranked = (
        select(
            key.label("key"),
            value.label("value"),
            func.row_number().over(partition_by=key, order_by=value).label("place"),
            func.count().over(partition_by=key).label("total"),
        )
        .where(value.is_not(None))
        .cte("ranked")
    )

    def rank(percent: int) -> object:
        reached = ranked.c.place * 100 >= ranked.c.total * percent
        return func.min(case((reached, ranked.c.value)))

    within = func.sum(case((ranked.c.value <= goal, 1), else_=0))
    query = select(
        ranked.c.key,
        func.count(),
        rank(50),
        rank(80),
        rank(95),
        within,  # type: ignore[call-overload]
    ).group_by(ranked.c.key)
    shown = {row[0]: Spread(*row[1:6]) for row in session.execute(query)}
    empty = select(key, func.count()).where(value.is_(None)).group_by(key)
    for row in session.execute(empty):
        known = shown.get(row[0], Spread())
        shown[row[0]] = Spread(
            known.count, known.median, known.p80, known.p95, known.within, row[1]
        )
    return shown
