"""In Chromium: what a customer erases is gone from the device, and a look needs its reason."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.product import Customer, Product

PASSWORD = "a lantern for the desk"


def chat(page: Page, product: Product, text: str) -> None:
    page.goto(f"{product.url}/app")
    line = page.locator("xiaohu-chat textarea").first
    line.fill(text)
    line.press("Enter")
    expect(page.locator("xiaohu-chat .message.mine").last).to_contain_text(text)
    kept = "() => Object.values(localStorage).some((one) => one.includes('token'))"
    page.wait_for_function(kept)


def test_a_customer_takes_a_copy_and_erases_all_of_it(product: Product, browser: Browser) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    try:
        chat(page, product, "订单尾号 5533")
        page.goto(f"{product.url}/privacy")
        with page.expect_download() as copy:
            page.get_by_text("下载一份副本").click()
        assert "5533" in copy.value.path().read_text(encoding="utf-8")
        page.get_by_text("全部删除", exact=True).click()
        page.get_by_text("确定删除").click()
        expect(page.locator("#rights")).to_contain_text("已经全部删除")
        expect(page.locator("#rights")).to_contain_text("这台设备上没有咨询记录")
        assert "token" not in str(page.evaluate("() => JSON.stringify(localStorage)"))
        page.goto(f"{product.url}/app")
        expect(page.locator("xiaohu-chat .message").first).to_be_visible()
        assert "5533" not in page.locator("xiaohu-chat").inner_text()
    finally:
        context.close()


def test_an_agent_is_asked_why_before_a_strangers_chat_opens(
    product: Product, browser: Browser
) -> None:
    product.employ("zhou-why", "老周", PASSWORD)
    other = Customer(product.url)
    other.say("订单尾号 4411")
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    try:
        page.goto(f"{product.url}/desk/login")
        page.fill("[name=name]", "zhou-why")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.locator("dialog#ask").wait_for(state="attached")
        show = "async (id) => { const { Store } = await import('/desk/static/store.js');"
        show += " window.kept = new Store({ onChange() {} }); window.kept.show(id); }"
        page.evaluate(show, other.id)
        asked = page.locator("dialog:has(#reason)")
        expect(asked).to_contain_text("理由会记入操作记录")
        page.fill("#reason", "看")
        page.keyboard.press("Enter")
        expect(asked.get_by_role("alert")).to_contain_text("理由要写成几个字")
        expect(page.locator("#reason")).to_have_value("看")
        page.fill("#reason", "接班核对")
        page.keyboard.press("Enter")
        expect(asked).to_have_count(0)
        page.wait_for_function("(id) => window.kept.threads.get(id)", arg=other.id)
    finally:
        context.close()


def test_scripts_in_a_chat_run_nowhere(product: Product, browser: Browser) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    try:
        for text in ("<img src=x onerror=window.hit=1>", "[点我](javascript:window.hit=1)"):
            chat(page, product, text)
        page.reload()
        expect(page.locator("xiaohu-chat")).to_contain_text("onerror")
        assert page.evaluate("() => window.hit") is None
        assert page.locator("xiaohu-chat a[href^='javascript']").count() == 0
    finally:
        context.close()
