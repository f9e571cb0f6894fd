"""林组长 sees both agents with both customers, whispers to one, takes over, and reads it up."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.at_the_desk import quiet as quiet
from tests.browser.cast import Cast, conversation_of, in_hands
from tests.browser.cast import cast as cast
from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply
from tests.browser.console.test_lead import enter


def test_the_board_holds_both_cases_and_taking_one_over_leaves_the_other_alone(
    site: Site, lead: str, cast: Cast, visitor: Opening
) -> None:
    board = visitor().new_page()
    enter(board, site, "/console/board")
    waits = board.locator("[data-part=waiting] .big")
    ask_human(cast.xiaolin)
    ask_human(cast.ajie)
    expect(waits).to_have_text("2")
    claim(cast.anna, cast.xiaolin)
    claim(cast.zhou, cast.ajie)
    expect(waits).to_have_text("0")
    people = board.locator("[data-part=people] tr")
    for name in ("安娜", "老周"):
        expect(people.filter(has_text=name)).to_contain_text(re.compile(r"1 / \d"))
    chats = board.locator("[data-part=chats] tbody tr")
    expect(chats).to_have_count(2)
    reply(cast.zhou, "阿杰您好")

    chats.filter(has_text="安娜").locator("a").click()
    over = board.get_by_role("button", name="接管对话")
    over.wait_for()
    board.fill("#talk textarea", "先核对金额")
    board.locator("#talk .composer button[type=submit]").click()
    expect(cast.anna.locator("#talk .message.note")).to_contain_text("先核对金额")
    expect(cast.zhou.locator("#talk .message.note")).to_have_count(0)
    over.click()
    board.locator("#ask-yes").click()
    expect(board.locator("#talk textarea")).to_have_attribute("aria-label", "回复")
    expect(cast.anna.locator("#mine .row")).to_have_count(0)
    assert in_hands(site) == sorted(
        ((conversation_of(cast.xiaolin), "林组长"), (conversation_of(cast.ajie), "老周"))
    )
    reply(board, "我是组长，接着帮您")
    reply(cast.zhou, "您的退款在路上")
    expect(cast.xiaolin.locator("xiaohu-chat .message.agent")).to_contain_text(
        ["我是组长，接着帮您"]
    )
    expect(cast.ajie.locator("xiaohu-chat .message.agent")).to_contain_text(
        ["阿杰您好", "您的退款在路上"]
    )
    for customer in (cast.xiaolin, cast.ajie):
        expect(customer.locator("xiaohu-chat .log")).not_to_contain_text("先核对金额")
    close(board)
    close(cast.zhou)
    assert in_hands(site) == []

    board.goto(f"{site.url}/console/reports")
    agents = board.locator("section", has=board.locator("#agent")).locator("tbody tr")
    for name in ("安娜", "老周", "林组长"):
        expect(agents.filter(has_text=name)).to_have_count(1)
