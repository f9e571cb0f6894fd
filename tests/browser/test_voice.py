"""Answers read aloud and questions spoken, where the browser can; nothing is sent by a voice alone.

A headless browser has neither voices nor a recognizer: both are stood in for.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site, say

VOICES = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "zh-CN" }],
  speak(part) { window.spoken.push(part); part.onstart?.(); },
  cancel() { window.cancelled = (window.cancelled ?? 0) + 1; },
} });
"""
EAR = """
window.webkitSpeechRecognition = window.SpeechRecognition = class {
  constructor() { window.ear = this; }
  start() { this.on = true; }
  stop() { this.on = false; this.onend?.(); }
  abort() { this.on = false; this.onend?.(); }
  hear(...texts) { this.onresult({ results: texts.map((transcript) => [{ transcript }]) }); }
};
"""
NONE = """
for (const name of ["speechSynthesis", "SpeechRecognition", "webkitSpeechRecognition"])
  Object.defineProperty(window, name, { value: undefined });
"""


def app(site: Site, visitor: Opening, script: str) -> Page:
    context = visitor(phone=True)
    context.add_init_script(script)
    page = context.new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    return page


def test_an_answer_is_read_aloud_with_its_steps_and_stops_where_it_is_told_to(
    site: Site, visitor: Opening
) -> None:
    page = app(site, visitor, VOICES)
    say(page, "付款失败")
    answer = page.locator("xiaohu-chat .message.bot", has=page.locator(".article"))
    answer.get_by_role("button", name="朗读").click()
    told = "".join(page.evaluate("window.spoken.map(({ text }) => text)"))
    assert "请求可能没有送达" in told
    assert "1、看「交易记录」" in told
    assert "**" not in told
    assert page.evaluate("window.spoken[0].lang") == "zh-CN"
    before = page.evaluate("window.cancelled")
    answer.get_by_role("button", name="停止朗读").click()
    assert page.evaluate("window.cancelled") == before + 1
    expect(answer.get_by_role("button", name="朗读", exact=True)).to_be_visible()
    answer.get_by_role("button", name="朗读", exact=True).click()
    page.evaluate("window.spoken.at(-1).onend()")
    expect(answer.get_by_role("button", name="朗读", exact=True)).to_be_visible()


def test_what_was_spoken_stands_in_the_line_and_goes_only_when_it_is_sent(
    site: Site, visitor: Opening
) -> None:
    page = app(site, visitor, EAR)
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.url) if request.url.endswith("/messages") else None,
    )
    page.fill("xiaohu-chat textarea", "你好，")
    page.get_by_role("button", name="语音输入").click()
    expect(page.get_by_text("正在听，请说话")).to_be_visible()
    page.evaluate("window.ear.hear('付款')")
    page.evaluate("window.ear.hear('付款', '失败')")
    field = page.locator("xiaohu-chat textarea")
    expect(field).to_have_value("你好，付款失败")
    page.get_by_role("button", name="停止语音输入").click()
    expect(page.get_by_role("button", name="语音输入", exact=True)).to_be_visible()
    assert sent == []
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.locator("xiaohu-chat .mine .text")).to_have_text("你好，付款失败")
    assert len(sent) == 1
    page.evaluate("window.ear.onresult({ results: [[{ transcript: '晚到的' }]] })")
    expect(field).to_have_value("")


def test_who_may_not_use_the_microphone_is_told_what_to_do(site: Site, visitor: Opening) -> None:
    page = app(site, visitor, EAR)
    page.get_by_role("button", name="语音输入").click()
    page.evaluate("window.ear.onerror({ error: 'not-allowed' })")
    expect(page.get_by_text("没有麦克风权限")).to_be_visible()
    expect(page.get_by_role("button", name="语音输入", exact=True)).to_be_visible()


def test_a_browser_without_voice_and_ear_shows_no_buttons_for_them(
    site: Site, visitor: Opening
) -> None:
    page = app(site, visitor, NONE)
    assert page.get_by_role("button", name="朗读").count() == 0
    assert page.get_by_role("button", name="语音输入").count() == 0
