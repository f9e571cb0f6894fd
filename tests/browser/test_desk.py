"""The agent's tools: typing signs, ready answers, notes, transfer, sound, settings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from tests.browser.conftest import Opening, Site, ask_human, claim, close, reply, say, sign_in
from web.desk import assignments, conversations, escalations, turns
from web.desk.contacts import Callback
from web.desk.conversations import Visitor, open_for
from web.desk.database import Database, open_database
from web.desk.events import BOT, CUSTOMER
from web.desk.models import Agent, Conversation


def data_of(site: Site) -> Database:
    """Open the site's database beside it."""
    return open_database(f"sqlite:///{Path(site.env['XIAOHU_VAR']) / 'xiaohu.db'}")


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


def test_each_side_sees_that_the_other_types_until_it_stops(talking: Page, anna: Page) -> None:
    anna.locator("#talk textarea").press_sequentially("您好")
    sign = talking.locator("xiaohu-chat .typing")
    expect(sign).to_contain_text("安娜正在输入…")
    anna.keyboard.press("Enter")
    expect(sign).to_have_count(0)
    talking.locator("xiaohu-chat textarea").press_sequentially("我在")
    expect(anna.locator("#talk .types")).to_contain_text("正在输入…")
    expect(anna.locator("#mine .row")).to_contain_text("输入中")
    talking.locator("xiaohu-chat textarea").fill("")
    expect(anna.locator("#talk .types")).to_be_hidden()
    expect(anna.locator("#talk .status").last).to_have_text("已读")


def test_a_ready_answer_is_found_by_slash_or_ctrl_k_and_inserted_by_enter(
    talking: Page, anna: Page
) -> None:
    anna.focus("#talk textarea")
    anna.keyboard.press("/")
    search = anna.get_by_role("combobox", name="搜索常用回复和解答")
    expect(search).to_be_focused()
    anna.keyboard.type("退款多久到账")
    option = anna.locator("#canned-list [role=option]", has_text="退款").first
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        anna.keyboard.press("ArrowDown")
    shown = option.locator("span").inner_text()
    anna.keyboard.press("Enter")
    field = anna.locator("#talk textarea")
    expect(field).to_be_focused()
    assert field.input_value()[:10] == shown[:10]
    field.fill("您好，")
    anna.keyboard.press("Control+k")
    expect(search).to_be_focused()
    anna.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("您好，")
    field.press_sequentially("1/2")
    expect(field).to_have_value("您好，1/2")


def test_a_customer_is_handed_on_with_a_note_that_only_colleagues_see(
    site: Site, talking: Page, anna: Page, visitor: Opening
) -> None:
    zhou = visitor().new_page()
    sign_in(zhou, site, "zhou")
    anna.keyboard.press("Escape")
    anna.keyboard.press("m")
    expect(anna.locator("#talk .composer")).to_have_class(re.compile("noting"))
    anna.keyboard.type("客户很着急")
    anna.keyboard.press("Enter")
    expect(anna.locator("#talk .message.note")).to_contain_text("客户很着急")
    anna.keyboard.press("Escape")
    anna.keyboard.press("t")
    dialog = anna.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("老周")).check()
    dialog.get_by_label("给同事的说明").fill("请核对网络超时的那笔")
    dialog.get_by_role("button", name="转接").click()
    expect(anna.locator("#mine .none")).to_be_visible()
    zhou.locator("#mine .row").last.click()
    notes = zhou.locator("#talk .message.note")
    expect(notes).to_have_count(2)
    expect(notes.last).to_contain_text("请核对网络超时的那笔")
    expect(talking.locator("xiaohu-chat .subtitle")).to_have_text("老周 正在为您服务")
    talking.get_by_text("已为您转给 老周").wait_for()
    assert "客户很着急" not in talking.locator("xiaohu-chat .log").inner_text()
    assert "网络超时" not in talking.locator("xiaohu-chat .log").inner_text()
    reply(zhou, "我是老周，接着帮您看")
    talking.get_by_text("接着帮您看").wait_for()
    close(zhou)


def test_new_words_ring_flash_and_mark_while_another_chat_is_open(
    talking: Page, anna: Page
) -> None:
    anna.evaluate("sessionStorage.clear()")
    anna.reload()
    anna.locator("#mine .row").last.wait_for()
    anna.mouse.click(640, 400)
    anna.evaluate("document.hasFocus = () => false")
    say(talking, "还在吗？")
    row = anna.locator("#mine li.unread").last
    expect(row).to_contain_text("还在吗？")
    expect(row.get_by_role("img", name="有新消息")).to_be_visible()
    expect(anna).to_have_title(re.compile("新消息"))
    expect(anna.locator("html")).to_have_attribute("data-rung", "message")
    row.locator(".row").click()
    expect(anna.locator("#mine li.unread")).to_have_count(0)


def test_letters_as_keys_sound_and_presence_are_settings_that_are_remembered(
    site: Site, anna: Page
) -> None:
    anna.get_by_role("button", name="设置").click()
    anna.get_by_label("使用单个字母的快捷键").uncheck()
    anna.get_by_label("新消息和紧急排队时响铃").uncheck()
    anna.get_by_label("同时接待").fill("3")
    anna.get_by_role("button", name="完成").click()
    anna.keyboard.press("Shift+?")
    expect(anna.locator("#help")).to_be_hidden()
    with anna.expect_response("**/desk/api/me"):
        anna.locator("#presence").click()
    expect(anna.locator("#presence")).to_have_text("离开")
    anna.reload()
    anna.locator("#waiting li").first.wait_for()
    expect(anna.locator("#presence")).to_have_text("离开")
    anna.get_by_role("button", name="设置").click()
    expect(anna.get_by_label("同时接待")).to_have_value("3")
    expect(anna.get_by_label("新消息和紧急排队时响铃")).not_to_be_checked()
    anna.get_by_label("使用单个字母的快捷键").check()
    anna.get_by_label("同时接待").fill("8")
    anna.get_by_role("button", name="完成").click()
    anna.locator("#presence").click()
    expect(anna.locator("#presence")).to_have_text("在线")
    anna.keyboard.press("Shift+?")
    expect(anna.locator("#help")).to_be_visible()


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
    anna.get_by_role("button", name="还有 12 位").click()
    expect(anna.locator("#waiting li")).to_have_count(62)
    anna.fill("#filter", "没到账 61")
    expect(anna.locator("#waiting li")).to_have_count(1)
    expect(anna.locator("#waiting li")).to_contain_text("客户61")
    anna.fill("#filter", "")
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


def test_the_log_follows_a_picture_down(talking: Page, anna: Page) -> None:
    reply(anna, "请发一张截图")
    for number in range(12):
        reply(anna, f"第 {number} 句")
    expect(anna.locator("#talk .log")).to_contain_text("第 11 句")
    picture = io.BytesIO()
    Image.effect_noise((300, 600), 90).save(picture, "PNG")
    talking.locator("xiaohu-chat .tools").click()
    talking.locator("xiaohu-chat input[type=file]").first.set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    talking.get_by_role("button", name="同意并发送").click()
    anna.locator("#talk .log .picture img").wait_for()
    anna.wait_for_function(
        "document.querySelector('#talk .log .picture img').complete"
        " && document.querySelector('#talk .log .picture img').naturalWidth > 0"
    )
    anna.wait_for_function(
        """() => {
          const log = document.querySelector("#talk .log");
          return log.scrollHeight - log.scrollTop - log.clientHeight < 5;
        }"""
    )


def test_a_phone_shows_the_name_on_one_line_and_can_end_the_chat(
    talking: Page, site: Site, visitor: Opening, anna: Page
) -> None:
    anna.set_viewport_size({"width": 390, "height": 844})
    name = anna.locator("#talk h2").bounding_box()
    assert name is not None
    assert name["height"] < 40
    for label in ("转接", "退回队列", "结束"):
        box = anna.locator("#talk > header").get_by_role("button", name=label).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    anna.set_viewport_size({"width": 1280, "height": 800})


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


def test_a_picture_of_the_agent_reaches_the_customer_by_choice_and_by_paste(
    talking: Page, anna: Page
) -> None:
    picture = io.BytesIO()
    Image.effect_noise((300, 200), 90).save(picture, "PNG")
    raw = picture.getvalue()
    anna.locator("#talk .composer input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": raw}
    )
    received = talking.locator("xiaohu-chat .message.agent .picture img")
    expect(received).to_have_count(1)
    expect(anna.locator("#talk .message.agent .picture img")).to_have_count(1)
    assert received.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 300
    anna.locator("#talk textarea").evaluate(
        """(field, bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "p.png", {type: "image/png"}));
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        list(raw),
    )
    expect(received).to_have_count(2)


def test_signing_out_with_an_open_chat_asks_and_gives_it_back_to_the_queue(
    chat: Page, anna: Page, site: Site
) -> None:
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(anna, chat)
    anna.get_by_role("button", name="退出").click()
    expect(anna.locator("#ask-title")).to_contain_text("还有 1 个对话")
    anna.locator("#ask-no").click()
    expect(anna.locator("#talk .composer")).to_be_visible()
    anna.get_by_role("button", name="退出").click()
    anna.locator("#ask-yes").click()
    anna.locator("#password").wait_for()
    expect(chat.locator("xiaohu-chat .queue strong")).to_contain_text("排队中")
    expect(chat.locator("xiaohu-chat .log")).not_to_contain_text("连接断开")
    held = chat.evaluate("document.querySelector('xiaohu-chat').session.conversation")
    gone(site, [held["id"]])


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
        case = escalations.current(session, conversations.find(session, ids[0]))
        assert case is not None
        number = case.number
    database.close()
    expect(anna.locator("#waiting li")).to_contain_text("留给您")
    expect(zhou.locator("#waiting li")).to_contain_text("留给 安娜")
    zhou.locator("#waiting .claim").click()
    expect(zhou.locator("#line")).to_contain_text("留给一位同事")
    zhou.fill("#filter", number)
    zhou.press("#filter", "Enter")
    expect(zhou.locator("#talk h2")).to_contain_text("客户00")
    expect(zhou.locator("#card .history")).to_contain_text("安娜")
    expect(zhou.locator("#card .history")).to_contain_text("退款没到账 00")
    anna.locator("#waiting .claim").click()
    anna.locator("#talk .composer").wait_for()
    close(anna)


SHOWN = """globalThis.shown = [];
globalThis.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, about) {
    shown.push([title, about.body ?? ""]);
    document.documentElement.dataset.shown = shown.length;
  }
  close() {}
};"""


def test_an_agent_keeps_answers_tags_cases_and_is_notified_while_looking_elsewhere(
    site: Site, quiet: None, chat: Page, visitor: Opening
) -> None:
    context = visitor()
    context.add_init_script(SHOWN)  # what a headless browser shows nobody sees
    anna = context.new_page()
    sign_in(anna, site, "anna")
    anna.click("#setup-open")
    expect(anna.locator("#setup-notify")).not_to_be_checked()
    anna.check("#setup-notify")
    anna.keyboard.press("Escape")
    say(chat, "付款失败")
    chat.locator("xiaohu-chat .article").wait_for()
    ask_human(chat)
    claim(anna, chat)

    anna.locator("#card .edit").click()
    anna.fill("#case-tags", "#大额 复查")
    anna.keyboard.press("Enter")
    expect(anna.locator("#card dd.tags")).to_have_text("#复查#大额")
    expect(anna.locator("#mine .tags")).to_be_visible()
    anna.fill("#filter", "#大")
    expect(anna.locator("#mine .row")).to_have_count(1)
    anna.fill("#filter", "#没有这个")
    expect(anna.locator("#mine")).to_contain_text("我的对话里没有符合的")
    anna.fill("#filter", "")

    anna.fill("#talk textarea", "我们今天之内给您回话。")
    anna.keyboard.press("Control+k")
    anna.get_by_role("button", name="我的常用回复…").click()
    expect(anna.locator("#answer-text")).to_have_value("我们今天之内给您回话。")
    anna.fill("#answer-title", "今天回话")
    anna.get_by_role("button", name="加上").click()
    expect(anna.locator(".own-answers strong")).to_have_text("今天回话")
    anna.get_by_role("button", name="关闭").click()
    anna.fill("#talk textarea", "")
    anna.locator("#talk textarea").press("/")
    anna.locator(".canned input").fill("今天回话")
    expect(anna.locator("#canned-list li").first).to_contain_text("我的")
    anna.locator(".canned input").press("Enter")
    expect(anna.locator("#talk textarea")).to_have_value("我们今天之内给您回话。")

    assert anna.evaluate("shown") == []  # she looks at it
    anna.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    say(chat, "还在吗")
    expect(anna.locator("html")).to_have_attribute("data-shown", "1")
    ((title, words),) = anna.evaluate("shown")
    assert title.startswith("【新消息】访客")
    assert "还在吗" not in title + words

    anna.fill("#talk textarea", "")
    say(chat, "忘记登录密码怎么办")
    expect(anna.locator(".draft")).to_contain_text("草稿 · 来自问答「")
    draft = anna.locator(".draft .text").inner_text()
    anna.locator("#talk textarea").press("ArrowRight")
    expect(anna.locator("#talk textarea")).to_have_value(re.compile(re.escape(draft[:12])))
    expect(anna.locator(".draft")).to_be_hidden()
