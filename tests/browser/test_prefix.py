"""The site below a path: customer, agent and help center reach all that they load and send."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import (
    ALWAYS,
    Opening,
    Site,
    ask_human,
    claim,
    reply,
    say,
    served,
    shop_with,
    sign_in,
)

PREFIX = "/hilfe"


def test_a_chat_goes_from_the_widget_to_an_agent_below_a_path(
    visitor: Opening, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = f"http://127.0.0.1{PREFIX}"
    with served(tmp_path_factory.mktemp("below"), chat=ALWAYS, XIAOHU_BASE_URL=base) as running:
        site = Site(running.url + PREFIX, running.env)
        astray: list[str] = []

        def look(response: Response) -> None:
            address = urlsplit(response.url)
            ours = address.netloc == urlsplit(running.url).netloc
            if ours and (not address.path.startswith(f"{PREFIX}/") or response.status >= 400):
                astray.append(f"{response.status} {response.url}")

        people = visitor(phone=True), visitor()
        for context in people:
            context.on("response", look)
        customer, desk = (context.new_page() for context in people)
        with shop_with(site.url) as shop:
            customer.goto(shop)
            customer.locator("xiaohu-chat .launcher").click()
            customer.locator("xiaohu-chat .message.bot").first.wait_for()
            say(customer, "付款转圈")
            article = customer.locator("xiaohu-chat .article").last
            article.wait_for()
            href = article.get_attribute("href")
            assert href is not None
            assert href.startswith(f"{site.url}/faq/")
            ask_human(customer)
            sign_in(desk, site, "anna")
            claim(desk, customer)
            reply(desk, "您好，我来帮您看看")
            customer.get_by_text("您好，我来帮您看看").wait_for()
            say(customer, "好的谢谢")
            desk.locator("#talk .customer", has_text="好的谢谢").wait_for()
        desk.goto(f"{site.url}/")
        desk.get_by_role("link", name="服务进度").first.click()
        desk.wait_for_url(f"{site.url}/cases")
        desk.goto(f"{site.url}/app")
        desk.locator("xiaohu-chat .message.bot").first.wait_for()
        assert [one for one in astray if not one.endswith("/favicon.ico")] == []
