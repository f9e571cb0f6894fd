"""What is open now, when it opens next, and when the lines are quiet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from web.desk.hours import BadHours, Hours

HERE = ZoneInfo("Asia/Shanghai")
HOURS = Hours.read(Path(__file__).parents[2] / "data" / "hours.yml")


@pytest.mark.parametrize(
    ("hour", "load"),
    [(9, "busy"), (11, "normal"), (12, "quiet"), (13, "normal"), (15, "busy"), (17, "quiet")],
)
def test_working_days_are_busy_and_quiet_as_the_sources_say(hour: int, load: str) -> None:
    assert HOURS.load(datetime(2026, 11, 20, hour, 30, tzinfo=HERE)) == load
    assert HOURS.load(datetime(2026, 11, 21, hour, 30, tzinfo=HERE)) == "normal"  # a Saturday


def test_closed_channels_open_next_after_holidays_and_in_every_zone(tmp_path: Path) -> None:
    path = tmp_path / "hours.yml"
    path.write_text(
        "channels: {video: {mon-fri: '09:00-18:00'}}\nholidays: [2026-11-23]\n", encoding="utf-8"
    )
    hours = Hours.read(path)
    friday = datetime(2026, 11, 20, 18, 0, tzinfo=HERE)
    assert not hours.is_open("video", friday)
    opening = hours.next_opening("video", friday.astimezone(UTC))
    assert opening == datetime(2026, 11, 24, 9, 0, tzinfo=HERE)
    assert hours.next_opening("carrier pigeon", friday) is None
    path.write_text("channels: {video: {mon-fri: '9-18'}}\n", encoding="utf-8")
    with pytest.raises(BadHours):
        Hours.read(path)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def hours_of(tmp_path: Path, text: str) -> Hours:
    (tmp_path / "hours.yml").write_text(text, encoding="utf-8")
    return Hours.read(tmp_path / "hours.yml")


def test_a_late_shift_goes_on_past_midnight_and_belongs_to_its_evening(tmp_path: Path) -> None:
    late = hours_of(tmp_path, "channels: {chat: {fri: '21:00-02:00'}}\nholidays: [2026-11-27]\n")
    assert late.is_open("chat", at("2026-11-20 23:59"))
    assert late.is_open("chat", at("2026-11-21 01:59"))  # Saturday, still Friday's shift
    assert not late.is_open("chat", at("2026-11-21 02:00"))
    assert not late.is_open("chat", at("2026-11-21 22:00"))
    assert not late.is_open("chat", at("2026-11-28 01:00"))  # the Friday before was a holiday
    assert late.next_opening("chat", at("2026-11-21 02:00")) == at("2026-12-04 21:00")


def test_a_range_of_days_may_go_over_sunday(tmp_path: Path) -> None:
    open_ones = hours_of(tmp_path, "channels: {chat: {sat-mon: '09:00-18:00'}}\n")
    days = [open_ones.is_open("chat", at(f"2026-11-{day} 10:00")) for day in range(16, 23)]
    assert days == [True, False, False, False, False, True, True]  # Monday to Sunday


def test_holidays_are_ranges_and_a_day_worked_instead_is_like_the_day_it_stands_for(
    tmp_path: Path,
) -> None:
    golden = hours_of(
        tmp_path,
        "channels: {chat: {mon-thu: '09:00-18:00', fri: '09:00-15:00'}}\n"
        "holidays: [2026-10-01..2026-10-07, 2026-12-31]\n"
        "workdays: {2026-10-10: fri}\n",
    )
    for day in range(1, 8):
        assert not golden.is_open("chat", at(f"2026-10-0{day} 10:00"))
    assert golden.next_opening("chat", at("2026-09-30 18:00")) == at("2026-10-08 09:00")
    assert golden.is_open("chat", at("2026-10-10 14:00"))  # a Saturday worked like a Friday
    assert not golden.is_open("chat", at("2026-10-10 16:00"))
    assert not golden.is_open("chat", at("2026-10-17 14:00"))
    listed = hours_of(tmp_path, "channels: {chat: {mon: '09:00-18:00'}}\nworkdays: [2026-10-10]\n")
    assert listed.is_open("chat", at("2026-10-10 17:00"))


@pytest.mark.parametrize(
    "wrong",
    [
        "channels: {chat: {mon: '09:00-09:00'}}",
        "channels: {chat: {mon: '09:00-25:00'}}",
        "channels: {chat: {mon: '09:70-18:00'}}",
        "channels: {}\nholidays: ['2026-10-07..2026-10-01']",
        "channels: {}\nworkdays: {2026-10-10: friday}",
    ],
)
def test_hours_that_say_nothing_sensible_are_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BadHours):
        hours_of(tmp_path, wrong + "\n")
