"""The agent's tools: typing signs, ready answers, notes, transfer, sound, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply, say, sign_in


@pytest.fixture
def anna(site: Site, visitor: Opening) -> Page:
    """安娜 at her desk."""
    page = visitor().new_page()
    sign_in(page, site, "anna")
    return page


@pytest.fixture
def talking(chat: Page, anna: Page) -> Iterator[Page]:
    """小林's chat, which 安娜 has; afterwards her desk is empty again."""
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(anna, chat)
    yield chat
    while anna.locator("#mine .row").count():
        anna.locator("#mine .row").first.click()
        close(anna)


def test_each_side_sees_that_the_other_types_until_it_stops(talking: Page, anna: Page) -> None:
    anna.locator("#talk textarea").press_sequentially("您好")
    sign = talking.locator("xiaohu-chat .typing")
    expect(sign).to_contain_text("安娜正在输入…")
    anna.keyboard.press("Enter")
    expect(sign).to_have_count(0)
    talking.locator("xiaohu-chat textarea").press_sequentially("我在")
    expect(anna.locator("#talk .types")).to_contain_text("正在输入…")
    expect(anna.locator("#mine .row")).to_contain_text("输入中")
    talking.locator("xiaohu-chat textarea").fill("")
    expect(anna.locator("#talk .types")).to_be_hidden()
    expect(anna.locator("#talk .status").last).to_have_text("已读")


def test_a_ready_answer_is_found_by_slash_or_ctrl_k_and_inserted_by_enter(
    talking: Page, anna: Page
) -> None:
    anna.focus("#talk textarea")
    anna.keyboard.press("/")
    search = anna.get_by_role("combobox", name="搜索常用回复和解答")
    expect(search).to_be_focused()
    anna.keyboard.type("退款多久到账")
    option = anna.locator("#canned-list [role=option]", has_text="退款").first
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        anna.keyboard.press("ArrowDown")
    shown = option.locator("span").inner_text()
    anna.keyboard.press("Enter")
    field = anna.locator("#talk textarea")
    expect(field).to_be_focused()
    assert field.input_value()[:10] == shown[:10]
    field.fill("您好，")
    anna.keyboard.press("Control+k")
    expect(search).to_be_focused()
    anna.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("您好，")
    field.press_sequentially("1/2")
    expect(field).to_have_value("您好，1/2")


def test_a_customer_is_handed_on_with_a_note_that_only_colleagues_see(
    site: Site, talking: Page, anna: Page, visitor: Opening
) -> None:
    zhou = visitor().new_page()
    sign_in(zhou, site, "zhou")
    anna.keyboard.press("Escape")
    anna.keyboard.press("m")
    expect(anna.locator("#talk .composer")).to_have_class(re.compile("noting"))
    anna.keyboard.type("客户很着急")
    anna.keyboard.press("Enter")
    expect(anna.locator("#talk .message.note")).to_contain_text("客户很着急")
    anna.keyboard.press("Escape")
    anna.keyboard.press("t")
    dialog = anna.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("老周")).check()
    dialog.get_by_label("给同事的说明").fill("请核对网络超时的那笔")
    dialog.get_by_role("button", name="转接").click()
    expect(anna.locator("#mine .none")).to_be_visible()
    zhou.locator("#mine .row").last.click()
    notes = zhou.locator("#talk .message.note")
    expect(notes).to_have_count(2)
    expect(notes.last).to_contain_text("请核对网络超时的那笔")
    expect(talking.locator("xiaohu-chat .subtitle")).to_have_text("老周 正在为您服务")
    talking.get_by_text("已为您转给 老周").wait_for()
    assert "客户很着急" not in talking.locator("xiaohu-chat .log").inner_text()
    assert "网络超时" not in talking.locator("xiaohu-chat .log").inner_text()
    reply(zhou, "我是老周，接着帮您看")
    talking.get_by_text("接着帮您看").wait_for()
    close(zhou)


def test_new_words_ring_flash_and_mark_while_another_chat_is_open(
    talking: Page, anna: Page
) -> None:
    anna.evaluate("sessionStorage.clear()")
    anna.reload()
    anna.locator("#mine .row").last.wait_for()
    anna.mouse.click(640, 400)
    anna.evaluate("document.hasFocus = () => false")
    say(talking, "还在吗？")
    row = anna.locator("#mine li.unread").last
    expect(row).to_contain_text("还在吗？")
    expect(row.get_by_role("img", name="有新消息")).to_be_visible()
    expect(anna).to_have_title(re.compile("新消息"))
    expect(anna.locator("html")).to_have_attribute("data-rung", "message")
    row.locator(".row").click()
    expect(anna.locator("#mine li.unread")).to_have_count(0)


def test_letters_as_keys_sound_and_presence_are_settings_that_are_remembered(
    site: Site, anna: Page
) -> None:
    anna.get_by_role("button", name="设置").click()
    anna.get_by_label("使用单个字母的快捷键").uncheck()
    anna.get_by_label("新消息和紧急排队时响铃").uncheck()
    anna.get_by_label("同时接待").fill("3")
    anna.get_by_role("button", name="完成").click()
    anna.keyboard.press("Shift+?")
    expect(anna.locator("#help")).to_be_hidden()
    with anna.expect_response("**/desk/api/me"):
        anna.locator("#presence").click()
    expect(anna.locator("#presence")).to_have_text("离开")
    anna.reload()
    anna.locator("#waiting li").first.wait_for()
    expect(anna.locator("#presence")).to_have_text("离开")
    anna.get_by_role("button", name="设置").click()
    expect(anna.get_by_label("同时接待")).to_have_value("3")
    expect(anna.get_by_label("新消息和紧急排队时响铃")).not_to_be_checked()
    anna.get_by_label("使用单个字母的快捷键").check()
    anna.get_by_label("同时接待").fill("8")
    anna.get_by_role("button", name="完成").click()
    anna.locator("#presence").click()
    expect(anna.locator("#presence")).to_have_text("在线")
    anna.keyboard.press("Shift+?")
    expect(anna.locator("#help")).to_be_visible()
