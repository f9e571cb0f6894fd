"""What customers ask next is written beside its FAQ."""

from __future__ import annotations

from playwright.sync_api import expect


def test_points_are_added_changed_and_dropped_on_the_faqs_page(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/transfer-how")
    page.get_by_role("link", name="看和改追问").click()
    cards = page.locator("#points > li")
    expect(cards.first.get_by_label("回答（一两句）")).not_to_be_empty()
    before = cards.count()
    cards.nth(1).get_by_role("button", name="删掉这一条").click()
    page.get_by_role("button", name="＋ 加一条追问").click()
    last = cards.last
    last.get_by_label("客户会这样说（每行一种）").fill("给外婆转行不行\n老人能收吗")
    last.get_by_label("回答（一两句）").fill("把短信验证码发给我就行。")
    expect(last.locator(".notes")).to_contain_text("验证码")
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#state")).to_contain_text("没有保存")
    last.get_by_label("回答（一两句）").fill("可以，按对方显示的名字核对好再转。")
    expect(page.locator("#fine")).to_be_visible()
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#said")).to_contain_text("机器人现在就这样说")
    text = (office.data / "further" / "transfer-how.yml").read_text(encoding="utf-8")
    assert "给外婆转行不行" in text
    assert text.count("- asks:") == before
    assert page.errors == []
