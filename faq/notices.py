"""Announcements as files: written, scheduled, ended."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from faq.errors import Refused
from faq.fixing import plain_scalar

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
    """Write the file's text; raises Refused when the notice cannot be shown.

    One that is over is never shown again: whatever was written by hand can be ended.
    """
    if notice.end is None or notice.end > dt.datetime.now(dt.UTC):
        _refuse_unfit(notice)
    lines = ["---", f"id: {notice.id}", f"title: {plain_scalar(' '.join(notice.title.split()))}"]
    lines.append(f"level: {notice.level}")
    for name, moment in (("from", notice.start), ("until", notice.end)):
        if moment is not None:
            lines.append(f"{name}: {json.dumps(moment.isoformat(timespec='minutes'))}")
    return "\n".join([*lines, "---", "", notice.text.replace("\r\n", "\n").strip(), ""])


def _refuse_unfit(notice: Notice) -> None:
    if not notice.title.strip() or len(notice.title) > LONGEST:
        raise Refused(f"a title has {len(notice.title)} characters: write 1 to {LONGEST}")
    if not notice.text.strip():
        raise Refused("the text is missing: write what customers are to read")
    if notice.level not in LEVELS:
        raise Refused(f"level {notice.level!r} is none of {', '.join(LEVELS)}")
    if notice.start and notice.end and notice.start >= notice.end:
        raise Refused(f"the end {notice.end} is not after the start {notice.start}")
