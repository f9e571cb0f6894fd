"""What became of a simulated day at the desk, in figures; see desk_day.py."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

from benchmarks.desk_people import Customer

if TYPE_CHECKING:
    from benchmarks.desk_day import Day


def report(day: Day) -> dict[str, float]:
    """Print what became of a day; returns the figures that are compared."""
    figures: dict[str, float] = {}
    print(f"\n{day.way}")
    for kind in ("life", "urgent", "other"):
        chats = [one for one in day.people if one.by == "chat" and one.urgency == kind]
        waits = sorted(one.taken - one.came for one in chats if one.taken is not None)
        gone = sum(one.left is not None for one in chats)
        shown = [f"{_part(waits, share):6.0f} s" for share in (0.5, 0.8, 0.95, 1)]
        print(
            f"  wait, {kind:7} {'/'.join(shown)}  (half/80 %/95 %/all; {gone} of {len(chats)} left)"
        )
        figures[f"{kind} 80 %"], figures[f"{kind} left"] = _part(waits, 0.8), gone
    told = [one for one in day.people if one.high is not None]
    judged = [one for one in told if one.taken is not None or _late(one)]
    kept = sum(one.taken is not None and not _late(one) for one in judged)
    figures["kept"] = 100 * kept / len(judged) if judged else 0.0
    print(f"  told a time and judged: {len(judged)}, kept {figures['kept']:.0f} %")
    loads = [one.had / 8 for one in day.staff.values()]
    figures["unfair"] = pstdev(loads) / fmean(loads)
    low, high = min(loads), max(loads)
    print(f"  cases an hour by agent: {low:.1f} to {high:.1f}, spread {figures['unfair']:.2f}")
    figures["idle"] = (day.idle - day.skilled) / 3600
    print(f"  seats idle while somebody waits: {figures['idle']:.2f} h", end="")
    print(f", and {day.skilled / 3600:.2f} h for skill's sake" if day.way == "offered" else "")
    print(f"  callbacks late by {median(day.late_calls or [0.0]):.0f} s (half)")
    return figures


def _late(one: Customer) -> bool:
    end = one.taken if one.taken is not None else one.left
    return one.high is not None and end is not None and end - one.came > one.high


def _part(values: Sequence[float], share: float) -> float:
    return values[max(0, -(-int(len(values) * share * 100) // 100) - 1)] if values else 0.0
