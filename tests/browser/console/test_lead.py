"""The lead's pages in Chromium: 小林 and 阿杰 wait, 安娜 and 老周 work, the board tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.at_the_desk import quiet
from tests.browser.conftest import (
    ALWAYS,
    PASSWORD,
    Opening,
    Site,
    ask_human,
    claim,
    reply,
    say,
    served,
    sign_in,
)

__all__ = ["quiet"]  # nobody of another test waits


def enter(page: Page, site: Site, path: str) -> None:
    """Sign the lead in, on the way to a page."""
    page.goto(f"{site.url}{path}")
    page.fill("#name", "lin")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.locator("main h1").first.wait_for()


def test_the_board_follows_the_floor_by_itself(
    site: Site, quiet: None, lead: str, chat: Page, visitor: Opening
) -> None:
    board = visitor().new_page()
    enter(board, site, "/console/board")
    waiting = board.locator("[data-part=waiting] .big")
    expect(waiting).to_have_text("0")
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    anna = board.locator("[data-part=people] tr", has_text="安娜")
    expect(anna).to_contain_text("在线")
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    expect(waiting).to_have_text("1")
    expect(board.locator("[data-part=queue] tbody tr")).to_have_count(1)
    claim(desk, chat)
    expect(waiting).to_have_text("0")
    expect(anna.locator("td").nth(2)).to_have_text(re.compile(r"^1 / \d$"))
    desk.get_by_role("button", name="在线").click()
    expect(anna).to_contain_text("离开")
    board.context.set_offline(True)
    expect(board.locator("#line")).to_contain_text("连接中断")
    board.context.set_offline(False)
    expect(board.locator("#line")).to_have_text("")
    desk.get_by_role("button", name="离开").click()


def test_a_lead_reads_along_whispers_to_the_agent_and_takes_over(
    site: Site, quiet: None, lead: str, chat: Page, visitor: Opening
) -> None:
    desk = visitor().new_page()
    sign_in(desk, site, "zhou")
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(desk, chat)
    board = visitor().new_page()
    enter(board, site, "/console/board")
    board.locator("[data-part=chats] a").first.click()
    over = board.get_by_role("button", name="接管对话")
    over.wait_for()
    expect(board.locator("#talk .log")).to_contain_text("付款失败")
    board.fill("#talk textarea", "先请客户看看账单")
    board.locator("#talk .composer button[type=submit]").click()
    expect(desk.locator("#talk .message.note")).to_contain_text("先请客户看看账单")
    reply(desk, "您好，我是老周")
    expect(board.locator("#talk .log")).to_contain_text("我是老周")
    over.click()
    board.locator("#ask-yes").click()
    expect(board.locator("#talk textarea")).to_have_attribute("aria-label", "回复")
    reply(board, "您好，我是组长，接着帮您")
    expect(chat.locator("xiaohu-chat .message.agent:not(.typing)").last).to_contain_text("我是组长")
    expect(chat.locator("xiaohu-chat")).not_to_contain_text("先请客户看看账单")
    expect(desk.locator("#mine .row")).to_have_count(0)


def test_the_report_of_the_days_is_read_and_taken_along(
    site: Site, quiet: None, lead: str, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    enter(page, site, "/console/reports")
    expect(page.locator("svg.chart")).to_have_count(2)
    expect(page.locator("section", has_text="按客服").locator("thead").first).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]  # type: ignore[index]  # tables scroll by themselves
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载 Excel").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="看原话").click()
    expect(page.locator("h1")).to_have_text("评价原话")


@pytest.fixture(scope="module")
def handing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a desk that hands cases out."""
    var = tmp_path_factory.mktemp("handing")
    with served(var, chat=ALWAYS, XIAOHU_DESK_ASSIGN="offered", XIAOHU_DESK_RING="60") as running:
        yield running


def test_a_case_is_offered_to_one_agent_passed_on_and_taken_by_the_next(
    handing: Site, visitor: Opening
) -> None:
    desks = {}
    for name, phone in (("anna", False), ("zhou", True)):
        desks[name] = visitor(phone=phone).new_page()
        sign_in(desks[name], handing, name)
    customer = visitor().new_page()
    customer.goto(f"{handing.url}/app")
    customer.locator("xiaohu-chat .message.bot").first.wait_for()
    say(customer, "付款失败")
    customer.locator("xiaohu-chat .article").wait_for()
    ask_human(customer)
    anna, zhou = desks["anna"], desks["zhou"]
    offer = anna.locator(".offer")
    expect(offer).to_contain_text("请您接待")
    expect(offer).to_contain_text("秒")
    expect(zhou.locator(".offer")).to_be_hidden()
    offer.get_by_role("button", name="让给下一位").click()
    expect(offer).to_be_hidden()
    taking = zhou.locator(".offer").get_by_role("button", name="接入")
    taking.click()
    expect(zhou.locator("#talk .composer")).to_be_visible()
    expect(customer.locator("xiaohu-chat")).to_contain_text("老周")
    expect(customer.locator("xiaohu-chat")).not_to_contain_text("安娜")
    reply(zhou, "您好，我来看看")
    expect(customer.locator("xiaohu-chat .message.agent:not(.typing)")).to_contain_text("我来看看")
