"""A sentence of the bot's is changed on its page and said in its next turn: nothing is trained."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD
from tests.conversations.talk import Talk, buttons_of, text_of
from tests.product import PATIENCE, Customer, Product

SAID = "我是程序，不是人。\n急事请拨打 {{ police }}，找人就发「转人工」。"
READ = "我是程序，不是人。\n急事请拨打 110，找人就发「转人工」。"


def models(product: Product) -> list[tuple[str, int]]:
    folder = product.folder / "models"
    return sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.gz"))


def asked(product: Product) -> Talk:
    """小林 in a conversation of their own, who has just asked who is there."""
    talk = Talk(Customer(product.url))
    talk.say("你是机器人吗")
    return talk


def test_what_an_editor_saves_is_what_a_customer_reads_next(
    edited: Product, browser: Browser
) -> None:
    under_way = asked(edited)
    assert "我是智能客服，是程序" in text_of(under_way.last)
    trained, running = models(edited), edited.processes["bot"].pid
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{edited.url}/editor/login")
    page.fill("#name", "chen")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("header")
    page.goto(f"{edited.url}/editor/words/phrases/smalltalk.yml")
    page.locator(".word[data-path*=utter_smalltalk_robot] textarea").first.fill(SAID)
    patience = PATIENCE * 1000
    expect(page.locator("#log")).to_contain_text("急事请拨打 110", timeout=patience)
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#said")).to_contain_text("已保存", timeout=patience)
    deadline = time.monotonic() + PATIENCE
    while READ not in text_of((new := asked(edited)).last):
        assert time.monotonic() < deadline, new.told("改的话没有说出来")
    under_way.say("你是机器人吗")
    assert READ in text_of(under_way.last), under_way.told("谈到一半的也要听到新的话")
    assert (models(edited), edited.processes["bot"].pid) == (trained, running)
    page.context.close()


def test_a_button_of_the_bots_is_named_otherwise_and_does_the_same(edited: Product) -> None:
    path = Path(edited.settings["XIAOHU_DATA"]) / "phrases" / "replies.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: 没解决,", "title: 还是不行,"), encoding="utf-8")
    deadline = time.monotonic() + PATIENCE
    while True:
        talk = Talk(Customer(edited.url))
        talk.say("怎么修改登录密码")
        if "还是不行" in [title for title, _ in buttons_of(talk.last)]:
            break
        assert time.monotonic() < deadline, talk.told("按钮还是旧的名字")
    talk.press("还是不行")
    assert talk.owner == "queue", talk.told("没解决就该转人工")
