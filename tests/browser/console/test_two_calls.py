"""Two calls at once: what is shown in one is seen in it alone, and each case stays its agent's."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.at_the_desk import quiet as quiet
from tests.browser.cast import assemble, conversation_of, in_hands
from tests.browser.conftest import Opening, Site, close
from tests.browser.console.test_showing import BLUE, SCREEN, WHITE, shows
from tests.browser.console.test_video import MEDIA, ask_for_video
from tests.product import PATIENCE


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """Replace the headless shell, which knows no camera."""
    return whole_browser


def answered(customer: Page, *desks: Page) -> Page:
    """Call by video; whoever it rings at answers. Returns that desk."""
    ask_for_video(customer)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for desk in desks:
            if desk.locator(".call.rings").is_visible():
                desk.locator(".call.rings").get_by_role("button", name="接听").click()
                return desk
        customer.wait_for_timeout(100)
    raise AssertionError("it rang at no desk")


def test_a_screen_a_still_and_steps_stay_in_their_own_call_and_case(
    site: Site, quiet: None, visitor: Opening
) -> None:
    def with_screen(context: BrowserContext, _: str) -> None:
        context.add_init_script(SCREEN)

    cast = assemble(site, visitor, with_screen, permissions=MEDIA)
    desks = {cast.anna: "安娜", cast.zhou: "老周"}
    first = answered(cast.xiaolin, *desks)
    second = answered(cast.ajie, *(desk for desk in desks if desk is not first))
    for customer, desk in ((cast.xiaolin, first), (cast.ajie, second)):
        state = customer.locator("xiaohu-chat .stage .state")
        expect(state).to_have_text(re.compile(desks[desk]))
    both = sorted(
        ((conversation_of(cast.xiaolin), desks[first]), (conversation_of(cast.ajie), desks[second]))
    )
    assert in_hands(site) == both

    sheet = cast.xiaolin.locator("xiaohu-chat .video-sheet")
    sheet.get_by_role("button", name="共享屏幕").click()
    sheet.get_by_role("button", name="选择窗口").click()
    shows(first.locator(".call .theirs"), BLUE)
    expect(first.locator(".call .state")).to_contain_text("客户正在共享屏幕")
    expect(second.locator(".call .state")).not_to_contain_text("共享屏幕")
    second.locator(".call").get_by_role("button", name="步骤").click()
    second.locator(".call textarea").fill("1. 打开“我的”\n2. 点“账单”")
    second.locator(".call .steps").get_by_role("button", name="给客户看").click()
    shows(cast.ajie.locator("xiaohu-chat .stage .theirs"), WHITE)
    expect(cast.xiaolin.locator("xiaohu-chat .stage .state")).not_to_contain_text("演示")

    first.locator(".call").get_by_role("button", name="存画面").click()
    sheet.get_by_role("button", name="同意并保存").click()
    expect(first.locator("#talk .log .picture img")).to_have_count(1)
    expect(second.locator("#talk .log .picture img")).to_have_count(0)
    expect(cast.ajie.locator("xiaohu-chat .log .picture img")).to_have_count(0)

    for customer, desk in ((cast.xiaolin, first), (cast.ajie, second)):
        customer.get_by_role("button", name="挂断").click()
        desk.locator(".call").wait_for(state="hidden")
    assert in_hands(site) == both  # the calls are over, the cases are not
    close(first)
    close(second)
    assert in_hands(site) == []
