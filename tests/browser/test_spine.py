"""A customer on somebody else's page asks, is answered, and reaches a human."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import (
    Opening,
    Site,
    ask_human,
    claim,
    close,
    reply,
    say,
    shop_with,
    sign_in,
)
from tests.product import Product


def test_question_answer_not_solved_human_and_a_reload_on_both_sides_loses_nothing(
    staffed: Product, visitor: Opening
) -> None:
    with shop_with(staffed.url) as foreign:
        shop = visitor(phone=True).new_page()
        shop.goto(foreign)
        shop.locator("xiaohu-chat .launcher").click()
        shop.locator("xiaohu-chat .message.bot").first.wait_for()
        say(shop, "怎么修改登录密码")
        article = shop.locator("xiaohu-chat .article").last
        article.wait_for()
        address = article.get_attribute("href")
        assert address.startswith(f"{staffed.url}/faq/")
        assert "<h1>怎么修改密码<" in shop.request.get(address).text()

        desk = visitor().new_page()
        sign_in(desk, staffed, "anna")
        shop.get_by_role("button", name="没解决").click()
        offer = shop.locator("xiaohu-chat .choices button:enabled", has_text="转人工")
        waiting = shop.locator("xiaohu-chat .queue strong")
        expect(offer.or_(waiting).first).to_be_visible()
        if not waiting.is_visible():
            offer.click()
        expect(waiting).to_contain_text("排队中")
        desk.locator("#waiting .row", has_text="怎么修改登录密码").click()
        expect(desk.locator("#card")).to_contain_text("怎么修改登录密码")
        desk.keyboard.press("c")
        expect(shop.locator("xiaohu-chat .subtitle")).to_have_text("安娜 正在为您服务")

        reply(desk, "您好，我来帮您看看")
        shop.get_by_text("您好，我来帮您看看").wait_for()
        say(shop, "好的谢谢")
        desk.locator("#talk .customer", has_text="好的谢谢").wait_for()

        before = shop.locator("xiaohu-chat .message .text").all_inner_texts()
        shop.get_by_role("link", name="另一页").evaluate("(link) => link.click()")
        shop.wait_for_url("**/other")
        shop.get_by_text("好的谢谢").wait_for()
        assert shop.locator("xiaohu-chat .message .text").all_inner_texts() == before
        seen = desk.locator("#talk .message .text").all_inner_texts()
        desk.reload()
        desk.locator("#talk .customer", has_text="好的谢谢").wait_for()
        assert desk.locator("#talk .message .text").all_inner_texts() == seen == before

        reply(desk, "重新打开后还在")
        shop.get_by_text("重新打开后还在").wait_for()
        close(desk)
        shop.get_by_text("您的问题解决了吗").wait_for()
        shop.get_by_role("button", name="解决了", exact=True).last.click()
        shop.locator("xiaohu-chat .line.resolved").wait_for()


def test_a_closed_chat_shows_unread_words_on_the_launcher_and_in_the_title(
    site: Site, foreign: str, visitor: Opening
) -> None:
    shop = visitor().new_page()
    shop.goto(foreign)
    shop.locator("xiaohu-chat .launcher").click()
    shop.locator("xiaohu-chat .message.bot").first.wait_for()
    ask_human(shop)
    shop.keyboard.press("Escape")
    assert shop.evaluate("document.activeElement.localName") == "xiaohu-chat"
    desk = visitor().new_page()
    sign_in(desk, site, "zhou")
    claim(desk, shop)
    reply(desk, "在吗")
    expect(shop.locator("xiaohu-chat .badge")).to_have_text("1")
    expect(shop).to_have_title("(1) 阿杰的小店")
    shop.locator("xiaohu-chat .launcher").click()
    expect(shop).to_have_title("阿杰的小店")
    close(desk)
    shop.get_by_text("人工服务已结束").first.wait_for()


def test_two_agents_never_get_the_same_customer(site: Site, visitor: Opening) -> None:
    customer = visitor().new_page()
    customer.goto(f"{site.url}/app")
    ask_human(customer)
    anna, zhou = visitor().new_page(), visitor().new_page()
    sign_in(anna, site, "anna")
    sign_in(zhou, site, "zhou")
    number = anna.locator("#waiting .claim").count()
    own = zhou.locator("#mine .row").count()
    # 老周's list still shows the customer whom 安娜 takes at this moment
    zhou.route(
        "**/claim",
        lambda route: (
            anna.locator("#waiting .claim").last.click(),
            anna.locator("#talk .composer").wait_for(),
            route.continue_(),
        ),
    )
    zhou.locator("#waiting .claim").last.click()
    expect(zhou.locator("#line")).to_have_text("晚了一步：同事已经接入。")
    assert zhou.locator("#mine .row").count() == own
    expect(anna.locator("#waiting .claim")).to_have_count(number - 1)
    expect(customer.locator("xiaohu-chat .subtitle")).to_have_text(re.compile("安娜"))


def test_the_wallets_token_leaves_the_address_bar_and_the_agent_sees_the_name(
    site: Site, visitor: Opening
) -> None:
    token = site.command("token", "--sub", "xiaolin-1", "--name", "小林")
    customer = visitor(phone=True).new_page()
    customer.goto(f"{site.url}/app#token={token}")
    customer.locator("xiaohu-chat .message.bot").first.wait_for()
    assert customer.url == f"{site.url}/app"
    assert token not in customer.evaluate("JSON.stringify(localStorage)")
    ask_human(customer)
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    expect(desk.locator("#waiting .row", has_text="小林")).to_have_count(1)
    other = visitor(phone=True).new_page()
    other.goto(f"{site.url}/app#token={token}")
    other.locator("xiaohu-chat .queue").wait_for()
