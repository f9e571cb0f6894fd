"""The rota in Chromium: 林组长 writes it, on a phone too; 安娜 reads it; the board tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Opening, Site, served, sign_in
from tests.browser.console.test_lead import enter

HERE = ZoneInfo("Asia/Shanghai")


def fits(page: Page) -> bool:
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide <= page.viewport_size["width"]  # type: ignore[index]


def write_week(page: Page, begin: str, end: str) -> None:
    """Write the same span for every day, from the day on that stands there."""
    for day in range(7):
        page.fill(f"[name=from-{day}-0]", begin)
        page.fill(f"[name=until-{day}-0]", end)
    page.get_by_role("button", name="保存每周班次").click()
    page.get_by_text("每周班次保存好了").wait_for()


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a desk of its own, whose agents nobody has seen yet."""
    with served(tmp_path_factory.mktemp("floor"), chat="{}") as running:
        running.employ("lin", "林组长", PASSWORD, "lead")
        yield running


def test_nights_days_off_and_swaps_are_written_on_desktop_and_phone_and_agents_read_them(
    floor: Site, visitor: Opening
) -> None:
    site, today = floor, datetime.now(HERE).date()
    page = visitor().new_page()
    enter(page, site, "/console/rota")
    page.get_by_role("link", name="安娜").click()
    page.fill("[name=since]", (today + timedelta(days=7 - today.weekday())).isoformat())
    write_week(page, "21:00", "02:00")
    page.get_by_role("link", name="排班", exact=True).click()
    page.get_by_role("link", name="下一周").click()
    anna = page.locator(".week", has=page.get_by_role("heading", name="安娜"))
    zhou = page.locator(".week", has=page.get_by_role("heading", name="老周"))
    expect(anna.get_by_text("21:00–次日 02:00")).to_have_count(7)
    expect(zhou.locator("h2")).to_contain_text("没有班")

    phone = visitor(phone=True).new_page()
    enter(phone, site, "/console/rota")
    phone.get_by_role("link", name="下一周").click()
    assert fits(phone)
    theirs = phone.locator(".week", has=phone.get_by_role("heading", name="安娜")).locator("li")
    theirs.nth(2).locator("a").click()
    assert fits(phone)
    phone.get_by_label("休假").check()
    phone.get_by_role("button", name="保存这一天").click()
    expect(phone.locator(".differing")).to_contain_text("休假")
    phone.get_by_role("link", name="回到一周").click()
    theirs.nth(3).locator("a").click()
    phone.get_by_label("换班", exact=True).check()
    phone.get_by_label("和谁换班").select_option(label="老周")
    phone.get_by_role("button", name="保存这一天").click()
    expect(phone.locator(".differing")).to_contain_text("与老周换班，休息")

    page.reload()
    expect(anna.locator("li").nth(2)).to_contain_text("休假")
    expect(anna.locator("li").nth(3)).to_contain_text("与老周换班")
    expect(zhou.locator("li").nth(3)).to_contain_text("21:00–次日 02:00")
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    desk.get_by_role("link", name="排班").click()
    desk.get_by_role("link", name="下一周").click()
    mine = desk.locator(".week.mine li")
    expect(mine.nth(2)).to_contain_text("休假")
    expect(mine.locator("a")).to_have_count(0)
    phone.get_by_role("button", name=re.compile("^撤销")).last.click()
    phone.get_by_text("撤销了").wait_for()
    desk.reload()
    expect(mine.nth(3)).to_contain_text("21:00–次日 02:00")


def test_the_board_alarms_while_an_agent_misses_a_shift_and_is_calm_when_they_come(
    floor: Site, visitor: Opening
) -> None:
    now = datetime.now(HERE)
    page = visitor().new_page()
    enter(page, floor, "/console/rota")
    page.get_by_role("link", name="老周").click()
    begin = max(now - timedelta(minutes=50), now.replace(hour=0, minute=0))
    write_week(page, f"{begin:%H:%M}", f"{now + timedelta(hours=2):%H:%M}")
    page.get_by_role("link", name="看板").click()
    zhou = page.locator("[data-part=people] tr", has_text="老周")
    expect(zhou).to_contain_text(re.compile("没来|迟到"))
    expect(page.locator(".alarm.shift")).to_contain_text("该在岗的不在 1 人")
    desk = visitor().new_page()
    sign_in(desk, floor, "zhou")
    expect(page.locator(".alarm.shift")).to_have_count(0)
    expect(zhou).not_to_contain_text(re.compile("没来|迟到"))
    expect(zhou).to_contain_text(f"{begin:%H:%M}–")
