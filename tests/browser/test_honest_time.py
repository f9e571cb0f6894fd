"""What two customers are told while they wait, with agents there and with nobody there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.at_the_desk import quiet as quiet
from tests.browser.cast import Cast
from tests.browser.cast import cast as cast
from tests.browser.conftest import ask_human, claim

PLACE = "xiaohu-chat .queue strong"
NOBODY = "客服暂时都不在线"


def test_nobody_there_is_said_and_each_place_moves_up_when_somebody_comes(cast: Cast) -> None:
    for desk in (cast.anna, cast.zhou):
        desk.get_by_role("button", name="在线").click()
        desk.get_by_role("button", name="离开").wait_for()
    ask_human(cast.xiaolin)
    ask_human(cast.ajie)
    expect(cast.xiaolin.locator(PLACE)).to_contain_text("下一位就是您")
    expect(cast.xiaolin.locator(PLACE)).to_contain_text(NOBODY)
    expect(cast.ajie.locator(PLACE)).to_contain_text("您是第 2 位")
    expect(cast.ajie.locator(PLACE)).to_contain_text(NOBODY)

    cast.zhou.get_by_role("button", name="离开").click()
    cast.zhou.get_by_role("button", name="在线").wait_for()
    claim(cast.zhou, cast.xiaolin)
    expect(cast.xiaolin.locator("xiaohu-chat .subtitle")).to_have_text("老周 正在为您服务")
    expect(cast.ajie.locator(PLACE)).to_contain_text("下一位就是您")
    expect(cast.ajie.locator(PLACE)).not_to_contain_text(NOBODY)

    cast.anna.get_by_role("button", name="离开").click()  # the next tests find her there
    cast.anna.get_by_role("button", name="在线").wait_for()
