"""Two customers and two agents: each case is one agent's, and comes back to them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.at_the_desk import quiet as quiet
from tests.browser.cast import Cast
from tests.browser.cast import cast as cast
from tests.browser.conftest import ask_human, claim, close, reply, say

LOG = "xiaohu-chat .log"


def test_a_reopened_case_is_kept_for_who_had_it_while_the_other_goes_on(cast: Cast) -> None:
    ask_human(cast.xiaolin)
    ask_human(cast.ajie)
    claim(cast.anna, cast.xiaolin)
    claim(cast.zhou, cast.ajie)
    reply(cast.anna, "小林您好，我看一下")
    reply(cast.zhou, "阿杰您好，请说")
    cast.xiaolin.get_by_text("小林您好，我看一下").wait_for()
    cast.ajie.get_by_text("阿杰您好，请说").wait_for()
    expect(cast.xiaolin.locator(LOG)).not_to_contain_text("阿杰您好")
    close(cast.anna)

    cast.xiaolin.get_by_role("button", name="重新打开").click()
    expect(cast.anna.locator("#waiting li")).to_contain_text("留给您")
    expect(cast.zhou.locator("#waiting li")).to_contain_text("留给 安娜")
    cast.zhou.locator("#waiting .claim").click()
    expect(cast.zhou.locator("#line")).to_contain_text("留给一位同事")
    claim(cast.anna, cast.xiaolin)
    expect(cast.anna.locator("#talk .agent", has_text="小林您好")).to_be_visible()

    say(cast.ajie, "我这笔还在吗")
    cast.zhou.locator("#mine .row").first.click()
    expect(cast.zhou.locator("#talk .customer", has_text="我这笔还在吗")).to_be_visible()
    expect(cast.anna.locator("#mine .row")).to_have_count(1)
    expect(cast.anna.locator("#talk")).not_to_contain_text("我这笔还在吗")
