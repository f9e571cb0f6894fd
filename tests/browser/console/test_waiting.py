"""The way to a human: the ways side by side, the queue that is kept, an agent who vanishes."""

from __future__ import annotations

import os
from contextlib import suppress

from playwright.sync_api import Browser, Error, Page, expect

from start.browser import find
from tests.browser.cast import conversation_of
from tests.browser.conftest import (
    Opening,
    Site,
    ask_human,
    claim,
    reply,
    say,
    sign_in,
)
from tests.conftest import FLAGS
from tests.product import Product

PLACE = "xiaohu-chat .queue strong"


def open_chat(visitor: Opening, url: str, *, phone: bool = True) -> Page:
    page = visitor(phone=phone).new_page()
    page.goto(f"{url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    return page


def test_the_place_in_the_queue_survives_a_reload_and_a_restart_of_web(
    staffed: Product, visitor: Opening
) -> None:
    ajie, xiaolin = (open_chat(visitor, staffed.url) for _ in range(2))
    ask_human(ajie)
    before = int(ajie.evaluate(STATE)["queue"]["place"])
    ask_human(xiaolin)
    second = f"您是第 {before + 1} 位"
    expect(xiaolin.locator(PLACE)).to_contain_text(second)
    xiaolin.reload()
    expect(xiaolin.locator(PLACE)).to_contain_text(second)
    staffed.stop("web")
    say(xiaolin, "重启的时候我还在写")
    staffed.start_web()
    xiaolin.get_by_text("客服接入后就会看到").wait_for()
    assert xiaolin.locator("xiaohu-chat .status.failed").count() == 0
    expect(xiaolin.locator(PLACE)).to_contain_text(second)
    ajie.get_by_role("button", name="取消排队").click()
    expect(xiaolin.locator(PLACE)).not_to_contain_text(second)
    assert xiaolin.evaluate(STATE)["queue"]["place"] == before


def test_who_left_the_queue_takes_the_old_place_back(site: Site, visitor: Opening) -> None:
    xiaolin, ajie = (open_chat(visitor, site.url) for _ in range(2))
    ask_human(xiaolin)
    ask_human(ajie)
    places = [page.evaluate(STATE)["queue"]["place"] for page in (xiaolin, ajie)]
    assert places[1] == places[0] + 1
    xiaolin.get_by_role("button", name="取消排队").click()
    back = xiaolin.get_by_role("button", name="回到排队")
    back.wait_for()
    assert "还留着" in xiaolin.locator(PLACE).inner_text()
    xiaolin.reload()
    back.click()
    xiaolin.locator("xiaohu-chat .line.queue_returned").wait_for()
    xiaolin.get_by_role("button", name="取消排队").wait_for()
    assert xiaolin.evaluate(STATE)["queue"]["place"] == places[0]


def test_the_ways_to_a_human_stand_side_by_side_by_keyboard(site: Site, visitor: Opening) -> None:
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    page = open_chat(visitor, site.url, phone=False)
    page.locator("xiaohu-chat .human").focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="联系人工客服")
    expect(sheet.locator(".advice")).not_to_be_empty()
    expect(sheet.locator(".way", has_text="…")).to_have_count(0)
    expect(sheet.locator(".way")).to_have_count(3)
    tops = {node.bounding_box()["y"] for node in sheet.locator(".way").all()}
    assert len(tops) == 1
    expect(sheet.get_by_role("button", name="紧急转人工")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator("xiaohu-chat .human")).to_be_focused()
    page.keyboard.press("Enter")
    sheet.locator("[data-way=urgent]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(PLACE)).to_contain_text("下一位就是您")
    row = desk.locator("#waiting li").first
    expect(row).to_contain_text("紧急")
    page.get_by_role("button", name="取消排队").click()
    expect(row.locator("text=紧急")).to_have_count(0)


def test_an_agents_browser_that_is_killed_gives_the_customer_back_to_the_front_of_the_queue(
    staffed: Product, visitor: Opening, browser: Browser
) -> None:
    customer = open_chat(visitor, staffed.url)
    ask_human(customer)
    doomed = browser.browser_type.launch(executable_path=find(), args=FLAGS)
    desk = doomed.new_page(locale="zh-CN")
    sign_in(desk, staffed, "anna")
    claim(desk, customer)
    reply(desk, "您好，我看一下")
    customer.get_by_text("您好，我看一下").wait_for()
    colleague = visitor().new_page()
    sign_in(colleague, staffed, "zhou")
    with suppress(Error):  # the answer never comes
        doomed.new_browser_cdp_session().send("Browser.crash")
    customer.get_by_text("安娜 的连接断开了").wait_for()
    expect(customer.locator("xiaohu-chat .line.requeued")).to_contain_text("排到最前面")
    expect(customer.locator(PLACE)).to_contain_text("下一位就是您")
    first = colleague.locator("#waiting .row").first  # others of the tests before wait as well
    expect(first).to_contain_text(conversation_of(customer)[:4])
    first.click()
    expect(colleague.locator("#talk")).to_contain_text("安娜 掉线")
    colleague.keyboard.press("c")
    expect(customer.locator("xiaohu-chat .subtitle")).to_have_text("老周 正在为您服务")


def test_out_of_hours_a_message_becomes_a_ticket_that_is_answered_in_the_same_conversation(
    night: Site, visitor: Opening
) -> None:
    page = open_chat(visitor, night.url)
    say(page, "付款失败")
    page.locator("xiaohu-chat .article").wait_for()
    page.locator("xiaohu-chat .human").click()
    sheet = page.get_by_role("dialog", name="联系人工客服")
    expect(sheet.locator(".way", has_text="在线聊天")).to_contain_text(":00 开始")
    sheet.get_by_role("button", name="留言").click()
    form = page.get_by_role("dialog", name="给客服留言")
    form.get_by_role("button", name="提交留言").click()
    expect(form.get_by_role("alert")).to_contain_text("请先写几句")
    form.get_by_label("留言", exact=True).fill("请查一下昨晚那笔 128 元")
    form.get_by_role("button", name="提交留言").click()
    page.get_by_text("留言已收到，编号").wait_for()
    page.goto(f"{night.url}/cases")
    expect(page.locator(".case.ticket")).to_contain_text(":00 起回复")

    desk = visitor().new_page()
    sign_in(desk, night, "anna")
    desk.get_by_role("tab", name="留言").click()
    desk.locator("#tickets .row").first.click()
    expect(desk.locator("#talk .customer").last).to_contain_text("128 元")
    desk.get_by_role("button", name="认领", exact=True).click()
    expect(desk.locator("#talk .foot")).to_contain_text("这条留言由您处理")
    zhou = visitor().new_page()
    sign_in(zhou, night, "zhou")
    zhou.get_by_role("tab", name="留言").click()
    expect(zhou.locator("#tickets .row").first).to_contain_text("安娜 处理")
    zhou.locator("#tickets .row").first.click()
    expect(zhou.locator("#talk .foot")).to_contain_text("安娜 正在处理这条留言")
    reply(zhou, "这位客户上周也来过")
    desk.fill("#talk textarea", "请问是几点付的？")
    desk.get_by_role("button", name="回复，等客户补充").click()
    expect(desk.locator("#tickets .row").first).to_contain_text("等客户补充")
    desk.locator("#tickets .row").first.click()
    expect(desk.locator("#talk .message.note")).to_contain_text("这位客户上周也来过")
    page.goto(f"{night.url}/app")
    page.get_by_text("请问是几点付的？").wait_for()
    assert page.get_by_text("这位客户上周也来过").count() == 0
    if folder := os.environ.get("XIAOHU_PICTURES"):
        desk.screenshot(path=f"{folder}/ticket.png")
    reply(desk, "查到了，钱已经退回")
    expect(desk.locator("#tickets .none")).to_be_visible()
    page.goto(f"{night.url}/app")
    page.get_by_text("查到了，钱已经退回").wait_for()
    expect(page.locator("xiaohu-chat .stars")).to_be_visible()


STATE = "() => document.querySelector('xiaohu-chat').session.state"
