"""小林 is gone: a word first, then 安娜's seat is free, and who comes back finds the way back."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from tests.browser.at_the_desk import anna as anna
from tests.browser.at_the_desk import data_of
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.at_the_desk import talking as talking
from tests.browser.conftest import Site, reply
from web.desk.models import Conversation, Event


def pass_time(site: Site, one: str, minutes: int) -> None:
    """Let everything of a conversation have been so much earlier."""
    database = data_of(site)
    with database.write() as session:
        gone = timedelta(minutes=minutes)
        when = select(Event.id, Event.at).where(Event.conversation_id == one)
        for event_id, at in session.execute(when).all():
            session.execute(
                update(Event)
                .where(Event.conversation_id == one, Event.id == event_id)
                .values(at=at - gone)
                .execution_options(synchronize_session=False)
            )
        was = session.scalars(select(Conversation.updated_at).where(Conversation.id == one)).one()
        session.execute(
            update(Conversation)
            .where(Conversation.id == one)
            .values(updated_at=was - gone)
            .execution_options(synchronize_session=False)
        )
    database.close()


def test_who_is_gone_is_asked_and_then_holds_no_seat_but_may_come_back(
    site: Site, talking: Page, anna: Page
) -> None:
    held = talking.evaluate("document.querySelector('xiaohu-chat').session.conversation")
    context = talking.context
    talking.close()
    reply(anna, "请发一下订单号")
    expect(anna.locator("#talk .message.agent").last).to_contain_text("请发一下订单号")
    expect(anna.locator("#talk .status").last).to_have_text("已发送")
    pass_time(site, held["id"], 11)
    expect(anna.locator("#talk .log")).to_contain_text("已问客户还在不在")
    pass_time(site, held["id"], 11)
    expect(anna.locator("#mine")).to_contain_text("还没有接入的对话")
    expect(anna.locator("#talk .log")).to_contain_text("人工服务自动结束")
    back = context.new_page()
    back.goto(f"{site.url}/app")
    log = back.locator("xiaohu-chat .log")
    expect(log).to_contain_text("您还在吗？")
    expect(log).to_contain_text("7 天内可以重新打开")
    expect(back.get_by_role("button", name="重新打开")).to_be_visible()
