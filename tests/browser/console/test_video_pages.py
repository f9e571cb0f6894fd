"""A call and the pages that hold it: other tabs, reloads, and pages that are closed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opening, Site, close
from tests.browser.console.test_video import FRAMES, desk, end, in_call, until_frames
from tests.browser.console.test_video import browser as browser


def test_a_call_taken_in_one_tab_is_left_alone_by_the_other_and_can_be_brought_there(
    site: Site, visitor: Opening
) -> None:
    anna = desk(visitor, site)
    other = anna.context.new_page()
    other.goto(f"{site.url}/desk")
    other.locator("#waiting li").first.wait_for()
    xiaolin = in_call(visitor, site, anna)
    expect(other.locator(".call.elsewhere")).to_contain_text("另一个窗口")
    for video in (xiaolin.locator("xiaohu-chat .theirs"), anna.locator(".call .theirs")):
        assert video.evaluate(FRAMES) > 5
    other.get_by_role("button", name="接到这个窗口").click()
    expect(other.locator(".call .state")).to_contain_text("通话中")
    expect(anna.locator(".call.elsewhere")).to_be_visible()
    until_frames(other.locator(".call .theirs"))
    until_frames(xiaolin.locator("xiaohu-chat .theirs"))
    end(other, xiaolin)


def test_an_agents_reload_in_the_middle_of_a_call_does_not_end_it(
    site: Site, visitor: Opening
) -> None:
    anna = desk(visitor, site)
    xiaolin = in_call(visitor, site, anna)
    for _ in range(2):
        anna.reload()
        expect(anna.locator(".call .state")).to_contain_text("通话中")
        until_frames(anna.locator(".call .theirs"))
        until_frames(xiaolin.locator("xiaohu-chat .theirs"))
    expect(anna.locator("#card")).to_contain_text("扫码付款一直转圈")
    end(anna, xiaolin)


def test_a_customers_reload_in_the_middle_of_a_call_does_not_end_it(
    site: Site, visitor: Opening
) -> None:
    anna = desk(visitor, site)
    xiaolin = in_call(visitor, site, anna)
    for _ in range(2):
        xiaolin.reload()
        expect(xiaolin.locator("xiaohu-chat .stage .state")).to_have_text(re.compile("安娜"))
        until_frames(xiaolin.locator("xiaohu-chat .theirs"))
        until_frames(anna.locator(".call .theirs"))
    expect(anna.locator(".call .state")).to_contain_text("通话中")
    end(anna, xiaolin)
    xiaolin.reload()  # what has ended does not begin again
    expect(xiaolin.locator("xiaohu-chat .log")).to_contain_text("通话结束，时长")
    expect(xiaolin.locator("xiaohu-chat .video-sheet")).to_be_hidden()


def test_a_customer_who_closes_the_page_ends_the_call_within_seconds(
    site: Site, visitor: Opening
) -> None:
    anna = desk(visitor, site)
    xiaolin = in_call(visitor, site, anna)
    xiaolin.close(run_before_unload=False)
    expect(anna.locator("#talk .log")).to_contain_text("通话结束，时长")
    close(anna)


def test_an_agent_who_closes_the_page_ends_the_call_within_seconds(
    site: Site, visitor: Opening
) -> None:
    anna = desk(visitor, site)
    xiaolin = in_call(visitor, site, anna)
    anna.close(run_before_unload=False)
    sheet = xiaolin.locator("xiaohu-chat .video-sheet")
    expect(sheet.locator(".big")).to_be_visible(timeout=25_000)
