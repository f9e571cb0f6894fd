"""The whole cast in browsers of their own: 安娜 and 老周 at the desk, 小林 and 阿杰 in the chat."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opening, Site, sign_in


@dataclass(frozen=True, slots=True)
class Cast:
    """A page of each."""

    anna: Page
    zhou: Page
    xiaolin: Page
    ajie: Page


@pytest.fixture
def cast(site: Site, quiet: None, visitor: Opening) -> Cast:
    """Sign the agents in and let the customers be greeted; nobody waits yet."""
    anna, zhou = (visitor().new_page() for _ in range(2))
    sign_in(anna, site, "anna")
    sign_in(zhou, site, "zhou")
    xiaolin, ajie = (visitor(phone=True).new_page() for _ in range(2))
    for page in (xiaolin, ajie):
        page.goto(f"{site.url}/app")
        page.locator("xiaohu-chat .message.bot").first.wait_for()
    return Cast(anna, zhou, xiaolin, ajie)
