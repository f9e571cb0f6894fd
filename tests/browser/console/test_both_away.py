"""Both customers put their phones away: each is told once, of their own case, and led back."""

from __future__ import annotations

import json

from playwright.sync_api import BrowserContext, expect

from tests.browser.at_the_desk import quiet as quiet
from tests.browser.cast import assemble, conversation_of, in_hands
from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply
from tests.browser.test_reach import database as database
from tests.browser.test_reach import follow, leave, subscribing
from tests.web.push_service import Service
from web.desk.database import Database

HIDE = """() => {
  Object.defineProperty(document, "hidden", { configurable: true, value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_each_is_pushed_to_once_of_their_own_case_and_both_come_back_to_it(
    site: Site, quiet: None, push_service: Service, database: Database, visitor: Opening
) -> None:
    def subscribes(context: BrowserContext, name: str) -> None:
        subscribing(context, push_service, f"away-{name}")

    cast = assemble(site, visitor, subscribes)
    pairs = (
        (cast.anna, cast.xiaolin, "小林的退款已到账"),
        (cast.zhou, cast.ajie, "阿杰的卡已解绑"),
    )
    for desk, customer, _ in pairs:
        ask_human(customer)
        leave(customer)
        customer.locator("xiaohu-chat .reach").get_by_role("button", name="通知我").click()
        customer.get_by_role("button", name="用这个浏览器通知我").click()
        expect(customer.locator("xiaohu-chat .reach-sheet .on")).to_be_visible()
        customer.locator("xiaohu-chat .reach-sheet .close").click()
        claim(desk, customer)
        customer.evaluate(HIDE)
    for desk, customer, words in pairs:
        reply(desk, words)
        expect(customer.locator("xiaohu-chat .message.agent")).to_contain_text([words])
        assert customer.title().startswith("(")
    for _ in range(2):  # a second look tells nobody again
        follow(site, database, push_service)
    for name, (_, customer, words) in zip(("xiaolin", "ajie"), pairs, strict=True):
        (pushed,) = [one for one in push_service.got if one.path == f"/push/away-{name}"]
        assert pushed.told["conversation"] == conversation_of(customer)
        assert words not in json.dumps(pushed.told, ensure_ascii=False)
        elsewhere = visitor(phone=True).new_page()
        elsewhere.goto(f"{site.url}{pushed.told['open']}")
        expect(elsewhere.locator("xiaohu-chat .message.agent")).to_contain_text([words])
        elsewhere.fill("xiaohu-chat textarea", f"收到：{name}")
        elsewhere.press("xiaohu-chat textarea", "Enter")
        expect(elsewhere.locator("xiaohu-chat .message.mine").last).to_contain_text(f"收到：{name}")
    expect(cast.anna.locator("#talk")).to_contain_text("收到：xiaolin")
    expect(cast.zhou.locator("#talk")).to_contain_text("收到：ajie")
    expect(cast.anna.locator("#talk")).not_to_contain_text("收到：ajie")
    assert len(in_hands(site)) == 2
    close(cast.anna)
    close(cast.zhou)
    assert in_hands(site) == []
