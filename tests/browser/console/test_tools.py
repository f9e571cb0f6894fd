"""The agent's tools: typing signs, ready answers, notes, transfer, sound, settings."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.at_the_desk import anna as anna
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.at_the_desk import talking as talking
from tests.browser.conftest import (
    PASSWORD,
    Opening,
    Site,
    ask_human,
    claim,
    close,
    reply,
    say,
    sign_in,
)


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
    with anna.expect_response(
        lambda answer: (
            '"away"' in (answer.request.post_data or "")
            and '"max_chats":3' in (answer.request.post_data or "").replace(" ", "")
        )
    ):
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
    # The search takes the focus back; an emptying that it cuts through would leave the words there.
    expect(anna.locator(".canned input")).to_be_focused()
    anna.keyboard.press("Escape")
    expect(anna.locator("#talk textarea")).to_be_focused()
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

    # Changed before it is sent, it may be proposed to the editors, by one click.
    reply(anna, "在登录页点「忘记密码」就能重设")
    anna.get_by_role("button", name="告诉编辑").click()
    expect(anna.locator(".draft-sent")).to_contain_text("已交给编辑")
    site.command("agent", "add", "chen", "--display", "小陈", "--role", "editor", told=PASSWORD)
    chen = visitor(phone=True).new_page()
    chen.goto(f"{site.url}/editor/drafts")
    chen.fill("#name", "chen")
    chen.fill("#password", PASSWORD)
    chen.click("button[type=submit]")
    chen.goto(f"{site.url}/editor/drafts")
    proposal = chen.locator("#improvements li", has_text="在登录页点「忘记密码」就能重设")
    expect(proposal).to_contain_text("忘记登录密码怎么办")
    proposal.get_by_role("button", name="不采用").click()
    expect(proposal).to_have_count(0)
    expect(chen.locator("#improved")).to_contain_text("已从这里拿掉")
