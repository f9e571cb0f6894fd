"""After a human: rating, transcript, reopening, and where the cases stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply, say, sign_in


@pytest.fixture
def desk(site: Site, visitor: Opening) -> Page:
    """安娜 at her desk."""
    page = visitor().new_page()
    sign_in(page, site, "anna")
    return page


@pytest.fixture
def served_chat(site: Site, visitor: Opening, desk: Page) -> Page:
    """小林's chat, which 安娜 has just ended."""
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    say(page, "付款失败，密码是hunter2024")
    ask_human(page)
    claim(desk, page)
    reply(desk, "已经处理好了")
    page.get_by_text("已经处理好了").wait_for()
    close(desk)
    page.locator("xiaohu-chat .after").wait_for()
    return page


def test_a_service_is_rated_once_by_keyboard_with_a_word_and_the_transcript_hides_secrets(
    served_chat: Page, desk: Page, tmp_path: Path
) -> None:
    chat = served_chat
    chat.get_by_role("radio", name="1 分").focus()
    for _ in range(3):
        chat.keyboard.press("ArrowRight")
    chat.get_by_label("说一句（可不填）").fill("很耐心")
    chat.keyboard.press("Enter")
    expect(chat.locator("xiaohu-chat .after .done")).to_have_text("谢谢评价：4 分，满意")
    chat.reload()
    expect(chat.locator("xiaohu-chat .after .done")).to_have_text("谢谢评价：4 分，满意")
    assert chat.locator("xiaohu-chat .stars").count() == 0
    with chat.expect_download() as downloading:
        chat.get_by_role("button", name="下载对话记录").click()
    kept = tmp_path / "transcript.txt"
    downloading.value.save_as(kept)
    text = kept.read_text(encoding="utf-8")
    assert downloading.value.suggested_filename.endswith(".txt")
    assert "已经处理好了" in text
    assert "付款失败" in text
    assert "hunter2024" not in text


def test_a_closed_case_is_reopened_into_the_same_thread(served_chat: Page, desk: Page) -> None:
    chat = served_chat
    chat.get_by_role("button", name="重新打开").click()
    chat.get_by_text("已重新打开").wait_for()
    chat.locator("xiaohu-chat .queue").wait_for()
    claim(desk, chat)
    expect(desk.locator("#talk .agent", has_text="已经处理好了")).to_be_visible()
    reply(desk, "我们接着看")
    chat.get_by_text("我们接着看").wait_for()
    chat.get_by_text("已经处理好了").wait_for()
    close(desk)


def test_the_page_of_cases_tells_state_next_step_and_date(
    site: Site, served_chat: Page, visitor: Opening
) -> None:
    chat = served_chat
    chat.locator("xiaohu-chat .menu-open").click()
    chat.get_by_role("link", name="服务进度").click()
    chat.wait_for_url("**/cases")
    past = chat.locator(".case").first
    expect(past).to_contain_text("已结束")
    expect(past).to_contain_text("前可以重新打开")
    past.get_by_role("button", name="打开对话").click()
    chat.wait_for_url("**/app")
    chat.get_by_text("已经处理好了").wait_for()
    chat.get_by_role("button", name="重新打开").click()
    chat.locator("xiaohu-chat .queue").wait_for()
    chat.goto(f"{site.url}/cases")
    expect(chat.locator(".case.queue")).to_contain_text("位置会一直保留")
    stranger = visitor().new_page()
    stranger.goto(f"{site.url}/cases")
    expect(stranger.locator("#cases")).to_contain_text("还没有咨询记录")
