"""Announcements as files: written, scheduled, ended."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from faq.errors import Refused
from faq.mending import plain_scalar

LEVELS = ("info", "warning", "outage")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement; start and end are aware, None when open."""

    id: str
    title: str
    text: str
    level: str
    start: dt.datetime | None
    end: dt.datetime | None


def compose(notice: Notice) -> str:
    """Write the file's text; raises Refused when the notice cannot be shown."""
    if not notice.title.strip() or len(notice.title) > LONGEST:
        raise Refused(f"a title has 1 to {LONGEST} characters")
    if not notice.text.strip():
        raise Refused("the text is missing")
    if notice.level not in LEVELS:
        raise Refused(f"level {notice.level!r} is none of {', '.join(LEVELS)}")
    if notice.start and notice.end and notice.start >= notice.end:
        raise Refused("the end is not after the start")
    lines = ["---", f"id: {notice.id}", f"title: {plain_scalar(' '.join(notice.title.split()))}"]
    lines.append(f"level: {notice.level}")
    for name, moment in (("from", notice.start), ("until", notice.end)):
        if moment is not None:
            lines.append(f"{name}: {json.dumps(moment.isoformat(timespec='minutes'))}")
    return "\n".join([*lines, "---", "", notice.text.replace("\r\n", "\n").strip(), ""])
