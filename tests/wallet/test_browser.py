"""In Chromium, on phone and desktop: the picker, freezing, a suspicious payment, the desk."""

from __future__ import annotations

import base64
import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.__main__ import post
from tests.browser.conftest import PASSWORD, say, sign_in
from tests.product import PATIENCE, Product
from tests.wallet.conftest import SECRET, Sandbox, identity

SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
Opening = Callable[..., Page]


@pytest.fixture
def app(browser: Browser, product: Product, served: Sandbox) -> Iterator[Opening]:
    """Give a function that opens /app as somebody like a customer of the sandbox."""
    contexts = []
    faults: list[str] = []

    def open_app(like: str, size: str = "phone", after: str = "", name: str = "小林") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", has_touch=size == "phone"
        )
        context.set_default_timeout(PATIENCE * 1000)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        page = context.new_page()
        customer = served.newcomer(like)
        named = after + customer[-7:] if after else ""
        page.goto(f"{product.url}/app#token={identity(customer, name)}{named}")
        page.locator("xiaohu-chat .message.bot").first.wait_for()
        return page

    served.breaks("")
    yield open_app
    for context in contexts:
        context.close()
    assert faults == []


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at them."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("size", SIZES)
def test_a_payment_is_picked_by_a_tap(app: Opening, size: str) -> None:
    page = app("sandbox-03", size)
    say(page, "付款失败了")
    cards = page.locator("xiaohu-chat .choices button.transaction")
    expect(cards).to_have_count(2)
    expect(cards.first.locator(".payee")).to_have_text("银幕影城")
    expect(cards.first.locator(".amount")).to_have_text("98.00 元")
    picture(page, f"picker-{size}")
    width = page.viewport_size["width"] if page.viewport_size else 0
    for card in cards.all():
        box = card.bounding_box()
        assert box
        assert box["height"] >= 44  # a finger's
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    cards.first.click()
    last = page.locator("xiaohu-chat .message.bot").last
    expect(last).to_contain_text("已经过期")
    expect(last).to_contain_text("来自您的钱包记录")
    expect(cards.first).to_be_disabled()
    picture(page, f"picked-{size}")


def test_none_of_these_goes_on_by_hand(app: Opening) -> None:
    page = app("sandbox-01")
    say(page, "付款失败了")
    page.get_by_role("button", name="都不是").click()
    expect(page.locator("xiaohu-chat .message.bot").last).to_contain_text("先看网络")


def test_a_card_is_read_out_as_one_line(app: Opening) -> None:
    page = app("sandbox-01")
    say(page, "付款失败了")
    card = page.get_by_role("button", name="小巷咖啡 · 86.50 元")
    expect(card).to_be_visible()
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("xiaohu-chat .message.bot").last).to_contain_text("余额不够")


def test_a_payments_page_names_it_by_the_bridge_and_nothing_is_asked(app: Opening) -> None:
    page = app("sandbox-02")
    mark = page.evaluate("document.querySelector('xiaohu-chat').token.split('.')[1]")
    claims = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    page.evaluate("(id) => xiaohuHelp.open({transaction: id})", "tx-02-phone" + claims["sub"][-7:])
    last = page.locator("xiaohu-chat .message.bot").last
    expect(last).to_contain_text("超过了约定的支付限额")
    expect(page.locator("xiaohu-chat .message.mine")).to_contain_text("我想咨询这笔交易")
    expect(page.locator("xiaohu-chat .choices button.transaction")).to_have_count(0)


def test_a_payments_page_names_it_by_the_address(app: Opening) -> None:
    page = app("sandbox-02", after="&transaction=tx-02-phone")
    expect(page.locator("xiaohu-chat .message.bot").last).to_contain_text("支付限额")
    assert "#" not in page.url


@pytest.mark.parametrize("size", SIZES)
def test_freezing_takes_two_taps(app: Opening, size: str) -> None:
    page = app("sandbox-11", size)
    say(page, "我的钱被盗刷了")
    page.get_by_role("button", name="马上冻结").click()
    page.get_by_role("button", name="确认冻结").click()
    expect(page.locator("xiaohu-chat .log, xiaohu-chat [role=log]").first).to_contain_text(
        "冻结申请已经提交"
    )
    page.wait_for_timeout(300)
    picture(page, f"frozen-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_suspicious_payment_is_asked_about_and_frozen_by_one_tap(
    app: Opening, product: Product, served: Sandbox, size: str
) -> None:
    page = app("sandbox-11", size)
    mark = page.evaluate("document.querySelector('xiaohu-chat').token.split('.')[1]")
    who = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))["sub"]
    about = served.store.transaction(who, "tx-11-gold" + who[-7:])
    told = {
        "EventId": f"ev-{uuid.uuid4().hex}",
        "Type": "transaction.suspicious",
        "DateTime": about["DateTime"],
        "CustomerId": who,
        "Transaction": about,
    }
    assert post(product.url, "/api/v1/wallet/events", told, SECRET) == 204
    last = page.locator("xiaohu-chat .message.bot").last
    expect(last).to_contain_text("远方珠宝 的付款 3888.00 元")
    expect(last).to_contain_text("是您本人操作的吗")
    picture(page, f"suspicious-{size}")
    page.get_by_role("button", name="不是我，马上冻结").click()
    log = page.locator("xiaohu-chat [role=log]").first
    expect(log).to_contain_text("冻结申请已经提交")
    page.locator("xiaohu-chat .queue strong").wait_for()  # a person comes, too
    picture(page, f"suspicious-frozen-{size}")


def test_the_agent_looks_at_the_wallet_beside_the_card(
    app: Opening, browser: Browser, product: Product
) -> None:
    product.employ("anna", "安娜", PASSWORD)
    customer = app("sandbox-04", "desktop", name="小吴")
    say(customer, "我要退款")
    customer.locator("xiaohu-chat .choices button.transaction").first.click()
    expect(customer.locator("xiaohu-chat .message.bot").last).to_contain_text("银行入账中")
    customer.get_by_role("button", name="转人工").last.click()
    customer.locator("xiaohu-chat .queue strong").wait_for()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = context.new_page()
    sign_in(desk, product, "anna")
    desk.get_by_role("button", name="接入 小吴").first.click()
    desk.locator("#talk .composer").wait_for()
    expect(desk.locator("#card")).to_contain_text("跃步鞋店")
    desk.get_by_role("button", name="看客户的钱包记录").click()
    chosen = desk.locator("#card li.chosen")
    expect(chosen).to_contain_text("459.00 元")
    expect(chosen).to_contain_text("客户选的这一笔")
    expect(desk.locator("#card")).to_contain_text("青山银行 1120")
    picture(desk, "desk")
    ask_for_a_refund_that_a_colleague_confirms(desk, browser, product)
    keep_them_from_people_for_a_week(desk, customer)
    context.close()


def keep_them_from_people_for_a_week(desk: Page, customer: Page) -> None:
    desk.get_by_role("button", name="暂停这位客户的人工服务").click()
    dialog = desk.get_by_role("dialog", name="暂停这位客户的人工服务？")
    dialog.get_by_label("暂停多久").select_option("7")
    dialog.get_by_label("理由").fill("反复辱骂")
    picture(desk, "block-dialog")
    dialog.get_by_role("button", name="暂停", exact=True).click()
    card = desk.locator("#card")
    expect(card).to_contain_text("人工服务已暂停到")
    expect(card).to_contain_text("安娜 · 反复辱骂")
    card.get_by_role("button", name="恢复人工服务").scroll_into_view_if_needed()
    picture(desk, "blocked-desk")
    log = customer.locator("xiaohu-chat [role=log]").first
    expect(log).to_contain_text("人工服务、留言和回电暂停到")
    expect(log).not_to_contain_text("反复辱骂")
    picture(customer, "blocked-customer")


def ask_for_a_refund_that_a_colleague_confirms(
    desk: Page, browser: Browser, product: Product
) -> None:
    product.employ("zhou", "老周", PASSWORD)
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    other = phone.new_page()
    sign_in(other, product, "zhou")
    desk.get_by_role("button", name="申请退款 · 麦田面包 18.50 元").click()
    expect(desk.get_by_role("dialog")).to_contain_text("另一位同事复核")
    desk.get_by_label("理由").fill("面包是坏的，商家不理")
    picture(desk, "refund-dialog")
    desk.get_by_role("button", name="交给同事复核").click()
    open_one = desk.locator("#card ul.deeds li.open")
    expect(open_one).to_contain_text("等同事复核 · 安娜")
    expect(desk.locator("#confirmations")).to_be_hidden()
    row = other.locator("#confirmations li")
    expect(row).to_contain_text("麦田面包 18.50 元")
    expect(row).to_contain_text("面包是坏的，商家不理")
    picture(other, "review-phone")
    row.get_by_role("button", name="同意并提交").click()
    other.locator("#ask").get_by_role("button", name="同意并提交").click()
    expect(row).to_have_count(0)
    expect(desk.locator("#card ul.deeds")).to_contain_text("钱包处理中")
    expect(desk.locator("#talk")).to_contain_text("复核同意，已提交给钱包")
    picture(desk, "refund-confirmed")
    phone.close()
