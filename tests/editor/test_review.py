"""Two editors and a publisher in real browsers: draft, collision, review, schedule, live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.editor.conftest import Entering, Office, entering, running


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from running(tmp_path_factory.mktemp("reviewed"), XIAOHU_REVIEW="on")


@pytest.fixture
def come(reviewed: Office, browser: Browser) -> Iterator[Entering]:
    yield from entering(reviewed, browser)


def answer(office: Office) -> str:
    return office.get("/api/v1/faqs/refund-how").json()["answer"]


def test_two_save_at_once_and_what_is_agreed_on_goes_live_at_its_time(
    reviewed: Office, come
) -> None:
    chen, wu = come("chen"), come("wu")
    before = answer(reviewed)
    for page in (chen, wu):
        page.goto(f"{reviewed.url}/editor/faq/refund-how")
        page.wait_for_selector("#versions li")
    chen.fill("#answer", "小陈写的第一段。")
    wu.fill("#answer", "小吴写的第一段。")
    chen.fill("#reason", "步骤过时")
    chen.click("#save")
    expect(chen.locator("#state.good")).to_contain_text("已保存为草稿")
    wu.click("#save")  # over what 小陈 saved a moment ago
    expect(wu.locator("#clash")).to_contain_text("小陈写的第一段。")
    wu.get_by_role("button", name="回去继续改").click()
    assert answer(reviewed) == before
    chen.get_by_role("link", name="看不同和意见").click()
    expect(chen.locator(".differing-words ins").first).to_have_text("小陈写的第一段。")
    expect(chen.locator("#publish")).to_have_count(0)  # nobody publishes their own

    li = come("li", viewport={"width": 390, "height": 844})
    expect(li.locator("header nav")).to_contain_text("待审 1")
    li.goto(f"{reviewed.url}/editor/drafts")
    li.locator(".waiting a").click()
    expect(li.locator("main")).to_contain_text("原因：步骤过时")
    soon = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=1)
    li.fill("#due", soon.strftime("%Y-%m-%dT%H:%M"))
    li.click("#publish")
    expect(li.locator("#said")).to_contain_text("已定好时间")
    expect(li.locator(".waiting .health")).to_contain_text(f"定于 {soon:%Y-%m-%d %H:%M} 上线")
    assert answer(reviewed) == before
    li.locator(".waiting a").click()
    expect(li.locator("p.good", has_text="北京时间")).to_contain_text(f"{soon:%Y-%m-%d %H:%M}")
    li.fill("#due", "")  # after all at once
    li.click("#publish")
    expect(li.locator("#said")).to_contain_text("已发布")
    assert answer(reviewed) == "小陈写的第一段。"
    chen.goto(f"{reviewed.url}/editor/versions?file=faq/refund/refund-how.md")
    expect(chen.locator("table.versions")).to_contain_text("步骤过时")
    expect(chen.locator(".differing-words ins").first).to_contain_text("小陈写的第一段。")
    assert chen.errors == wu.errors == li.errors == []


@contextmanager
def without(page: Page, script: str) -> Iterator[None]:
    """Have a script come only after what is done meanwhile, as on a slow line."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/{script}", hold)
    yield
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()


def test_a_sentence_of_the_bots_waits_like_an_article(reviewed: Office, come) -> None:
    chen = come("chen")
    chen.goto(f"{reviewed.url}/editor/words")
    with without(chen, "word.js"):
        chen.get_by_role("link", name="机器人出故障时的话").click()
        box = chen.locator(".word input, .word textarea").first
        said = box.input_value()
        box.fill(f"请把验证码发给我。{said}")
        expect(chen.locator("#save")).to_be_disabled()
    expect(chen.locator("#findings")).to_contain_text("验证码")
    chen.click("#save")
    expect(chen.locator("#state.bad")).to_contain_text("没有保存")
    box.fill(f"抱歉久等。{said}")
    expect(chen.locator("#differing ins")).to_contain_text("抱歉久等。")
    expect(chen.locator("#fine")).to_be_visible()
    chen.click("#save")
    expect(chen.locator("#state.good")).to_contain_text("已保存为草稿")
    path = reviewed.data / "fallback.yml"
    assert "抱歉久等" not in path.read_text(encoding="utf-8")
    li = come("li")
    li.goto(f"{reviewed.url}/editor/drafts")
    with without(li, "draft.js"):
        li.get_by_role("link", name="机器人出故障时的话").click()
        expect(li.locator("#publish")).to_be_disabled()
    li.click("#publish")
    expect(li.locator("#said")).to_contain_text("已发布")
    assert "抱歉久等" in path.read_text(encoding="utf-8")
    assert chen.errors == li.errors == []
