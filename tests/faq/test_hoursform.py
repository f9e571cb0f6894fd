"""Opening hours as fields: what nobody touched keeps its lines, the rest is read as meant."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from faq import hoursform
from faq.errors import Refused
from web.desk.hours import Hours

FILE = """\
# Ours.
timezone: Asia/Shanghai
channels:
  chat: {mon-fri: "09:00-18:00", sat-mon: '21:00-02:00'}  # nights
  video: {mon: ["9:00-12:00", "14:00-18:00"]}
holidays: [2026-10-01..2026-10-07, 2027-01-01]
workdays: [2026-10-10]
busy: {}
"""


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Shanghai"))


def written(text: str, **changes: object) -> tuple[str, Hours]:
    """Change parts of the form; returns the file and what its reader makes of it."""
    form = json.loads(hoursform.fields(text))
    form["weeks"] |= changes.pop("weeks", {})
    new = hoursform.put(text, json.dumps(form | changes))
    return new, Hours.of(yaml.safe_load(new), Path("hours.yml"))


def test_a_form_that_nobody_touched_leaves_the_file_as_it_is() -> None:
    assert hoursform.put(FILE, hoursform.fields(FILE)) == FILE


def test_days_with_the_same_hours_stand_together_and_the_last_to_name_a_day_holds() -> None:
    form = json.loads(hoursform.fields(FILE))
    assert form["weeks"]["chat"] == [
        {"days": [0, 5, 6], "spans": [["21:00", "02:00"]]},
        {"days": [1, 2, 3, 4], "spans": [["09:00", "18:00"]]},
    ]
    assert form["weeks"]["video"][0]["spans"] == [["09:00", "12:00"], ["14:00", "18:00"]]
    assert form["weeks"]["callback"] == []
    assert form["holidays"] == [["2026-10-01", "2026-10-07"], ["2027-01-01", "2027-01-01"]]
    assert form["workdays"] == [["2026-10-10", "mon"]]


def test_a_part_that_was_changed_is_written_alone() -> None:
    week = [
        {"days": [5, 6], "spans": [["10:00", "00:00"]]},
        {"days": [6], "spans": [["08:00", "09:00"]]},
    ]
    text, hours = written(FILE, weeks={"video": week})
    changed = [line for line in text.splitlines() if line not in FILE.splitlines()]
    assert changed == [
        '  video: {sat: "10:00-24:00", sun: ["08:00-09:00", "10:00-24:00"]}',
    ]
    assert hours.is_open("video", at(2026, 11, 29, 8, 30))  # a Sunday, by its second row
    assert hours.is_open("video", at(2026, 11, 28, 23, 59))
    assert not hours.is_open("video", at(2026, 11, 30, 9))


def test_days_off_and_days_worked_instead_are_read_as_written() -> None:
    text, hours = written(
        FILE,
        holidays=[["2027-10-01", "2027-10-03"], ["2027-12-31", "2027-12-31"]],
        workdays=[["2027-10-02", "tue"]],
    )
    assert "# Ours." in text
    assert not hours.is_open("chat", at(2027, 10, 1, 10))
    assert hours.is_open("chat", at(2027, 10, 2, 10))
    assert not hours.is_open("chat", at(2027, 12, 31, 10))


def test_another_zone_moves_every_hour() -> None:
    _, hours = written(FILE, timezone="Asia/Tokyo")
    assert hours.is_open("chat", datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert not hours.is_open("chat", at(2026, 12, 1, 17, 30))


@pytest.mark.parametrize(
    "changes",
    [
        {"holidays": [["tomorrow", "2027-10-03"]]},
        {"holidays": "all"},
        {"weeks": {"pigeons": []}},
        {"weeks": {"chat": [{"days": [7], "spans": []}]}},
    ],
)
def test_what_no_form_sends_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        written(FILE, **changes)
