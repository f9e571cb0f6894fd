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
