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


def test_a_version_of_before_a_move_differs_only_in_what_the_move_changed() -> None:
    before = (
        "---\nid: card-how\ncategory: payment\nquestion: 怎么用礼品卡付款\n"
        "similar:\n  - 礼品卡怎么用\nupdated: 2026-11-30\n---\n\n付款时选「礼品卡」。\n"
    )
    after = before.replace("id: card-how", "id: card-use\nformerly: [card-how]")
    after = after.replace("category: payment", "category: refund")
    parts = comparing.compare(
        "faq/refund/card-use.md", before, after, {}, lambda text: f"<p>{text}</p>"
    )
    assert [part.name for part in parts if part.changed] == ["formerly"]
