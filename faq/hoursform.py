"""The opening hours as fields: weeks, days off, days worked instead; and back into the file.

A part that says what it said before keeps its lines with their comments.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from faq.errors import Refused
from faq.writing import open_yaml, quoted
from web.desk.hours import DAYS

MIDNIGHT, END = "00:00", "24:00"  # a day's end is a time that no clock shows
CHANNELS = ("chat", "callback", "video")
LOADS = ("busy", "quiet")
Week = list[dict[str, Any]]  # {"days": [0, 1], "spans": [["09:00", "18:00"]]}, Monday is 0


def fields(text: str) -> str:
    """Return the file as JSON: zone, weeks by name, holidays and workdays as pairs."""
    return json.dumps(_read(open_yaml().load(text)), ensure_ascii=False)


def put(text: str, told: str) -> str:
    """Return the file with what a form says; raises Refused, ValueError."""
    editor = open_yaml()
    document = editor.load(text)
    before, wanted = _read(document), _checked(json.loads(told))
    if wanted["timezone"] != before["timezone"]:
        document["timezone"] = wanted["timezone"]
    for name, week in wanted["weeks"].items():
        if name not in before["weeks"]:
            raise Refused(f"{name!r} is none of the weeks")
        if _by_day(week) != _by_day(before["weeks"][name]):
            where = document if name in LOADS else document["channels"]
            where[name] = _week(week)
    if wanted["holidays"] != before["holidays"]:
        document["holidays"] = _flow(
            first if first == last else f"{first}..{last}" for first, last in wanted["holidays"]
        )
    if wanted["workdays"] != before["workdays"]:
        document["workdays"] = _flowed({date.fromisoformat(d): n for d, n in wanted["workdays"]})
    out = io.StringIO()
    editor.dump(document, out)
    return out.getvalue()


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    channels = {**{name: {} for name in CHANNELS}, **document["channels"]}
    weeks = {**channels, **{name: document.get(name) or {} for name in LOADS}}
    workdays = document.get("workdays") or {}
    pairs = workdays.items() if isinstance(workdays, Mapping) else ((d, "mon") for d in workdays)
    return {
        "timezone": str(document.get("timezone", "Asia/Shanghai")),
        "weeks": {name: _rows(week) for name, week in weeks.items()},
        "holidays": [_range(str(named)) for named in document.get("holidays") or ()],
        "workdays": [[str(day), str(like)] for day, like in pairs],
    }


def _rows(week: Mapping[str, Any]) -> Week:
    """Lay a week out: days with the same spans stand together."""
    by_day: list[list[list[str]]] = [[] for _ in DAYS]
    for name, spans in week.items():
        written = [spans] if isinstance(spans, str) else spans
        pairs = [[part.strip() for part in str(span).split("-", 1)] for span in written]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"{written!r} are no spans")
        for day in _days(str(name)):
            by_day[day] = [[_padded(at), _padded(until)] for at, until in pairs]
    return _grouped(by_day)


def _grouped(by_day: Sequence[list[list[str]]]) -> Week:
    rows: Week = []
    for day, spans in enumerate(by_day):
        same = next((row for row in rows if row["spans"] == spans), None)
        if same is not None:
            same["days"].append(day)
        elif spans:
            rows.append({"days": [day], "spans": spans})
    return rows


def _by_day(week: Week) -> list[list[list[str]]]:
    """Return the spans of each day; a day in two rows has those of both."""
    by_day: list[list[list[str]]] = [[] for _ in DAYS]
    for row in week:
        for day in row["days"]:
            by_day[day] += [span for span in row["spans"] if span not in by_day[day]]
    return [sorted(spans) for spans in by_day]


def _week(week: Week) -> CommentedMap:
    """Write a week: {mon-fri: ["09:00-12:00", "14:00-18:00"], sun: "10:00-12:00"}."""
    found: dict[str, Any] = {}
    for spans, run in groupby(enumerate(_by_day(week)), key=lambda one: one[1]):
        days = [day for day, _ in run]
        texts = [quoted(f"{at}-{until}") for at, until in spans]
        if texts:
            name = DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
            found[name] = texts[0] if len(texts) == 1 else _flow(texts)
    return _flowed(found)


def _checked(told: Any) -> dict[str, Any]:
    """Read what a form sends; raises Refused for another shape."""
    try:
        return {
            "timezone": str(told["timezone"]).strip(),
            "weeks": {
                str(name): [
                    {"days": [_day(day) for day in row["days"]], "spans": _spans(row["spans"])}
                    for row in week
                ]
                for name, week in told["weeks"].items()
            },
            "holidays": [_range("..".join(pair)) for pair in told["holidays"]],
            "workdays": [[date.fromisoformat(d).isoformat(), like] for d, like in told["workdays"]],
        }
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise Refused(f"these are no hours: {error}") from None


def _spans(pairs: Iterable[Sequence[str]]) -> list[list[str]]:
    """Read spans; midnight at the end is the day's end."""
    found = []
    for at, until in pairs:
        found.append([_padded(at), END if until == MIDNIGHT else _padded(until)])
    return found


def _day(raw: Any) -> int:
    if raw not in range(len(DAYS)):
        raise ValueError(f"{raw!r} is no day")
    return int(raw)


def _days(name: str) -> list[int]:
    first, _, last = name.partition("-")
    begin = DAYS.index(first)
    count = (DAYS.index(last or first) - begin) % len(DAYS) + 1
    return [(begin + step) % len(DAYS) for step in range(count)]


def _range(named: str) -> list[str]:
    first, _, last = (part.strip() for part in named.partition(".."))
    ends = [date.fromisoformat(first), date.fromisoformat(last or first)]
    return [end.isoformat() for end in ends]


def _padded(at: str) -> str:
    """Write a time with two digits each; what is none stays for the reader to refuse."""
    found = re.fullmatch(r"(\d{1,2}):(\d{1,2})", at)
    return f"{int(found[1]):02}:{int(found[2]):02}" if found else at[:5]


def _flow(entries: Iterable[Any]) -> CommentedSeq:
    made = CommentedSeq(entries)
    made.fa.set_flow_style()
    return made


def _flowed(entries: Mapping[Any, Any]) -> CommentedMap:
    made = CommentedMap(entries)
    made.fa.set_flow_style()
    return made
