"""安娜 at her desk, alone with 小林 or with nobody yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import delete, select

from tests import desk_database
from tests.browser.conftest import Opening, Site, ask_human, claim, close, say, sign_in
from web.desk import assignments, conversations, escalations, turns
from web.desk.bookings import Callback
from web.desk.conversations import Visitor, open_for
from web.desk.database import Database
from web.desk.events import BOT, CUSTOMER
from web.desk.models import Agent, Conversation


def data_of(site: Site) -> Database:
    """Open the site's database beside it, with its key."""
    var = Path(site.env["XIAOHU_VAR"])
    return desk_database.of_running(f"sqlite:///{var / 'xiaohu.db'}", var)


@pytest.fixture(autouse=True)
def quiet(site: Site) -> None:
    """Nobody of another test waits, is talked to or is to be called."""
    database, now = data_of(site), datetime.now(UTC)
    with database.write() as session:
        session.execute(delete(Callback))
        for one in session.scalars(select(Conversation).where(Conversation.owner != "bot")).all():
            agent = session.get(Agent, one.agent_id) if one.agent_id else None
            if agent is not None:
                assignments.close(session, one.id, agent, now)
            else:
                escalations.leave(session, one.id, CUSTOMER, now)
    database.close()


@pytest.fixture
def anna(site: Site, quiet: None, visitor: Opening) -> Page:
    """安娜 at her desk."""
    page = visitor().new_page()
    sign_in(page, site, "anna")
    return page


@pytest.fixture
def talking(chat: Page, anna: Page) -> Iterator[Page]:
    """小林's chat, which 安娜 has; afterwards her desk is empty again."""
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(anna, chat)
    yield chat
    while anna.locator("#mine .row").count():
        anna.locator("#mine .row").first.click()
        close(anna)


def waiting(site: Site, count: int, topic: str = "refund", *, urgent: bool = False) -> list[str]:
    """Let customers wait who told the bot what is wrong; returns their conversations."""
    database = data_of(site)
    ids = []
    with database.write() as session:
        for number in range(count):
            now = datetime.now(UTC)
            one = open_for(session, Visitor("app", None, f"客户{number:02}"), now).conversation.id
            conversations.post(session, one, f"said-{one[:16]}", "好的，转人工", now)
            escalations.escalate(
                session, one, BOT, now, topic=topic, reason="asked", urgent=urgent,
                card={"problem": f"退款没到账 {number:02}", "amount": "128 元"},
            )  # fmt: skip
            turns.drop(session, one)  # answered: else the bot would hand them over once more
            ids.append(one)
    database.close()
    return ids


def gone(site: Site, ids: list[str]) -> None:
    """Let them leave the queue."""
    database = data_of(site)
    with database.write() as session:
        for one in ids:
            if conversations.find(session, one).owner == "queue":
                escalations.leave(session, one, CUSTOMER, datetime.now(UTC))
    database.close()
