"""What keeps pages usable for everybody: axe finds nothing, at three widths, light and dark."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import Opening, Site, claim, close, say, sign_in

PAGES = [
    "/", "/category/security", "/faq/fraud-money-sent", "/faq/pay-failed", "/nothing",
    "/search?q=扣了两次钱", "/search?q=今天天气怎么样", "/cases", "/complaint", "/api/docs",
    "/desk/login", "/editor/login",
]  # fmt: skip
EDITED = ["/editor", "/editor/faq/pay-failed", "/editor/announcements", "/account"]


def test_every_page_can_be_named_read_and_fits(site: Site, visitor: Opening) -> None:
    page = visitor(phone=True).new_page()
    found = {}
    for path in PAGES:
        page.goto(site.url + path)
        page.locator("h1").first.wait_for()
        if found_here := faults(page):
            found[path] = found_here
    assert found == {}


def test_the_editors_pages_can_be_named_read_and_fit(site: Site, visitor: Opening) -> None:
    password = "orange-lantern-43"
    site.employ("wen", "小文", password, "editor")
    page = visitor().new_page()
    page.goto(f"{site.url}/editor/login")
    page.fill("#name", "wen")
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.locator("li[data-words]").first.wait_for()
    found = {}
    for path in EDITED:
        page.goto(site.url + path)
        if found_here := faults(page):
            found[path] = found_here
    assert found == {}


def test_every_state_of_the_chat_and_the_desk_can_be_named_and_read(
    site: Site, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/app")
    say(page, "付款失败，密码是hunter2024")
    page.locator("xiaohu-chat .article").wait_for()
    assert faults(page) == []
    page.locator("xiaohu-chat .human").click()
    page.locator("xiaohu-chat .ways [data-way=chat]").wait_for()
    assert faults(page) == []
    page.locator("xiaohu-chat .ways [data-way=callback]").click()
    page.locator("xiaohu-chat .callback-sheet input[type=radio]").first.wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.locator("xiaohu-chat .menu-open").click()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="没解决").click()
    page.locator("xiaohu-chat .queue").wait_for()
    assert faults(page) == []
    page.locator("xiaohu-chat .check").click()
    page.locator("xiaohu-chat .card-sheet textarea").first.wait_for()
    assert faults(page) == []
    page.keyboard.press("Escape")
    desk = visitor().new_page()
    sign_in(desk, site, "zhou")
    claim(desk, page)
    desk.locator("#talk .message").first.wait_for()
    assert faults(desk) == []
    desk.keyboard.press("/")
    expect(desk.get_by_role("combobox", name="搜索常用回复和解答")).to_be_focused()
    desk.locator("#canned-list [role=option]").first.wait_for()
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="转接", exact=True).click()
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    close(desk)
    page.locator("xiaohu-chat .after").wait_for()
    page.locator("xiaohu-chat .stars label").last.click()
    assert faults(page) == []


def test_the_open_chat_does_not_make_the_page_around_it_harder_to_use(
    site: Site, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/faq/pay-failed")
    page.locator("xiaohu-chat .launcher").click()
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    assert faults(page) == []


def focused(page: Page) -> str:
    """Return the class of what has the focus within the chat."""
    return page.evaluate("document.activeElement.shadowRoot?.activeElement?.className ?? ''")


def test_the_whole_chat_is_done_by_keys_and_each_sheet_gives_the_focus_back(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    say(page, "付款失败")
    page.locator("xiaohu-chat .article").wait_for()
    for opener, inside in ((".human", ".ways"), (".tools", ".overlay:not([hidden])")):
        page.locator(f"xiaohu-chat {opener}").focus()
        page.keyboard.press("Enter")
        page.locator(f"xiaohu-chat {inside}").first.wait_for()
        page.keyboard.press("Escape")
        assert focused(page) == opener.removeprefix(".")
    page.locator("xiaohu-chat .menu-open").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert focused(page) == "menu-open"
    page.get_by_role("button", name="没解决").press("Enter")
    page.locator("xiaohu-chat .queue").wait_for()
    page.locator("xiaohu-chat .check").press("Enter")
    page.locator("xiaohu-chat .card-sheet textarea").first.wait_for()
    page.keyboard.press("Escape")
    assert "check" in focused(page)
    page.get_by_role("button", name="取消排队").press("Enter")
    expect(page.get_by_text("已离开队列")).to_be_visible()


def test_the_chat_is_a_log_that_speaks_only_of_what_is_new_and_keeps_the_focus(
    site: Site, foreign: str, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    page.goto(foreign)
    page.locator("xiaohu-chat .launcher").focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="小狐客服")
    panel.wait_for()
    assert panel.get_attribute("aria-modal") == "true"
    log = page.get_by_role("log", name="与小狐客服的对话")
    log.locator(".message").first.wait_for()
    page.fill("xiaohu-chat textarea", "付款失败")
    page.press("xiaohu-chat textarea", "Enter")
    page.locator("xiaohu-chat .article").wait_for()
    assert log.get_attribute("aria-live") == "polite"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "xiaohu-chat"
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    focused = page.evaluate("document.activeElement.shadowRoot.activeElement.className")
    assert focused == "launcher"
