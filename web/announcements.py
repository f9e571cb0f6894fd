"""Maintenance and outage notices: data/announcements/*.md, each with its start and end."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from search.files import LARGEST_FAQ, Unreadable, read_file

log = logging.getLogger(__name__)
HERE = ZoneInfo("Asia/Shanghai")  # a time without a zone is what the wallet's customers read
LEVELS = ("info", "warning", "outage")


@dataclass(frozen=True, slots=True)
class Announcement:
    """One notice; text is Markdown, start and end are aware or None (open)."""

    id: str
    title: str
    text: str
    level: str
    start: datetime | None
    end: datetime | None

    def holds(self, now: datetime) -> bool:
        """Tell whether the notice is to be shown at a time."""
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)


def current(data: Path, now: datetime) -> list[Announcement]:
    """Read the notices that hold now, the newest first."""
    found = [notice for notice in every(data) if notice.holds(now)]
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda notice: notice.start or oldest, reverse=True)


def every(data: Path) -> list[Announcement]:
    """Read all notices by file name. A file that has gone bad stands as it was when last good."""
    return [kept.notice for kept in _look(data).values() if kept.notice is not None]


def problems(data: Path) -> list[str]:
    """Say which files are bad, and why."""
    return [f"{path}: {kept.reason}" for path, kept in _look(data).items() if kept.reason]


def unreadable(data: Path) -> set[str]:
    """Name the files that are bad: nobody knows whether what they announced is over."""
    return {path.stem for path, kept in _look(data).items() if kept.reason}


@dataclass(slots=True)
class _Kept:
    """What is known of one file. stamp: of the version that was read last."""

    stamp: tuple[int, int] = (0, 0)
    notice: Announcement | None = None
    reason: str = ""


# What the editor's page can address.
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# By content folder and file: a process keeps what was good, and reads only what changed.
_kept: dict[Path, dict[Path, _Kept]] = {}


def _look(data: Path) -> dict[Path, _Kept]:
    known = _kept.setdefault(data, {})
    found: dict[Path, _Kept] = {}
    for path in sorted((data / "announcements").glob("*.md")):
        kept = known.get(path) or _Kept()
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != kept.stamp:
                kept = _Kept(stamp, _read(path))
        except (ValueError, OSError, Unreadable, yaml.YAMLError) as error:
            reason = " ".join(str(error).split())
            if reason != kept.reason:
                log.warning("announcement %s not live: %s", path.name, reason)
            kept = _Kept((0, 0), kept.notice, reason)
        found[path] = kept
    _kept[data] = found
    return found


def _read(path: Path) -> Announcement:
    if not NAME.fullmatch(path.stem):
        raise ValueError("name the file with lower-case letters, digits and single hyphens")
    text = read_file(path, LARGEST_FAQ).decode("utf-8").removeprefix("\ufeff")
    opening, _, rest = text.partition("---\n")
    head, mark, body = rest.partition("\n---")
    if opening.strip() or not mark:
        raise ValueError("needs front matter between two lines of ---")
    fields = yaml.safe_load(head)
    if not isinstance(fields, dict) or not isinstance(fields.get("title"), str):
        raise ValueError("front matter needs a title")
    level = fields.get("level", "info")
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is none of {', '.join(LEVELS)}")
    return Announcement(
        id=path.stem,  # pages and the editor find the file by it
        title=fields["title"],
        text=body.strip().lstrip("-").strip(),
        level=level,
        start=_moment(fields.get("from")),
        end=_moment(fields.get("until"), closing=True),
    )


def _moment(value: Any, *, closing: bool = False) -> datetime | None:
    """Read a time; a bare day means its beginning, or as an end the end of that day."""
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=HERE)
    if isinstance(value, date):
        day = value + timedelta(days=1) if closing else value
        return datetime.combine(day, time(), HERE)
    raise ValueError(f"{value!r} is no time")
