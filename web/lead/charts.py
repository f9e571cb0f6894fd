"""Where the bars and dots of a report's charts stand; the template draws them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 640, 190
LEFT, TOP, FOOT = 44, 12, 24
LABELS = 9  # days that are named below at most


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of one day. y: where it stands, None without a value; height down to the ground."""

    x: float
    width: float
    y: float | None
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of marks over the same days. rules: (y, value) of the lines across; goal: its y.

    labels: (x, number of the day) below.
    """

    rows: tuple[tuple[Mark, ...], ...]
    rules: tuple[tuple[float, float], ...]
    labels: tuple[tuple[float, int], ...]
    goal: float | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def lay_out(rows: Sequence[Sequence[float | None]], goal: float | None = None) -> Chart:
    """Lay out rows of values, one of each a day, from zero to a round number above the highest."""
    values = [value for row in rows for value in row if value is not None]
    most = _round_up(max([1.0, goal or 0.0, *values]))
    ground, room = HEIGHT - FOOT, HEIGHT - FOOT - TOP
    days = max((len(row) for row in rows), default=0)
    step = (WIDTH - LEFT) / max(1, days)
    wide = min(step * 0.7, 44.0)

    def level(value: float) -> float:
        return round(ground - room * value / most, 1)

    marks = tuple(
        tuple(
            Mark(
                x=round(LEFT + step * place + (step - wide) / 2, 1),
                width=round(wide, 1),
                y=None if value is None else level(value),
                height=0.0 if value is None else round(ground - level(value), 1),
            )
            for place, value in enumerate(row)
        )
        for row in rows
    )
    every = ceil(days / LABELS) if days else 1
    labels = tuple(
        (round(LEFT + step * (place + 0.5), 1), place) for place in range(0, days, every)
    )
    rules = tuple((level(most * part / 2), most * part / 2) for part in (0, 1, 2))
    return Chart(marks, rules, labels, None if goal is None else level(goal))


def _round_up(value: float) -> float:
    """Round up to a number whose half is read easily."""
    power = 10.0 ** int(log10(value))
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)
