"""Nothing that a customer wrote is lost or sent twice, whatever the network does."""

from __future__ import annotations

from playwright.sync_api import Page, Route

from tests.browser.conftest import Site, ask_human, say, sign_in

API = "**/api/v1/**"


def own(page: Page) -> list[str]:
    return page.locator("xiaohu-chat .mine .text").all_inner_texts()


def stored(page: Page, site: Site) -> list[str]:
    return page.evaluate(
        """async (site) => {
            const { id, token } = JSON.parse(localStorage.getItem("xiaohu:app:conversation"));
            const answer = await fetch(`${site}/api/v1/conversations/${id}/events?after=0`,
                { headers: { Authorization: `Bearer ${token}` } });
            const { events } = await answer.json();
            return events.filter((event) => event.actor.kind === "customer")
                .map((event) => event.data.text);
        }""",
        site.url,
    )


def test_messages_written_without_network_survive_a_reload_and_go_out_in_order(
    chat: Page, site: Site
) -> None:
    chat.context.route(API, lambda route: route.abort())
    say(chat, "第一条")
    say(chat, "第二条")
    chat.get_by_text("未发送 · 点按重发").first.wait_for()
    chat.reload()
    chat.get_by_text("第二条").wait_for()
    assert own(chat) == ["第一条", "第二条"]
    chat.context.unroute(API)
    chat.locator("xiaohu-chat .mine .status", has_text="未发送").first.wait_for(state="detached")
    chat.locator("xiaohu-chat .article").nth(1).wait_for()
    assert own(chat) == ["第一条", "第二条"]
    assert stored(chat, site) == ["第一条", "第二条"]


def test_a_message_whose_answer_was_lost_is_stored_once(chat: Page, site: Site) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    chat.context.route("**/messages", lose_the_first)
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    chat.wait_for_timeout(1500)
    assert lost == [201]
    assert own(chat) == ["付款失败"]
    assert stored(chat, site) == ["付款失败"]


def test_a_tap_on_an_unsent_message_sends_it(chat: Page, site: Site) -> None:
    chat.context.route("**/messages", lambda route: route.abort())
    say(chat, "付款失败")
    failed = chat.get_by_role("button", name="未发送 · 点按重发")
    failed.wait_for()
    chat.context.unroute("**/messages")
    failed.click()
    chat.locator("xiaohu-chat .article").wait_for()
    assert stored(chat, site) == ["付款失败"]


def test_without_a_stream_an_agents_words_still_come_and_the_chat_says_the_network_is_weak(
    chat: Page, site: Site, visitor
) -> None:
    chat.context.route("**/stream", lambda route: route.abort())
    chat.reload()
    ask_human(chat)
    chat.get_by_text("网络不稳").wait_for()
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    desk.locator("#waiting .claim").last.click()
    desk.fill("#talk textarea", "您好，我在")
    desk.press("#talk textarea", "Enter")
    chat.get_by_text("您好，我在").wait_for()
    desk.keyboard.press("Escape")
    desk.keyboard.press("e")
    desk.keyboard.press("Enter")
    chat.get_by_text("人工服务已结束").wait_for()


def test_a_conversation_that_the_server_forgot_is_opened_anew_and_the_words_go_there(
    chat: Page, site: Site
) -> None:
    chat.goto(f"{site.url}/livez")  # same storage, no chat that would see the change too early
    chat.evaluate(
        """() => {
            const key = "xiaohu:app:conversation";
            const kept = JSON.parse(localStorage.getItem(key));
            localStorage.setItem(key, JSON.stringify({ ...kept, token: "x".repeat(43) }));
        }"""
    )
    chat.goto(f"{site.url}/app")
    chat.get_by_text("已为您开启新的对话").wait_for()
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    assert stored(chat, site) == ["付款失败"]
