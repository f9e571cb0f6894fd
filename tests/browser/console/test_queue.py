"""Who waits at the desk, in which order, and what is seen of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.at_the_desk import anna as anna
from tests.browser.at_the_desk import data_of, gone, waiting
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.at_the_desk import talking as talking
from tests.browser.conftest import ALWAYS, Opening, Site, ask_human, close, served, sign_in
from web.desk import cases, conversations, escalations
from web.desk.bookings import Callback
from web.desk.events import BOT
from web.desk.models import Conversation


def test_a_long_queue_says_what_is_wrong_how_many_there_are_and_is_filtered(
    site: Site, anna: Page
) -> None:
    ids = waiting(site, 62)
    anna.reload()
    expect(anna.locator("#waiting-count")).to_have_text("62")
    expect(anna.locator("#waiting li")).to_have_count(50)
    row = anna.locator("#waiting li").first
    expect(row).to_contain_text("退款没到账 00")
    expect(row).to_contain_text("128 元")
    expect(row).not_to_contain_text("好的，转人工")
    anna.fill("#filter", "没到账 61")  # whoever is not listed is looked through, too
    expect(anna.locator("#waiting li")).to_have_count(1)
    expect(anna.locator("#waiting li")).to_contain_text("客户61")
    anna.fill("#filter", "")
    expect(anna.locator("#waiting li")).to_have_count(50)
    anna.get_by_role("button", name="还有 12 位").click()
    expect(anna.locator("#waiting li")).to_have_count(62)
    # a row that has the focus does not pull the list back when something changes
    anna.locator("#waiting .row").first.focus()
    anna.locator("#list").evaluate("(list) => list.scrollTop = 2000")
    more = waiting(site, 1)
    expect(anna.locator("#waiting-count")).to_have_text("63")
    assert anna.locator("#list").evaluate("(list) => list.scrollTop") >= 1900
    gone(site, ids + more)


def test_a_life_in_danger_is_marked_stands_on_top_and_alarms_until_somebody_takes_it(
    site: Site, anna: Page
) -> None:
    anna.locator("#talk").click()  # a browser gives no sound to a page that was never touched
    ids = waiting(site, 2, "fraud", urgent=True)
    expect(anna.locator("#waiting li")).to_have_count(2)
    ids += waiting(site, 1, "life", urgent=True)
    first = anna.locator("#waiting li").first
    expect(first).to_contain_text("生命危险")
    expect(anna.locator("html")).to_have_attribute("data-rung", "life")
    anna.evaluate("delete document.documentElement.dataset.rung")
    expect(anna.locator("html")).to_have_attribute("data-rung", "life")  # again and again
    pane, mine = first.bounding_box(), anna.locator("#mine").bounding_box()
    assert pane is not None
    assert mine is not None
    assert pane["y"] < mine["y"]
    first.get_by_role("button", name="接入").click()
    anna.locator("#talk .composer").wait_for()
    anna.evaluate("delete document.documentElement.dataset.rung")
    gone(site, ids)
    close(anna)


def test_a_call_that_is_due_rings_and_stands_above_the_queue(site: Site, anna: Page) -> None:
    anna.locator("#talk").click()
    ids = waiting(site, 30)
    expect(anna.locator("#waiting-count")).to_have_text("30")
    queue = anna.locator("#waiting").bounding_box()
    database = data_of(site)
    now = datetime.now(UTC)
    with database.write() as session:
        booked = Callback(
            conversation_id=ids[7], who="-", number="", number_hash="-", number_shown="138****78",
            code="", state="booked", slot=now, due_at=now - timedelta(minutes=50), created_at=now,
        )  # fmt: skip
        session.add(booked)
    entry = anna.locator("#callbacks-now li", has_text="138****78")
    expect(entry).to_contain_text("已超时")
    expect(entry).to_contain_text("退款没到账 07")
    expect(anna.locator("html")).to_have_attribute("data-rung", "urgent")
    top = entry.bounding_box()
    assert top is not None
    assert queue is not None
    assert top["y"] < queue["y"] < 800
    with database.write() as session:
        session.delete(session.get(Callback, booked.id))
    database.close()
    gone(site, ids)


def test_an_agent_corrects_the_card_and_takes_the_urgency_back(site: Site, anna: Page) -> None:
    ids = waiting(site, 1, "fraud", urgent=True) + waiting(site, 1)
    expect(anna.locator("#waiting li")).to_have_count(2)
    anna.locator("#waiting .row").first.click()
    expect(anna.locator("#card h2")).to_contain_text("紧急")
    anna.get_by_role("button", name="修改情况卡").click()
    form = anna.get_by_role("dialog", name="修改情况卡")
    form.get_by_label("类别").select_option("refund")
    form.get_by_label("紧急").uncheck()
    form.get_by_label("金额").fill("12.8 元")
    form.get_by_role("button", name="保存").click()
    expect(anna.locator("#card")).to_contain_text("12.8 元")
    expect(anna.locator("#card h2")).not_to_contain_text("紧急")
    expect(anna.locator("#waiting li.urgent")).to_have_count(0)
    expect(anna.locator("#talk .log")).to_contain_text("安娜 修改了紧急程度、类别、情况卡")
    gone(site, ids)


def test_who_comes_back_stands_marked_with_what_was_before_and_is_found_by_number(
    site: Site, anna: Page, visitor: Opening
) -> None:
    zhou = visitor().new_page()
    sign_in(zhou, site, "zhou")
    ids = waiting(site, 1)
    anna.locator("#waiting .claim").first.click()
    close(anna)
    database = data_of(site)
    with database.write() as session:
        conversations.find(session, ids[0]).card = {"problem": "又没到账"}
        escalations.escalate(
            session, ids[0], BOT, datetime.now(UTC), topic="refund", reason="asked", urgent=False,
            card={},
        )  # fmt: skip
        case = cases.current(session, conversations.find(session, ids[0]))
        assert case is not None
        number = case.number
    database.close()
    expect(anna.locator("#waiting li")).to_contain_text("留给您")
    expect(zhou.locator("#waiting li")).to_contain_text("留给 安娜")
    zhou.locator("#waiting .claim").click()
    expect(zhou.locator("#line")).to_contain_text("留给一位同事")
    zhou.fill("#filter", "没有这样的")
    zhou.press("#filter", "Enter")
    expect(zhou.locator(".past")).to_contain_text("没有「没有这样的」")
    zhou.fill("#filter", "没到账 00")
    zhou.press("#filter", "Enter")
    expect(zhou.locator(".past li").first).to_contain_text("安娜")
    expect(zhou.locator(".past")).not_to_contain_text("退款没到账 00")
    zhou.locator(".past").get_by_role("button", name="收起").click()
    zhou.fill("#filter", number)
    zhou.press("#filter", "Enter")
    expect(zhou.locator("#talk h2")).to_contain_text("客户00")
    expect(zhou.locator("#card .history")).to_contain_text("安娜")
    expect(zhou.locator("#card .history")).to_contain_text("退款没到账 00")
    anna.locator("#waiting .claim").click()
    anna.locator("#talk .composer").wait_for()
    close(anna)


def test_a_place_beyond_its_addresss_share_is_worked_for_without_a_word(
    tmp_path: Path, visitor: Opening
) -> None:
    with served(tmp_path, chat=ALWAYS, XIAOHU_PLACES="6") as own:
        with httpx.Client(base_url=f"{own.url}/api/v1", timeout=60, trust_env=False) as http:
            for _ in range(6):
                told = http.post("/conversations", json={"channel": "help"}).json()
                head = {"Authorization": f"Bearer {told['token']}"}
                joined = http.post(f"/conversations/{told['id']}/queue", json={}, headers=head)
                assert joined.status_code == 200
        chat = visitor().new_page()
        chat.goto(f"{own.url}/app")
        chat.locator("xiaohu-chat .message.bot").first.wait_for()
        with chat.expect_response(
            lambda one: (
                one.url.endswith("/queue/work") and '"work"' in (one.request.post_data or "")
            )
        ) as answered:
            ask_human(chat)
        assert answered.value.json() == {"puzzle": None}
        with data_of(own).read() as session:
            waiting_too = select(Conversation).where(Conversation.owner == "queue")
            assert [one.doubtful for one in session.scalars(waiting_too)] == [False] * 7
