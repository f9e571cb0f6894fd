"""What changed in a file, as editors and leads read it."""

from __future__ import annotations

from web.publishing import comparing


def test_a_change_of_the_opening_hours_is_told_in_the_words_of_their_page() -> None:
    before = 'channels: {chat: {mon-sun: "09:00-18:00"}}\nbusy: {mon-fri: "10:00-11:00"}\n'
    after = (
        'channels: {chat: {mon-sun: "09:00-21:00"}}\nbusy: {sat: "10:00-11:00"}\n'
        "workdays: {2027-10-09: wed}\nholidays: [2027-10-01..2027-10-07]\n"
    )
    parts = comparing.compare("hours.yml", before, after, {}, str)
    lines = [
        (line.mark, "".join(text for _, text in line.parts))
        for part in comparing.worth_showing(parts)
        for line in part.lines
    ]
    told = " / ".join(f"{mark} {text}" for mark, text in lines)
    for said in ("在线客服 › 周一到周日", "忙的时候 › 周六", "调休 › 2027-10-09", "周三", "节假日"):
        assert said in told
    for raw in ("chat", "busy", "mon", "sat", "wed", "workdays", "holidays", "channels"):
        assert raw not in told
