"""Several tabs of one browser share one conversation: who leads, and what waits to be sent."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply, say, sign_in
from tests.browser.tabs import SESSION, conversation, enter, kept, leads, words


def test_two_fresh_tabs_that_race_open_one_conversation_and_both_hear_the_agent(
    site: Site, visitor: Opening
) -> None:
    context = visitor()
    opened: list[str] = []
    context.on(
        "request",
        lambda request: (
            opened.append(request.method)
            if request.method == "POST" and request.url.endswith("/conversations")
            else None
        ),
    )
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(f"{site.url}/app", wait_until="commit")
    for page in (one, two):
        page.locator("xiaohu-chat .message.bot").first.wait_for()
    assert conversation(one) == conversation(two)
    assert opened == ["POST"]
    assert [leads(one), leads(two)].count(True) == 1
    ask_human(two)
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    claim(desk, two)
    reply(desk, "两边都看得到吗")
    for page in (one, two):
        page.get_by_text("两边都看得到吗").wait_for()
    close(desk)


def test_eight_tabs_all_work_on_one_connection_and_the_next_takes_over_when_one_dies(
    site: Site, visitor: Opening
) -> None:
    context = visitor()
    streams: list[str] = []
    context.on("request", lambda r: streams.append(r.url) if r.url.endswith("/stream") else None)
    tabs = [enter(context, site) for _ in range(8)]
    assert len({conversation(tab) for tab in tabs}) == 1
    assert len(streams) == 1
    say(tabs[0], "第一个标签页")
    say(tabs[7], "第八个标签页")
    for tab in tabs:
        expect(tab.locator("xiaohu-chat .mine .text")).to_have_count(2)
        expect(tab.locator("xiaohu-chat .article")).to_have_count(2)
    (leader,) = [tab for tab in tabs if leads(tab)]
    rest = [tab for tab in tabs if tab is not leader]
    leader.close()
    rest[0].wait_for_function(
        f"() => {SESSION}.kernel.leadership.leads || {SESSION}.line === 'live'"
    )
    say(rest[-1], "还在吗")
    for tab in rest:
        expect(tab.locator("xiaohu-chat .mine .text")).to_have_count(3)
    assert [leads(tab) for tab in rest].count(True) == 1


def test_without_web_locks_and_channels_tabs_still_share_one_conversation_and_hand_over(
    site: Site, visitor: Opening
) -> None:
    context = visitor()
    context.add_init_script("delete Navigator.prototype.locks; delete window.BroadcastChannel;")
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(f"{site.url}/app", wait_until="commit")
    for page in (one, two):
        page.locator("xiaohu-chat .message.bot").first.wait_for()
    assert conversation(one) == conversation(two)
    assert [leads(one), leads(two)].count(True) == 1
    leader, other = (one, two) if leads(one) else (two, one)
    say(other, "从另一个标签页")
    expect(leader.locator("xiaohu-chat .article")).to_have_count(1)
    expect(other.locator("xiaohu-chat .article")).to_have_count(1)
    leader.close()
    say(other, "还在吗")
    expect(other.locator("xiaohu-chat .article")).to_have_count(2)


def test_fifty_five_messages_written_offline_are_all_sent_in_their_order(
    site: Site, visitor: Opening
) -> None:
    page = enter(visitor(), site)
    page.context.route("**/api/v1/**", lambda route: route.abort())
    written = [f"第 {number} 条" for number in range(1, 56)]
    page.evaluate(f"(all) => all.forEach((text) => {SESSION}.say(text))", written)
    expect(page.locator("xiaohu-chat .mine .text")).to_have_count(55)
    page.reload()
    expect(page.locator("xiaohu-chat .mine .text")).to_have_count(55)
    page.context.unroute("**/api/v1/**")
    expect(page.locator("xiaohu-chat .article")).to_have_count(55)
    assert words(page) == written
    assert page.evaluate(f"{SESSION}.waiting.length") == 0


def test_a_message_stays_in_the_outbox_until_its_own_post_was_answered(
    site: Site, visitor: Opening
) -> None:
    page = enter(visitor(), site)
    held: list[Route] = []
    page.route("**/messages", lambda route: held.append(route) if not held else route.continue_())
    say(page, "付款失败")
    page.wait_for_function(f"() => {SESSION}.waiting.length === 1")
    held[0].fetch()  # the server has it, its answer is on its way
    page.locator("xiaohu-chat .article").wait_for()  # the stream has shown question and answer
    assert page.evaluate(f"{SESSION}.waiting.length") == 1
    asked = held[0].request.post_data_json["client_id"]
    with page.expect_request("**/messages") as again:
        held[0].abort()
    assert again.value.post_data_json["client_id"] == asked
    page.wait_for_function(f"() => {SESSION}.waiting.length === 0")
    assert words(page) == ["付款失败"]


def test_a_draft_is_kept_masked_over_a_reload_and_gone_once_it_was_sent(
    site: Site, visitor: Opening
) -> None:
    page = enter(visitor(phone=True), site)
    page.fill("xiaohu-chat textarea", "写了一半的长问题，密码是hunter2024")
    assert "hunter2024" not in kept(page)
    page.reload()
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    restored = page.input_value("xiaohu-chat textarea")
    assert restored.startswith("写了一半的长问题")
    assert "hunter2024" not in restored
    page.press("xiaohu-chat textarea", "Enter")
    page.locator("xiaohu-chat .article").wait_for()
    page.reload()
    page.locator("xiaohu-chat .article").wait_for()
    assert page.input_value("xiaohu-chat textarea") == ""
