"""The whole cast in browsers of their own: 安娜 and 老周 at the desk, 小林 and 阿杰 in the chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from tests.browser.at_the_desk import data_of
from tests.browser.conftest import Opening, Site, sign_in
from web.desk.handlings import Handling
from web.desk.models import Agent, Conversation


@dataclass(frozen=True, slots=True)
class Cast:
    """A page of each."""

    anna: Page
    zhou: Page
    xiaolin: Page
    ajie: Page


def assemble(
    site: Site,
    visitor: Opening,
    prepare: Callable[[BrowserContext, str], None] = lambda context, name: None,
    **options: object,
) -> Cast:
    """Sign the agents in and let the customers be greeted; prepare: each customer's browser."""
    anna, zhou = (visitor(**options).new_page() for _ in range(2))
    sign_in(anna, site, "anna")
    sign_in(zhou, site, "zhou")
    pages = []
    for name in ("xiaolin", "ajie"):
        context = visitor(phone=True, **options)
        prepare(context, name)
        page = context.new_page()
        page.goto(f"{site.url}/app")
        page.locator("xiaohu-chat .message.bot").first.wait_for()
        pages.append(page)
    return Cast(anna, zhou, *pages)


@pytest.fixture
def cast(site: Site, quiet: None, visitor: Opening) -> Cast:
    """Sign the agents in and let the customers be greeted; nobody waits yet."""
    return assemble(site, visitor)


def conversation_of(customer: Page) -> str:
    """Read which conversation a customer's page holds."""
    held: str = customer.evaluate("document.querySelector('xiaohu-chat').session.conversation.id")
    return held


def in_hands(site: Site) -> list[tuple[str, str]]:
    """List (conversation, agent) of all that are in somebody's hands, in both books that tell.

    A case with two owners would stand here twice, one that only one book knows fails.
    """
    database = data_of(site)
    with database.read() as session:
        owned = session.execute(
            select(Conversation.id, Agent.display)
            .join(Agent, Agent.id == Conversation.agent_id)
            .where(Conversation.owner == "agent")
        ).all()
        handled = session.execute(
            select(Handling.conversation_id, Agent.display)
            .join(Agent, Agent.id == Handling.agent_id)
            .where(Handling.ended_at.is_(None))
        ).all()
    database.close()
    found = sorted((one, name) for one, name in handled)
    assert found == sorted((one, name) for one, name in owned)
    return found
