"""Whoever sits down next sees and writes nothing of who sat there before, in any tab."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opening, Site, ask_human, say
from tests.browser.tabs import ACCOUNT, SESSION, Sign, conversation, enter, kept, words
from tests.browser.tabs import token as token


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
    lin.locator("xiaohu-chat .article").last.wait_for()  # she said it in the test before, too
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
