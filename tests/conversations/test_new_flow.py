"""A tenth flow is one file and the FAQ that starts it: live at once, without any training."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD, claim, say, sign_in
from tests.conversations.talk import Talk, asked_slot, buttons_of, text_of
from tests.product import PATIENCE, Customer, Product

ASKED = "玩偶盲盒一直没寄到我手里"
FAQ = f"""\
---
id: blind-box-lost
category: support
question: 盲盒没有寄到怎么办
similar:
  - {ASKED}
  - 盲盒丢件了
  - 盲盒显示签收了可是没看到
  - 买的盲盒快递找不着
flow: blind_box
related: [refund-how]
updated: 2026-11-29
---

先看看快递柜和门口，盲盒有时会放在那里。

1. 打开快递的短信，看放在哪里
2. 问问家里人
"""
FLOW = """\
# A blind box that never came.
name: 盲盒没到
desk: 盲盒丢件
faq: blind-box-lost
steps:
  - collect: box_place
    utter: 快递说盲盒放在哪里了？
    still: nowhere
    card:
      problem: "快递的说法：{value}"
      tried: {name: box_search, title: 找盲盒}
    buttons:
      - {title: 找到了, value: solved}
      - title: 快递柜
        value: locker
        answer: refund-how
        examples: [丰巢, 柜子里, 驿站]
      - {title: 没说, value: nowhere, result: "no", next: box_courier}
      - {title: 被人骗走了, value: cheated, link: fraud}
  - collect: box_number
    utter: 盲盒的快递单号是多少？
    expects: free
    card: {order_number: "{value}"}
    buttons:
      - {title: 跳过, value: skip}
  - collect: box_courier
    optional: true
    utter: 给快递员打过电话吗？
    card: {problem: "联系快递员：{value}"}
    buttons:
      - {title: 打过了, value: "yes", next: box_number}
      - {title: 还没有, value: "no", utter: 可以先打给他问问。, action: later}
  - collect: amount
    closing: true
  - action: human
"""


@pytest.fixture(scope="module")
def tenth(edited: Product) -> Iterator[tuple[Product, Path]]:
    """The product with the tenth flow, written while it runs; its file."""
    data = Path(edited.settings["XIAOHU_DATA"])
    before = Talk(Customer(edited.url))
    before.say(ASKED)
    assert "快递说盲盒放在哪里了" not in text_of(before.last)
    path, faq = data / "flows" / "blind_box.yml", data / "faq" / "support" / "blind-box-lost.md"
    path.write_text(FLOW, encoding="utf-8")
    faq.write_text(FAQ, encoding="utf-8")
    until(lambda: asked_slot(started(edited).last) == "box_place")
    # web reads for itself: what an editor saves is judged by what it knows
    shown = f"{edited.url}/faq/blind-box-lost"
    until(lambda: httpx.get(shown, timeout=PATIENCE, trust_env=False).is_success)
    yield edited, path
    faq.unlink()
    path.unlink(missing_ok=True)


def until(holds: Callable[[], bool]) -> None:
    """Try until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "not live in time"


def started(product: Product) -> Talk:
    """A conversation that has just asked the flow's question."""
    talk = Talk(Customer(product.url))
    talk.say(ASKED)
    return talk


def saved_by_an_editor(product: Product, text: str) -> dict[str, object]:
    """Save the flow as the editor's page does; returns the answer."""
    with httpx.Client(base_url=product.url, timeout=PATIENCE, trust_env=False) as client:
        form = client.get("/editor/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert token is not None
        sent = {"name": "chen", "password": PASSWORD, "csrf_token": token[1]}
        assert client.post("/editor/login", data=sent).status_code == 303
        client.headers["X-CSRFToken"] = client.get("/editor/api/token").json()["token"]
        page = client.get("/editor/flows/blind_box/edit").text
        version = re.search(r'data-version="([^"]+)"', page)
        assert version is not None
        body = {"text": text, "version": version[1], "reason": "单号换了叫法"}
        answer = client.put("/editor/api/flows/blind_box", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def models(product: Product) -> list[str]:
    return sorted(path.name for path in (product.folder / "models").glob("*.gz"))


def card_of(talk: Talk) -> dict[str, object]:
    [escalated] = [event for event in talk.seen if event["type"] == "escalated"]
    return dict(escalated["data"]["card"])


def test_the_new_flow_is_walked_by_its_words_without_training(tenth: tuple[Product, Path]) -> None:
    product, _ = tenth
    trained, running = models(product), product.processes["bot"].pid
    talk = started(product)
    assert "先看看快递柜和门口" in text_of(talk.last)
    assert [title for title, _ in buttons_of(talk.last)][-4:] == [
        "找到了", "快递柜", "没说", "被人骗走了",
    ]  # fmt: skip
    talk.say("好像放丰巢了")
    assert asked_slot(talk.last) == "box_number", talk.told("应该问单号")
    assert any(event["data"].get("faq_id") == "refund-how" for event in talk.last)
    talk.say("盲盒一七八号")
    assert asked_slot(talk.last) == "amount", talk.told("应该问金额")
    talk.say("59元")
    card = card_of(talk)
    assert "快递的说法：快递柜" in str(card["problem"])
    assert (card["topic"], card["order_number"]) == ("blind_box", "盲盒一七八号")
    assert card["tried"] == [{"step": "box_search", "result": "done"}]
    assert (models(product), product.processes["bot"].pid) == (trained, running)


def test_its_answers_lead_where_the_file_says(tenth: tuple[Product, Path]) -> None:
    product, _ = tenth
    talk = started(product)
    talk.say("还是没有")
    assert asked_slot(talk.last) == "box_courier", talk.told("应该问快递员")
    talk.press("还没有")
    assert "可以先打给他问问" in text_of(talk.last)
    assert talk.owner == "bot"
    cheated = started(product)
    cheated.press("被人骗走了")
    assert asked_slot(cheated.last) in ("fraud_kind", "fraud_human")
    found = started(product)
    found.press("找到了")
    assert "resolved" in [event["type"] for event in found.last]


def test_its_words_stand_on_the_card_and_at_the_desk(
    tenth: tuple[Product, Path], browser: Browser
) -> None:
    product, _ = tenth
    chat, desk = (browser.new_context(locale="zh-CN").new_page() for _ in range(2))
    for page in (chat, desk):
        page.set_default_timeout(PATIENCE * 1000)
    chat.goto(f"{product.url}/app")
    chat.locator("xiaohu-chat .message.bot").first.wait_for()
    say(chat, ASKED)
    chat.get_by_role("button", name="没说").click()
    chat.get_by_text("给快递员打过电话吗").wait_for()
    say(chat, "转人工")
    chat.locator("xiaohu-chat .queue strong").wait_for()
    chat.get_by_role("button", name="核对情况卡").first.click()
    expect(chat.locator("xiaohu-chat .card-sheet")).to_contain_text("找盲盒")
    sign_in(desk, product, "anna")
    expect(desk.locator("#waiting")).to_contain_text("盲盒丢件")
    claim(desk, chat)
    card = desk.locator("#card")
    expect(card).to_contain_text("盲盒丢件")
    expect(card).to_contain_text("找盲盒")
    expect(card).to_contain_text("快递的说法：没说")
    expect(card).not_to_contain_text("box_search")
    expect(card).not_to_contain_text("blind_box")
    for page in (chat, desk):
        page.context.close()


def test_a_conversation_ends_on_the_version_that_it_began_with(
    tenth: tuple[Product, Path],
) -> None:
    product, path = tenth
    old = started(product)
    changed = FLOW.replace("盲盒的快递单号是多少？", "盲盒的新单号是多少？")
    changed = changed.replace("box_number", "box_code")
    assert saved_by_an_editor(product, changed)["draft"] is None
    assert path.read_text(encoding="utf-8") == changed

    def new_words() -> bool:
        new = started(product)
        new.press("快递柜")
        return "盲盒的新单号是多少" in text_of(new.last)

    until(new_words)
    old.press("快递柜")
    assert "盲盒的快递单号是多少" in text_of(old.last), old.told("应该问原来的话")
    path.write_text(changed.replace("  - action: human\n", ""), encoding="utf-8")
    still = started(product)  # a bad file is not live, the good version goes on
    still.press("快递柜")
    assert asked_slot(still.last) == "box_code", still.told("坏文件不该上线")
    # readyz tells what its last check found
    until(lambda: "blind_box.yml" in httpx.get(f"{product.url}/readyz", timeout=PATIENCE).text)
    product.stop("bot")
    product.start_bot()
    path.unlink()
    until(lambda: asked_slot(started(product).last) is None)
    old.say("盲盒一七八号")
    assert asked_slot(old.last) == "amount", old.told("删了流程，谈话也要走完")
    old.say("59元")
    assert card_of(old)["order_number"] == "盲盒一七八号"
