"""The help center on a phone: its text size is obeyed, answers begin at their first line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import Opening, Site, say

SIZE = "(node) => parseFloat(getComputedStyle(node).fontSize)"
ASIDE = "document.documentElement.scrollWidth - innerWidth"


def opened(site: Site, page: Page) -> Page:
    """Open the full-screen chat and wait for the greeting."""
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    return page


def sizes(page: Page) -> tuple[float, float]:
    """Measure the text of the greeting and of the smallest print."""
    text = page.locator("xiaohu-chat .bot .text").first.evaluate(SIZE)
    return text, page.locator("xiaohu-chat .subtitle").evaluate(SIZE)


def test_the_text_size_of_the_phone_is_obeyed_by_the_chat_and_the_pages(
    site: Site, visitor: Opening
) -> None:
    page = opened(site, visitor(phone=True).new_page())
    usual = sizes(page)
    assert usual[0] == 16
    assert usual[1] >= 13
    wire = page.context.new_cdp_session(page)
    wire.send("Page.setFontSizes", {"fontSizes": {"standard": 24, "fixed": 20}})
    opened(site, page)
    assert sizes(page) == (usual[0] * 1.5, usual[1] * 1.5)
    page.goto(site.url)
    assert page.locator("body").evaluate(SIZE) == 24


def test_large_type_is_chosen_once_and_kept_in_chat_and_help_center(
    site: Site, visitor: Opening
) -> None:
    page = opened(site, visitor(phone=True).new_page())
    page.locator("xiaohu-chat .menu-open").click()
    page.get_by_role("button", name="大字版").click()
    assert sizes(page)[0] == 21
    opened(site, page)
    assert sizes(page)[0] == 21
    page.goto(site.url)
    assert page.locator("body").evaluate(SIZE) == 21
    page.get_by_role("button", name="大字版").click()
    assert page.locator("body").evaluate(SIZE) == 16
    opened(site, page)
    assert sizes(page)[0] == 16


def test_a_new_answer_is_shown_from_its_first_line(site: Site, visitor: Opening) -> None:
    page = visitor(phone=True).new_page()
    page.set_viewport_size({"width": 320, "height": 320})
    opened(site, page)
    say(page, "付款失败")
    answer = page.locator("xiaohu-chat .message.bot", has=page.locator(".article"))
    answer.wait_for()
    log = page.locator("xiaohu-chat .log").bounding_box()
    box = answer.bounding_box()
    assert log
    assert box
    assert box["height"] > log["height"]
    assert log["y"] <= box["y"] <= log["y"] + 24
    page.get_by_role("button", name="有新消息").click()
    expect(page.get_by_role("button", name="没解决")).to_be_in_viewport()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width", [320, 360])
def test_the_smallest_phone_shows_everything_without_scrolling_sideways(
    site: Site, visitor: Opening, width: int, large: bool
) -> None:
    context = visitor(phone=True)
    if large:
        choose = "localStorage.setItem('xiaohu:large', 'true')"
        context.add_init_script(f"if (location.origin !== 'null') {choose}")
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 640})
    for path in ("/", "/faq/pay-failed", "/search?q=扣了两次钱", "/cases", "/complaint"):
        page.goto(site.url + path)
        assert page.evaluate(ASIDE) <= 0, path
    opened(site, page)
    say(page, "付款失败")
    page.locator("xiaohu-chat .article").wait_for()
    assert faults(page, ((width, 640, "light"),)) == []
    inside = "(node) => node.getBoundingClientRect().right <= innerWidth"
    for part in (".human", ".menu-open", ".send", ".article"):
        assert page.locator(f"xiaohu-chat {part}").first.evaluate(inside), part


def test_the_app_has_a_main_part_and_says_so_where_the_chat_cannot_come(
    site: Site, visitor: Opening
) -> None:
    page = opened(site, visitor(phone=True).new_page())
    assert page.locator("main xiaohu-chat").count() == 1
    assert page.locator("#skeleton").count() == 0
    lost = visitor(phone=True).new_page()
    lost.route("**/chat.pack.js", lambda route: route.abort())
    lost.goto(f"{site.url}/app")
    expect(lost.get_by_role("alert")).to_have_text("没能打开，可能是网络不稳")
    lost.unroute("**/chat.pack.js")
    lost.get_by_role("button", name="再试一次").click()
    lost.locator("xiaohu-chat .message.bot").first.wait_for()
