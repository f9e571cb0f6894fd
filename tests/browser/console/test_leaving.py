"""Signing out of the desk, or being signed out: no chat and no word is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlalchemy import delete

from tests.browser.at_the_desk import anna as anna
from tests.browser.at_the_desk import data_of, gone
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.at_the_desk import talking as talking
from tests.browser.conftest import (
    Opening,
    Site,
    ask_human,
    claim,
    close,
    reply,
    say,
    sign_in,
)
from web.desk.models import AgentSession


def test_signing_out_with_an_open_chat_asks_and_gives_it_back_to_the_queue(
    chat: Page, anna: Page, site: Site
) -> None:
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(anna, chat)
    anna.get_by_role("button", name="退出").click()
    dialog = anna.get_by_role("dialog")
    expect(dialog.locator("h2")).to_contain_text("还有 1 个对话")
    dialog.get_by_role("button", name="取消").click()
    expect(anna.locator("#talk .composer")).to_be_visible()
    anna.get_by_role("button", name="退出").click()
    dialog.get_by_role("button", name="转出并退出").click()
    anna.locator("#password").wait_for()
    expect(chat.locator("xiaohu-chat .queue strong")).to_contain_text("排队中")
    expect(chat.locator("xiaohu-chat .log")).not_to_contain_text("连接断开")
    held = chat.evaluate("document.querySelector('xiaohu-chat').session.conversation")
    gone(site, [held["id"]])


def test_signing_out_hands_an_open_chat_to_the_colleague_who_is_chosen(
    chat: Page, anna: Page, site: Site, visitor: Opening
) -> None:
    zhou = visitor().new_page()
    sign_in(zhou, site, "zhou")
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(anna, chat)
    anna.get_by_role("button", name="退出").click()
    dialog = anna.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("老周")).check()
    dialog.get_by_label("给同事的说明").fill("在等银行回话")
    dialog.get_by_role("button", name="转出并退出").click()
    anna.locator("#password").wait_for()
    chat.get_by_text("已为您转给 老周").wait_for()
    zhou.locator("#mine .row").last.click()
    expect(zhou.locator("#talk .message.note")).to_contain_text("在等银行回话")
    close(zhou)


def test_who_is_signed_out_while_writing_is_told_so_and_keeps_every_word(
    talking: Page, anna: Page, site: Site
) -> None:
    database = data_of(site)
    with database.write() as session:
        session.execute(delete(AgentSession))
    database.close()
    reply(anna, "请您核对一下订单")
    anna.get_by_text("登录已过期：写好的内容还在").wait_for()
    kept = anna.locator("#talk .message", has_text="请您核对一下订单")
    expect(kept.get_by_role("button", name="未发送 · 点按重发")).to_be_visible()
    sign_in(anna.context.new_page(), site, "anna")  # the first window goes on by itself
    expect(anna.get_by_text("登录已过期：写好的内容还在")).to_have_count(0)
