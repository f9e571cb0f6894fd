"""A page pays for the launcher alone; the chat comes at the first tap, or where somebody waits."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Opening, Site, ask_human

STORED = "Object.keys(localStorage).filter((key) => key.startsWith('xiaohu'))"


def scripts(page: Page) -> list[str]:
    """Collect what the page loads of the chat from now on."""
    loaded: list[str] = []

    def note(request: Request) -> None:
        if "/widget" in request.url or "/api/" in request.url:
            loaded.append(re.sub(r"/widget/\w+/", "/", request.url.split("?")[0]).split("/", 3)[3])

    page.on("request", note)
    return loaded


def test_a_page_loads_and_keeps_nothing_but_the_launcher_before_the_first_tap(
    foreign: str, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    loaded = scripts(page)
    page.goto(foreign)
    launcher = page.get_by_role("button", name="打开在线客服")
    expect(launcher).to_be_visible()
    box = launcher.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (60, 60)
    page.wait_for_load_state("networkidle")
    assert loaded == ["widget.js"]
    assert page.evaluate(STORED) == []
    launcher.click()
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    assert "chat.pack.js" in loaded
    assert page.locator("xiaohu-chat .launcher").count() == 1
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="打开在线客服")).to_be_focused()


def test_a_tap_that_the_network_swallows_is_said_and_can_be_tried_again(
    foreign: str, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.route("**/chat.pack.js*", lambda route: route.abort())
    page.goto(foreign)
    page.get_by_role("button", name="打开在线客服").click()
    failed = page.get_by_role("button", name="没能打开在线客服，点按重试")
    failed.wait_for()
    page.unroute("**/chat.pack.js*")
    failed.press("Enter")
    page.locator("xiaohu-chat .message.bot").first.wait_for()


def test_who_waits_for_a_person_has_the_chat_on_the_next_page_at_once(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(site.url)
    page.locator("xiaohu-chat .launcher").click()
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    ask_human(page)
    page.locator("xiaohu-chat .close").first.click()
    page.goto(f"{site.url}/cases")
    follows = "({ session }) => session?.state?.owner === 'queue' && session.line === 'live'"
    page.wait_for_function(f"() => ({follows})(document.querySelector('xiaohu-chat'))")
    # The closed chat says where one stands, in sight and by name.
    expect(page.locator("xiaohu-chat .launcher .place")).to_have_text(re.compile("下一位|您是第"))
    expect(page.locator("xiaohu-chat .launcher")).to_have_accessible_name(re.compile("排队中"))


def test_who_signed_out_in_another_tab_is_not_named_to_the_server_by_a_launcher(
    foreign: str, visitor: Opening
) -> None:
    context = visitor()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(foreign)
        page.evaluate("xiaohu('setUser', 'e30.eyJzdWIiOiJ4aWFvbGluIn0.x')")
    first.evaluate("xiaohu('signOut')")
    bodies: list[str] = []
    second.on("request", lambda request: bodies.append(request.post_data or ""))
    second.locator("xiaohu-chat .launcher").click()
    second.locator("xiaohu-chat .message.bot").first.wait_for()
    assert any("channel" in body for body in bodies)
    assert not any("identity" in body for body in bodies)
