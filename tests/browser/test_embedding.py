"""The widget on pages that change under it, and what it leaves when it is taken out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply, say, sign_in

SESSION = "document.querySelector('xiaohu-chat').session"


def shop_page(visitor: Opening, foreign: str, *, phone: bool = False) -> Page:
    """Open the shop with its chat."""
    page = visitor(phone=phone).new_page()
    page.goto(foreign)
    page.locator("xiaohu-chat .launcher").click()
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    return page


def swap_body(page: Page) -> None:
    """Change the page as Turbo does: a new body in place of the old one."""
    page.evaluate(
        """() => {
            const body = document.createElement("body");
            body.innerHTML = "<h1>另一页</h1>";
            document.body.replaceWith(body);
        }"""
    )


def test_the_chat_follows_into_a_swapped_body_with_its_conversation(
    site: Site, foreign: str, visitor: Opening
) -> None:
    shop = shop_page(visitor, foreign)
    say(shop, "付款失败")
    shop.locator("xiaohu-chat .article").wait_for()
    before = shop.evaluate(f"{SESSION}.conversation.id")
    for _ in range(2):
        swap_body(shop)
        expect(shop.locator("xiaohu-chat .mine .text")).to_have_text(["付款失败"])
        assert shop.evaluate(f"{SESSION}.conversation.id") == before
    assert shop.locator("xiaohu-chat").count() == 1
    say(shop, "换页以后")
    expect(shop.locator("xiaohu-chat .article")).to_have_count(2)


def test_a_chat_that_was_taken_out_comes_back_by_run_or_open(
    foreign: str, visitor: Opening
) -> None:
    shop = shop_page(visitor, foreign)
    say(shop, "付款失败")
    shop.locator("xiaohu-chat .article").wait_for()
    for call in ("xiaohu('run')", "xiaohu('open')"):
        shop.evaluate("document.querySelector('xiaohu-chat').remove()")
        assert shop.locator("xiaohu-chat").count() == 0
        shop.evaluate(call)
        expect(shop.locator("xiaohu-chat .mine .text")).to_have_text(["付款失败"])


def test_taken_out_while_open_it_leaves_no_scroll_lock_stream_timer_or_title(
    site: Site, foreign: str, visitor: Opening
) -> None:
    shop = visitor(phone=True).new_page()
    ended: list[str] = []
    shop.on("requestfailed", lambda r: ended.append(r.url) if r.url.endswith("/stream") else None)
    shop.goto(foreign)
    shop.evaluate("document.documentElement.style.overflow = 'clip'")
    shop.locator("xiaohu-chat .launcher").click()
    shop.locator("xiaohu-chat .message.bot").first.wait_for()
    shop.wait_for_function(f"() => {SESSION}.line === 'live'")
    assert shop.evaluate("document.documentElement.style.overflow") == "hidden"
    later: list[str] = []
    with shop.expect_event("requestfailed", lambda r: r.url.endswith("/stream")):
        shop.evaluate("document.querySelector('xiaohu-chat').remove()")
    assert shop.evaluate("document.documentElement.style.overflow") == "clip"
    shop.on("request", lambda request: later.append(request.url))
    shop.evaluate("dispatchEvent(new Event('focus')); dispatchEvent(new Event('online'))")
    shop.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))")
    assert later == []


def test_moved_within_the_page_the_chat_goes_on_without_a_word(
    foreign: str, visitor: Opening
) -> None:
    shop = shop_page(visitor, foreign)
    shop.evaluate(f"window.before = {SESSION}")
    shop.evaluate(
        """() => {
            const box = document.createElement("div");
            document.body.append(box);
            box.append(document.querySelector("xiaohu-chat"));
        }"""
    )
    say(shop, "付款失败")
    shop.locator("xiaohu-chat .article").wait_for()
    assert shop.evaluate(f"window.before === {SESSION}")


def test_who_waits_elsewhere_hears_a_tone_and_sees_a_number_in_the_title(
    site: Site, visitor: Opening
) -> None:
    context = visitor()
    chat = context.new_page()
    chat.goto(f"{site.url}/app")
    chat.locator("xiaohu-chat .message.bot").first.wait_for()
    ask_human(chat)
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    claim(desk, chat)
    chat.locator("xiaohu-chat .subtitle", has_text="安娜").wait_for()
    # As in a window behind another one; a headless browser has no window that is behind.
    chat.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.hasFocus = () => false;
        }"""
    )
    rung = "() => document.querySelector('xiaohu-chat').bell.rung ?? 0"
    before = chat.evaluate(rung)
    reply(desk, "在吗")
    expect(chat).to_have_title("(1) 小狐客服")
    assert chat.evaluate(rung) == before + 1
    chat.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(chat).to_have_title("小狐客服")
    chat.locator("xiaohu-chat .menu-open").click()
    chat.get_by_role("button", name="关闭提示音").click()
    chat.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    reply(desk, "还在吗")
    expect(chat).to_have_title("(1) 小狐客服")
    assert chat.evaluate(rung) == before + 1
    chat.evaluate("delete document.hidden")
    close(desk)
