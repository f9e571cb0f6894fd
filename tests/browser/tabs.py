"""Tabs of one browser with the chat in them: opened, and asked what they hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Site

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
