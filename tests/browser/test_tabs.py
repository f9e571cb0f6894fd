"""Several tabs of one browser: whose chat is shown, who speaks, what signing out leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply, say, sign_in

CHAT = "document.querySelector('xiaohu-chat')"
SESSION = f"{CHAT}.session"
ACCOUNT = "订单尾号 8899"
Sign = Callable[[str, str], str]


@pytest.fixture
def token(site: Site) -> Sign:
    """Sign an identity as the wallet does."""

    def sign(sub: str, name: str) -> str:
        return site.command("token", "--sub", sub, "--name", name)

    return sign


def enter(
    context: BrowserContext, site: Site, token: str | None = None, path: str = "/app"
) -> Page:
    """Open a tab and wait until the chat is there."""
    page = context.new_page()
    page.goto(f"{site.url}{path}" + (f"#token={token}" if token else ""))
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    return page


def words(page: Page) -> list[str]:
    return page.locator("xiaohu-chat .mine .text").all_inner_texts()


def conversation(page: Page) -> str:
    return str(page.evaluate(f"{SESSION}.conversation?.id ?? ''"))


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"))


def leads(page: Page) -> bool:
    return bool(page.evaluate(f"{SESSION}.kernel.leadership.leads"))


def test_two_identities_in_two_tabs_never_see_or_write_each_others_chat(
    site: Site, visitor: Opening, token: Sign
) -> None:
    context = visitor()
    lin = enter(context, site, token("two-lin", "小林"))
    jie = enter(context, site, token("two-jie", "阿杰"))
    say(lin, ACCOUNT)
    say(jie, "我是阿杰")
    for _ in range(2):
        expect(lin.locator("xiaohu-chat .mine .text")).to_have_text([ACCOUNT])
        expect(jie.locator("xiaohu-chat .mine .text")).to_have_text(["我是阿杰"])
        assert conversation(lin) != conversation(jie)
        lin.reload()
        jie.reload()
    say(jie, "还是阿杰")
    expect(jie.locator("xiaohu-chat .mine .text")).to_have_text(["我是阿杰", "还是阿杰"])
    expect(lin.locator("xiaohu-chat .mine .text")).to_have_text([ACCOUNT])


@pytest.mark.parametrize("same_tab", [True, False])
def test_a_page_without_an_identity_shows_nothing_of_who_was_signed_in(
    site: Site, visitor: Opening, token: Sign, same_tab: bool
) -> None:
    context = visitor(phone=True)
    lin = enter(context, site, token("anon-lin", "小林"))
    say(lin, ACCOUNT)
    lin.locator("xiaohu-chat .article").wait_for()
    hers = conversation(lin)
    page = lin if same_tab else context.new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    assert conversation(page) not in ("", hers)
    assert words(page) == []
    say(page, "我是下一位")
    page.locator("xiaohu-chat .article").wait_for()
    assert words(page) == ["我是下一位"]
    page.goto(f"{site.url}/cases")
    page.locator("#cases .case, #cases p").first.wait_for()
    expect(page.locator("#cases")).not_to_contain_text("8899")
    page.goto(f"{site.url}/complaint")
    page.wait_for_load_state("networkidle")
    assert "8899" not in page.evaluate(
        "[...document.querySelectorAll('textarea, input')].map((one) => one.value).join()"
    )


def test_walking_through_our_own_pages_keeps_who_is_signed_in(
    site: Site, visitor: Opening, token: Sign
) -> None:
    lin = enter(visitor(phone=True), site, token("walk-lin", "小林"))
    ask_human(lin)
    hers = conversation(lin)
    lin.locator("xiaohu-chat .menu-open").click()
    lin.get_by_role("link", name="服务进度").click()
    expect(lin.locator(".case.queue")).to_contain_text("位置会一直保留")
    lin.get_by_role("button", name="打开对话").click()
    lin.wait_for_url("**/app")
    lin.locator("xiaohu-chat .queue").wait_for()
    assert conversation(lin) == hers
    lin.get_by_role("button", name="取消排队").click()
    lin.get_by_text("已离开队列").wait_for()


def test_signing_out_empties_every_tab_and_every_page(
    site: Site, visitor: Opening, token: Sign
) -> None:
    context = visitor()
    jwt = token("out-lin", "小林")
    one = enter(context, site, jwt)
    say(one, ACCOUNT)
    one.locator("xiaohu-chat .article").wait_for()
    two = enter(context, site, jwt)
    expect(two.locator("xiaohu-chat .mine .text")).to_have_text([ACCOUNT])
    cases = context.new_page()
    cases.goto(f"{site.url}/cases")
    two.fill("xiaohu-chat textarea", "写了一半，卡尾号 7766")
    two.locator("xiaohu-chat .tools").click()
    two.locator("xiaohu-chat .menu .tool", has_text="核对情况卡").click()
    two.locator("xiaohu-chat .card-sheet input").first.wait_for()
    held = one.evaluate(f"({{ ...{SESSION}.conversation }})")

    one.evaluate("xiaohuIdentity(null)")
    for page in (one, two):
        page.wait_for_function(
            f"(was) => {SESSION}.conversation && {SESSION}.conversation.id !== was", arg=held["id"]
        )
        page.locator("xiaohu-chat .message.bot").first.wait_for()
        assert words(page) == []
        assert page.input_value("xiaohu-chat textarea") == ""
        expect(page.locator("xiaohu-chat .card-sheet")).to_be_hidden()
        left = kept(page)
        for trace in (held["id"], held["token"], "8899", "7766", "out-lin"):
            assert trace not in left
    assert conversation(one) == conversation(two)
    told = one.request.get(
        f"{site.url}/api/v1/conversations/{held['id']}/events?after=0",
        headers={"Authorization": f"Bearer {held['token']}"},
    )
    assert told.status == 401
    one.reload()
    one.locator("xiaohu-chat .message.bot").first.wait_for()
    assert words(one) == []


def test_another_token_signs_the_former_person_out_and_a_message_of_the_app_does_too(
    site: Site, visitor: Opening, token: Sign
) -> None:
    context = visitor()
    page = enter(context, site, token("next-lin", "小林"))
    say(page, ACCOUNT)
    page.locator("xiaohu-chat .article").wait_for()
    # The same document: only what stands behind # changes.
    page.evaluate(f"location.hash = 'token={token('next-jie', '阿杰')}'")
    page.wait_for_function(
        f"() => {SESSION}.loaded && !{SESSION}.list().some((one) => one.actor.kind === 'customer')"
    )
    expect(page.locator("xiaohu-chat .mine .text")).to_have_count(0)
    assert "8899" not in kept(page)
    assert page.url == f"{site.url}/app"
    say(page, "我是阿杰")
    page.locator("xiaohu-chat .article").wait_for()
    his = conversation(page)
    page.evaluate("postMessage({ type: 'xiaohu:sign-out' }, location.origin)")
    page.wait_for_function(
        f"(was) => {SESSION}.conversation && {SESSION}.conversation.id !== was", arg=his
    )
    assert words(page) == []
    assert his not in kept(page)


def test_a_forged_token_shows_nothing_that_is_kept_for_its_name(
    site: Site, visitor: Opening, token: Sign
) -> None:
    context = visitor()
    lin = enter(context, site, token("forge-lin", "小林"))
    say(lin, ACCOUNT)
    lin.locator("xiaohu-chat .article").wait_for()
    head, body, _ = token("forge-lin", "小林").split(".")
    shown: list[str] = []
    page = context.new_page()
    page.route(
        "**/api/v1/conversations", lambda route: (shown.extend(words(page)), route.continue_())
    )
    page.goto(f"{site.url}/app#token={head}.{body}.{'x' * 43}")
    page.get_by_text("登录信息已过期").wait_for()
    assert shown == []
    assert words(page) == []
    assert conversation(page) != conversation(lin)


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


def test_what_an_earlier_version_kept_for_somebody_is_not_taken_up_by_the_next(
    site: Site, visitor: Opening, token: Sign
) -> None:
    context = visitor()
    lin = enter(context, site, token("old-lin", "小林"))
    say(lin, ACCOUNT)
    lin.locator("xiaohu-chat .article").wait_for()
    held = lin.evaluate(f"({{ ...{SESSION}.conversation, subject: 'old-lin' }})")
    lin.close()
    page = context.new_page()
    page.goto(f"{site.url}/livez")
    page.evaluate(
        "(held) => localStorage.setItem('xiaohu:app:conversation', held)", json.dumps(held)
    )
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    assert words(page) == []
    assert conversation(page) != held["id"]
    assert "old-lin" not in kept(page)


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


def test_a_conversation_whose_token_has_expired_goes_on_where_the_identity_proves_it(
    site: Site, visitor: Opening, token: Sign
) -> None:
    page = enter(visitor(), site, token("expired-lin", "小林"))
    say(page, ACCOUNT)
    page.locator("xiaohu-chat .article").wait_for()
    hers = conversation(page)
    headers = page.evaluate(f"({{ Authorization: `Bearer ${{{SESSION}.conversation.token}}` }})")
    ended = page.request.delete(f"{site.url}/api/v1/conversations/{hers}/token", headers=headers)
    assert ended.status == 204
    say(page, "还在同一个对话吗")
    expect(page.locator("xiaohu-chat .article")).to_have_count(2)
    assert conversation(page) == hers
    assert words(page) == [ACCOUNT, "还在同一个对话吗"]
    assert json.loads(kept(page))  # and what is kept names nobody
    assert not re.search("expired-lin|小林", kept(page))
