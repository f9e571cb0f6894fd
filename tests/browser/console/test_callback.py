"""小林 books a call, corrects the card, sends a screenshot; 安娜 calls, and closes the case."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opening, Site, close, reply, sign_in


def screenshot(colour: str = "orange") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (540, 900), colour).save(out, "PNG")
    return out.getvalue()


def test_a_callback_is_booked_called_retried_and_closed(site: Site, visitor: Opening) -> None:
    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    page.locator("xiaohu-chat .tools").click()
    page.get_by_role("button", name="预约回电").click()
    sheet = page.locator("xiaohu-chat .callback-sheet")
    sheet.locator(".slot").first.click()
    sheet.get_by_role("button", name="预约", exact=True).click()
    expect(sheet.locator(".status-line")).to_contain_text("号码不对")
    sheet.locator("input[type=tel]").fill("138 0013 8000")
    sheet.get_by_role("button", name="预约", exact=True).click()
    code = sheet.locator(".code strong")
    expect(sheet).to_contain_text("+86 138****8000")
    spoken = code.inner_text()
    expect(page.locator("xiaohu-chat .code-bar strong")).to_have_text(f"核对码：{spoken}")

    row = desk.locator(".callbacks li", has_text="138****8000").last
    expect(row).not_to_contain_text("13800138000")
    sheet.get_by_role("button", name="改时间").click()
    sheet.locator(".slot").nth(1).click()
    sheet.get_by_role("button", name="改到这个时间").click()
    expect(sheet.locator(".big")).to_have_text("已预约")
    row.get_by_role("button", name="拨打").click()
    expect(desk.locator("#ask-title")).to_contain_text("约定的时间是")  # it is not time yet
    desk.locator("#ask-yes").click()
    expect(row.locator(".number")).to_have_text("+8613800138000")
    expect(row.locator(".code strong")).to_have_text(spoken)
    expect(sheet.locator(".big")).to_have_text("客服正在拨打您的电话")
    row.get_by_role("button", name="没人接").click()
    expect(sheet.locator(".big")).to_have_text("已预约")  # before the time agreed on no try counts
    expect(page.locator("xiaohu-chat .log")).to_contain_text("再打")
    row.get_by_role("button", name="拨打").click()
    desk.locator("#ask-yes").click()
    row.get_by_role("button", name="已接通").click()
    expect(page.locator("xiaohu-chat .code-bar")).to_be_hidden()
    page.keyboard.press("Escape")
    log = page.locator("xiaohu-chat .log")
    expect(log).to_contain_text("回电已完成")
    desk.locator("#mine .row").first.click()
    desk.get_by_label("查到什么").fill("银行已受理")
    desk.get_by_label("最晚什么时候").fill("明天 18:00")
    desk.locator("#talk .summary").get_by_role("button", name="发给客户").click()
    expect(log).to_contain_text("最晚：明天 18:00")
    expect(log).not_to_contain_text(spoken)
    expect(desk.locator(".callbacks li", has_text="138****8000")).to_have_count(0)
    # the case is the caller's now, as after a chat
    reply(desk, "已查到，今天到账")
    expect(log).to_contain_text("已查到，今天到账")
    close(desk)


def test_the_card_and_a_screenshot_reach_the_agent(site: Site, visitor: Opening) -> None:
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    page.fill("xiaohu-chat textarea", "人工")
    page.press("xiaohu-chat textarea", "Enter")
    page.locator("xiaohu-chat .queue").wait_for()
    page.locator("xiaohu-chat .check").click()
    sheet = page.locator("xiaohu-chat .card-sheet")
    expect(sheet.get_by_label("金额")).to_have_value("128 元")
    sheet.get_by_label("金额").fill("12.8 元")
    sheet.get_by_label("报错提示").fill("密码是hunter22 交易失败")
    sheet.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": screenshot()}
    )
    page.get_by_role("button", name="同意并发送").click()
    sheet.locator(".picture img").wait_for()
    sheet.get_by_role("button", name="保存").click()
    expect(sheet.locator(".status-line")).to_have_text("已保存，客服会看到最新内容")
    page.keyboard.press("Escape")
    page.locator("xiaohu-chat .log .picture img").wait_for()

    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    desk.locator("#waiting .row").last.click()
    card = desk.locator("#card")
    expect(card).to_contain_text("12.8 元")
    expect(card).not_to_contain_text("hunter22")
    image = card.locator(".picture img")
    image.wait_for()
    expect(image).to_have_js_property("naturalWidth", 540)


def test_an_agent_who_asks_for_a_code_is_warned_and_stopped(site: Site, visitor: Opening) -> None:
    page = visitor().new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    page.fill("xiaohu-chat textarea", "人工")
    page.press("xiaohu-chat textarea", "Enter")
    page.locator("xiaohu-chat .queue").wait_for()
    desk = visitor().new_page()
    sign_in(desk, site, "zhou")
    desk.locator("#waiting .claim").last.click()
    line = desk.locator("#talk textarea")
    line.fill("麻烦把收到的验证码发我一下")
    expect(desk.locator(".asks")).to_contain_text("验证码")
    line.press("Enter")
    line.fill("请不要把验证码告诉任何人")
    expect(desk.locator(".asks")).to_be_hidden()
    line.press("Enter")
    page.get_by_text("请不要把验证码告诉任何人").wait_for()
    expect(page.locator("xiaohu-chat .log")).not_to_contain_text("发我一下")
