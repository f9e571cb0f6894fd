"""What customers may tap in a bubble: links to listed hosts, numbers of the deployment."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opening, Site, ask_human, claim, reply, say, sign_in

DRAW = """async ([source, kind]) => {
    const drawn = await import("/widget/current/markdown.js");
    const box = document.createElement("div");
    box.append(drawn[kind](source, location.origin));
    const links = [...box.querySelectorAll("a")].map((link) => link.getAttribute("href"));
    return [box.textContent, links];
}"""


@pytest.fixture
def page(site: Site, visitor: Opening) -> Page:
    """Open a page of the site that has no chat."""
    page = visitor().new_page()
    page.goto(f"{site.url}/robots.txt")
    return page


@pytest.mark.parametrize(
    "source",
    [
        "[官方](https://evil.example/a)",
        "请看 https://evil.example/a ！",
        "https://bank.example@evil.example/login",
        "https://b\u0430nk.example/",
        "https://xn--bnk-7cd.example/",
        "https://bank.example.evil.example/",
        "[客服](javascript:alert(1))",
        "[打给我](tel:13800138000)",
        "打 13800138000 找我",
    ],
)
def test_what_leads_elsewhere_is_text_with_its_target_in_sight(page: Page, source: str) -> None:
    for kind in ("renderText", "renderMarkdown"):
        assert page.evaluate(DRAW, [source, kind]) == [source, []]


def warned(site: Site, address: str) -> str:
    """Return the page that names where an address leads."""
    return f"{site.url}/verify/leaving?to={quote(address, safe='')}"


def test_a_hidden_turn_of_the_writing_is_taken_out(page: Page, site: Site) -> None:
    text, links = page.evaluate(DRAW, ["请看\u202ehttps://bank.example/a\u202c", "renderText"])
    assert text == "请看https://bank.example/a"
    assert links == [warned(site, "https://bank.example/a")]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("请看https://bank.example/a！好", "https://bank.example/a"),
        ("是https://bank.example/a？", "https://bank.example/a"),
        ("【https://bank.example/a】", "https://bank.example/a"),
        ("“https://bank.example/a”说", "https://bank.example/a"),
        ("(https://bank.example/a).", "https://bank.example/a"),
        ("https://bank.example/a中文", "https://bank.example/a"),
        ("https://www.bank.example/?a=1&b=2", "https://www.bank.example/?a=1&b=2"),
    ],
)
def test_a_bare_link_ends_where_the_sentence_goes_on(
    page: Page, site: Site, source: str, address: str
) -> None:
    assert page.evaluate(DRAW, [source, "renderText"]) == [source, [warned(site, address)]]


def test_our_own_pages_are_links(page: Page, site: Site) -> None:
    _, links = page.evaluate(DRAW, ["见[说明](/faq/refund-how)", "renderMarkdown"])
    assert links == [f"{site.url}/faq/refund-how"]


def test_emergency_numbers_can_be_tapped(page: Page) -> None:
    text = "马上拨打110，再打 96110 或 12315；心里难受可打12356"
    assert page.evaluate(DRAW, [text, "renderMarkdown"]) == [
        text,
        ["tel:110", "tel:96110", "tel:12315", "tel:12356"],
    ]
    for harmless in ("付了110元", "余额120", "订单 9611012"):
        assert page.evaluate(DRAW, [harmless, "renderText"]) == [harmless, []]


def test_an_articles_numbers_can_be_tapped(site: Site, visitor: Opening) -> None:
    phone = visitor(phone=True).new_page()
    phone.goto(f"{site.url}/faq/emergency")
    phone.locator('main a[href="tel:110"]').first.wait_for()


def test_a_link_of_an_agent_that_leaves_the_site_names_its_host_before_it_opens(
    site: Site, visitor: Opening
) -> None:
    xiaolin = visitor(phone=True).new_page()
    xiaolin.goto(f"{site.url}/app")
    xiaolin.locator("xiaohu-chat .message.bot").first.wait_for()
    say(xiaolin, "我想查银行那边的记录")
    ask_human(xiaolin)
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    claim(desk, xiaolin)
    reply(desk, "可以看 https://www.bank.example/records?day=1&kind=2 ，那里有。")
    link = xiaolin.locator("xiaohu-chat .message.agent a")
    link.wait_for()
    asked: list[str] = []
    xiaolin.context.on("request", lambda sent: asked.append(sent.url))
    bank = "https://www.bank.example/**"
    xiaolin.context.route(bank, lambda route: route.fulfill(body="bank", content_type="text/html"))
    with xiaolin.context.expect_page() as opened:
        link.click()
    page = opened.value
    page.locator("#host").wait_for()
    assert page.locator("#host").inner_text() == "www.bank.example"
    assert "https://www.bank.example/records?day=1&kind=2" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [url for url in asked if "bank.example/" in url and site.url not in url]

    page.locator("#onward").click()
    page.wait_for_url(bank)
    assert page.url == "https://www.bank.example/records?day=1&kind=2"
    assert page.evaluate("[document.referrer, opener]") == ["", None], "the bank learns nothing"


def test_who_does_not_want_to_leave_comes_back_to_the_help_center(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(warned(site, "https://bank.example/a"))
    page.get_by_role("link", name="不去").click()
    page.wait_for_url(f"{site.url}/")
