"""小林 and 阿杰 behind two hundred others: found, taken by one agent each, and seen so by both."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.at_the_desk import gone, waiting
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.cast import Cast, conversation_of, in_hands
from tests.browser.cast import cast as cast
from tests.browser.conftest import Site, ask_human, claim, close, reply, say


def take(desk: Page, customer: Page) -> None:
    """Find a customer who is far down in the list, and take them."""
    desk.fill("#filter", conversation_of(customer)[:4])
    expect(desk.locator("#waiting li")).to_have_count(1)
    claim(desk, customer)
    desk.fill("#filter", "")


def test_who_stands_last_is_found_and_taken_once_while_both_lists_stay_true(
    site: Site, cast: Cast
) -> None:
    ids = waiting(site, 200)
    ask_human(cast.xiaolin)
    ask_human(cast.ajie)
    expect(cast.ajie.locator("xiaohu-chat .queue strong")).to_contain_text("您是第 202 位")
    for desk in (cast.anna, cast.zhou):
        expect(desk.locator("#waiting-count")).to_have_text("202")
        expect(desk.locator("#waiting li").first).to_contain_text("退款没到账 00")
    take(cast.anna, cast.xiaolin)
    expect(cast.zhou.locator("#waiting-count")).to_have_text("201")
    expect(cast.ajie.locator("xiaohu-chat .queue strong")).to_contain_text("您是第 201 位")
    cast.zhou.fill("#filter", conversation_of(cast.xiaolin)[:4])
    expect(cast.zhou.locator("#waiting .claim")).to_have_count(0)  # hers
    take(cast.zhou, cast.ajie)
    expect(cast.anna.locator("#waiting-count")).to_have_text("200")
    assert in_hands(site) == sorted(
        ((conversation_of(cast.xiaolin), "安娜"), (conversation_of(cast.ajie), "老周"))
    )

    reply(cast.anna, "小林您好")
    reply(cast.zhou, "阿杰您好")
    expect(cast.xiaolin.locator("xiaohu-chat .message.agent")).to_contain_text(["小林您好"])
    expect(cast.ajie.locator("xiaohu-chat .message.agent")).to_contain_text(["阿杰您好"])
    say(cast.ajie, "扣了两次，一共 256 元")
    expect(cast.zhou.locator("#talk .customer").last).to_contain_text("256 元")
    expect(cast.anna.locator("#talk")).not_to_contain_text("256 元")
    # what one agent finds out of those who wait stands in the other's list at once
    cast.anna.locator("#waiting .row").nth(3).click()
    cast.anna.get_by_role("button", name="修改情况卡").click()
    form = cast.anna.get_by_role("dialog", name="修改情况卡")
    form.get_by_label("紧急").check()
    form.get_by_role("button", name="保存").click()
    expect(cast.zhou.locator("#waiting li").first).to_contain_text("退款没到账 03")
    expect(cast.zhou.locator("#waiting li.urgent")).to_have_count(1)

    close(cast.zhou)
    cast.anna.locator("#mine .row").first.click()
    close(cast.anna)
    gone(site, ids)
    assert in_hands(site) == []
