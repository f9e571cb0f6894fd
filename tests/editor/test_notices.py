"""Announcements: shown, ended at once, and checked by the rules of answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


def write(page, office, title: str, text: str) -> None:
    page.goto(f"{office.url}/editor/announcements")
    page.click("#new")
    page.fill("#title", title)
    page.fill("#text", text)
    page.click("#save")


def note_at(page, field: str):
    return page.locator(f'.notes[data-field="{field}"] .error')


def test_an_announcement_is_shown_and_ended_at_once(office, enter) -> None:
    page = enter("chen")
    write(page, office, "今晚系统维护", "今晚 22:00-23:30 维护，转账可能变慢，请勿重复付款。")
    expect(page.locator("#said.good")).to_contain_text("已保存")
    expect(page.locator("li.now")).to_contain_text("今晚系统维护")
    assert "今晚系统维护" in office.get("/").text
    page.click("li.now button.end")
    expect(page.locator("li.over")).to_contain_text("今晚系统维护")
    assert "今晚系统维护" not in office.get("/").text


@pytest.mark.parametrize(
    ("title", "text", "field", "told"),
    [
        ("账户核对", "请把短信验证码发给客服。", "text", "验证码"),
        ("请把支付密码告诉客服", "马上核对账户。", "title", "密码"),
        ("客服换号", "请拨打 400-123-4567。", "text", "400-123-4567"),
        ("客服换号", "请拨打 {{ no_such }}。", "text", "no_such"),
        ("客服 {{ hotline }}", "号码换了。", "title", "不能用变量"),
        ("怎么退款", "看[这一篇](/faq/no-such-faq)。", "text", "no-such-faq"),
    ],
)
def test_what_answers_may_not_say_announcements_may_not(
    office, enter, title: str, text: str, field: str, told: str
) -> None:
    page = enter("chen")
    before = set((office.data / "announcements").glob("*.md"))
    write(page, office, title, text)
    expect(note_at(page, field).first).to_contain_text(told)
    expect(page.locator("#state")).to_contain_text("没有保存")
    assert set((office.data / "announcements").glob("*.md")) == before


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("手写的", "请把验证码发给客服。"),
        ("手写的很长的标题" * 8, "转账可能变慢。"),
        ("手写的没有内容", ""),
    ],
)
def test_a_bad_one_written_by_hand_can_be_ended(office, enter, title: str, text: str) -> None:
    path = office.data / "announcements" / "by-hand.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\ntitle: {title}\n---\n\n{text}\n", encoding="utf-8")
    try:
        page = enter("chen")
        page.goto(f"{office.url}/editor/announcements")
        page.locator("li.now", has_text=title).get_by_text("现在结束").click()
        expect(page.locator("li.over", has_text=title)).to_be_visible()
        assert title not in office.get("/").text
    finally:
        path.unlink()


def test_a_bad_file_is_told_in_chinese_without_the_servers_path(office, enter) -> None:
    path = office.data / "announcements" / "broken.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text("---\ntitle: 甲\nlevel: loud\n---\n\n乙\n", encoding="utf-8")
    try:
        page = enter("chen")
        page.goto(f"{office.url}/editor/announcements")
        box = page.locator("section.bad")
        expect(box).to_contain_text("announcements/broken.md")
        expect(box).to_contain_text("没有这个程度")
        assert str(office.data) not in box.inner_text()
    finally:
        path.unlink()


def test_the_page_says_when_the_bot_mentions_announcements(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/announcements")
    expect(page.locator("main > .hint")).to_contain_text("故障期间问过事情的客户会在对话里收到")
