"""When each channel is open, and how busy the lines are then: one settings file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes
AHEAD = 60  # days in which the next opening is looked for
Span = tuple[int, int]  # minutes of the day, from and until; beyond 1440: into the next day
Week = tuple[tuple[Span, ...], ...]  # spans of each weekday, Monday first


class BadHours(ValueError):
    """The settings file cannot be used; the message names the place.

    kind: "day" or "span" where one is written wrongly, else empty. value: how it is written.
    """

    def __init__(self, message: str, kind: str = "", value: object = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.value = value


class _Unfit(ValueError):
    """A day or span that is written wrongly."""

    def __init__(self, kind: str, value: object, sentence: str) -> None:
        super().__init__(f"{value!r} {sentence}")
        self.kind = kind
        self.value = value


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours per channel, days off, and the busy and quiet times of the lines.

    workdays: days worked as another weekday is (调休), by its number from Monday = 0; they win over
    the holidays. A span over midnight belongs to the day on which it begins.
    """

    zone: ZoneInfo
    channels: dict[str, Week]
    holidays: frozenset[date]
    busy: Week
    quiet: Week
    workdays: Mapping[date, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Hours:
        """Read the settings file; raises OSError, BadHours."""
        return cls.of(yaml.safe_load(path.read_text(encoding="utf-8")), path)

    @classmethod
    def of(cls, raw: Any, path: Path) -> Hours:
        """Take what the settings file says; path: for messages. Raises BadHours."""
        try:
            return cls(
                zone=ZoneInfo(raw.get("timezone", "Asia/Shanghai")),
                channels={name: _week(week) for name, week in raw["channels"].items()},
                holidays=frozenset(
                    day for named in raw.get("holidays") or () for day in _days_of(named)
                ),
                workdays=_workdays(raw.get("workdays") or {}),
                busy=_week(raw.get("busy") or {}),
                quiet=_week(raw.get("quiet") or {}),
            )
        except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
            kind, value = getattr(error, "kind", ""), getattr(error, "value", "")
            raise BadHours(f"{path}: {error}", kind, value) from error

    def is_open(self, channel: str, at: datetime) -> bool:
        """Tell whether a channel is open at a time; one that the file does not name never is."""
        here = at.astimezone(self.zone)
        week = self.channels.get(channel)
        return week is not None and self._within(week, here)

    def next_opening(self, channel: str, at: datetime) -> datetime | None:
        """Return when a channel opens next: `at` itself while it is open, None within 60 days."""
        if self.is_open(channel, at):
            return at
        here = at.astimezone(self.zone)
        for ahead in range(AHEAD):
            day = here.date() + timedelta(days=ahead)
            week = self.channels.get(channel)
            if week is None:
                break
            for start, _ in sorted(self.spans_of(week, day)):
                opening = datetime.combine(day, time(), self.zone) + timedelta(minutes=start)
                if opening > here:
                    return opening.astimezone(at.tzinfo)
        return None

    def load(self, at: datetime) -> Literal["busy", "quiet", "normal"]:
        """Tell how busy the lines are: known for working days only."""
        here = at.astimezone(self.zone)
        if self._within(self.busy, here):
            return "busy"
        return "quiet" if self._within(self.quiet, here) else "normal"

    def spans_of(self, week: Week, day: date) -> tuple[Span, ...]:
        """Give what a week has on a day: nothing on a holiday, another weekday's on 调休."""
        if day in self.workdays:
            return week[self.workdays[day]]
        return () if day in self.holidays else week[day.weekday()]

    def _within(self, week: Week, here: datetime) -> bool:
        minute = here.hour * 60 + here.minute
        for back in (0, 1):  # last night's span may not be over
            spans = self.spans_of(week, here.date() - timedelta(days=back))
            if any(start <= minute + back * DAY < end for start, end in spans):
                return True
        return False


def _week(raw: dict[str, Any]) -> Week:
    """Read {"mon-fri": ["09:00-18:00", …], "sat": "10:00-12:00"}."""
    days: list[tuple[Span, ...]] = [()] * 7
    for name, spans in raw.items():
        first, _, last = str(name).partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise _Unfit("day", name, f"is no day or range of days ({', '.join(DAYS)})")
        begin = DAYS.index(first)
        count = (DAYS.index(last or first) - begin) % 7 + 1  # sat-mon goes over Sunday
        for at in ((begin + step) % 7 for step in range(count)):
            days[at] = tuple(
                read_span(span) for span in ([spans] if isinstance(spans, str) else spans)
            )
    return tuple(days)


def read_span(text: str) -> Span:
    """Read a span such as 09:00-18:00 or, over midnight, 21:00-02:00; raises ValueError."""
    start, dash, end = text.partition("-")
    if not dash:
        raise _Unfit("span", text, "is no span such as 09:00-18:00")
    try:
        begin, until = _minute(start), _minute(end)
    except ValueError as error:
        raise _Unfit("span", text, f"is no span: {error}") from None
    if begin >= DAY or begin == until:
        known = "09:00-18:00 or, over midnight, 21:00-02:00"
        raise _Unfit("span", text, f"is no span such as {known}")
    return begin, until if until > begin else until + DAY


def _minute(text: str) -> int:
    hours, minutes = (int(part) for part in text.strip().split(":"))
    if not (0 <= minutes < 60 and 0 <= hours * 60 + minutes <= DAY):
        raise ValueError(f"{text!r} is no time of day")
    return hours * 60 + minutes


def _days_of(named: Any) -> list[date]:
    """Read a holiday: one day, or a range such as 2026-10-01..2026-10-07, both ends included."""
    first, _, last = str(named).partition("..")
    begin, end = _day(first.strip()), _day((last or first).strip())
    if not 0 <= (end - begin).days < 366:
        raise ValueError(f"{named!r} is no range of days such as 2026-10-01..2026-10-07")
    return [begin + timedelta(days=step) for step in range((end - begin).days + 1)]


def _workdays(raw: Any) -> dict[date, int]:
    """Read the days worked instead: {2026-10-10: wed}, or a list of days worked like a Monday."""
    named = raw.items() if isinstance(raw, dict) else [(day, "mon") for day in raw]
    days = {}
    for day, like in named:
        if like not in DAYS:
            raise _Unfit("day", like, f"is no day ({', '.join(DAYS)})")
        days[_day(day)] = DAYS.index(like)
    return days


def _day(raw: Any) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
