"""When each channel is open, and how busy the lines are then: one settings file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = 60  # days in which the next opening is looked for
Span = tuple[int, int]  # minutes of the day, from and until
Week = tuple[tuple[Span, ...], ...]  # spans of each weekday, Monday first


class BadHours(ValueError):
    """The settings file cannot be used; the message names the place."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours per channel, days off, and the busy and quiet times of the lines."""

    zone: ZoneInfo
    channels: dict[str, Week]
    holidays: frozenset[date]
    busy: Week
    quiet: Week

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
                holidays=frozenset(_day(day) for day in raw.get("holidays") or ()),
                busy=_week(raw.get("busy") or {}),
                quiet=_week(raw.get("quiet") or {}),
            )
        except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
            raise BadHours(f"{path}: {error}") from error

    def is_open(self, channel: str, at: datetime) -> bool:
        """Tell whether a channel is open at a time; one that the file does not name never is."""
        here = at.astimezone(self.zone)
        week = self.channels.get(channel)
        if week is None or here.date() in self.holidays:
            return False
        return _within(week, here)

    def next_opening(self, channel: str, at: datetime) -> datetime | None:
        """Return when a channel opens next: `at` itself while it is open, None within 60 days."""
        if self.is_open(channel, at):
            return at
        here = at.astimezone(self.zone)
        for ahead in range(AHEAD):
            day = here.date() + timedelta(days=ahead)
            week = self.channels.get(channel)
            if week is None or day in self.holidays:
                continue
            for start, _ in sorted(week[day.weekday()]):
                opening = datetime.combine(day, time(), self.zone) + timedelta(minutes=start)
                if opening > here:
                    return opening.astimezone(at.tzinfo)
        return None

    def load(self, at: datetime) -> Literal["busy", "quiet", "normal"]:
        """Tell how busy the lines are: known for working days only."""
        here = at.astimezone(self.zone)
        if here.date() in self.holidays:
            return "normal"
        if _within(self.busy, here):
            return "busy"
        return "quiet" if _within(self.quiet, here) else "normal"


def _within(week: Week, here: datetime) -> bool:
    minute = here.hour * 60 + here.minute
    return any(start <= minute < end for start, end in week[here.weekday()])


def _week(raw: dict[str, Any]) -> Week:
    """Read {"mon-fri": ["09:00-18:00", …], "sat": "10:00-12:00"}."""
    days: list[tuple[Span, ...]] = [()] * 7
    for name, spans in raw.items():
        first, _, last = str(name).partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{name!r} is no day or range of days ({', '.join(DAYS)})")
        for at in range(DAYS.index(first), DAYS.index(last or first) + 1):
            days[at] = tuple(_span(span) for span in ([spans] if isinstance(spans, str) else spans))
    return tuple(days)


def _span(text: str) -> Span:
    start, dash, end = text.partition("-")
    span = _minute(start), _minute(end)
    if not dash or not 0 <= span[0] < span[1] <= 24 * 60:
        raise ValueError(f"{text!r} is no span such as 09:00-18:00")
    return span


def _minute(text: str) -> int:
    hours, minutes = (int(part) for part in text.strip().split(":"))
    return hours * 60 + minutes


def _day(raw: Any) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
