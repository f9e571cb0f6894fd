"""Pictures at the desk: sent by an agent, and followed down by the log."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.at_the_desk import anna as anna
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.at_the_desk import talking as talking
from tests.browser.conftest import (
    reply,
)


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
    expect(received).to_have_js_property("naturalWidth", 300)
    anna.locator("#talk textarea").evaluate(
        """(field, bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "p.png", {type: "image/png"}));
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        list(raw),
    )
    expect(received).to_have_count(2)
