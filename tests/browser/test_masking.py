"""The browser's masking holds to the same table as the server's."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site

CASES = json.loads((Path(__file__).parents[1] / "masking_cases.json").read_text(encoding="utf-8"))


def test_every_case_of_the_shared_table_is_masked_as_the_server_masks_it(
    site: Site, visitor: Opening
) -> None:
    page = visitor().new_page()
    page.goto(f"{site.url}/robots.txt")
    masked = page.evaluate(
        """async (cases) => {
            const { maskWith } = await import("/widget/current/masking.js");
            const { rules } = await import("/widget/current/masking-words.js");
            const mask = maskWith(rules);
            return cases.map(({ text, expects }) => mask(text, expects));
        }""",
        CASES,
    )
    wrong = [
        (case["text"], got)
        for case, got in zip(CASES, masked, strict=True)
        if got != {"text": case["masked"], "kinds": case["kinds"]}
    ]
    assert wrong == []


def test_a_secret_leaves_the_browser_masked_and_the_line_says_why(chat: Page) -> None:
    sent: list[str] = []
    chat.on("request", lambda request: sent.append(request.post_data or ""))
    chat.fill("xiaohu-chat textarea", "我的支付密码是hunter2024，付不了款")
    chat.press("xiaohu-chat textarea", "Enter")
    chat.locator("xiaohu-chat .mine .why").wait_for()
    chat.locator("xiaohu-chat .article").wait_for()
    kept = chat.evaluate("JSON.stringify(localStorage)")
    assert "hunter2024" not in "".join(sent) + kept + chat.locator("xiaohu-chat .log").inner_text()
    assert "［已隐藏］" in chat.locator("xiaohu-chat .mine .text").inner_text()


def test_a_bare_number_is_no_code_where_the_bot_asked_for_an_amount(chat: Page) -> None:
    # as soon as the question stands there, and not at some earlier message of the bot's
    chat.fill("xiaohu-chat textarea", "我想说金额")
    chat.press("xiaohu-chat textarea", "Enter")
    expect(chat.locator("xiaohu-chat .message.bot").last).to_contain_text("请问金额是多少？")
    chat.fill("xiaohu-chat textarea", "123456")
    chat.press("xiaohu-chat textarea", "Enter")
    mine = chat.locator("xiaohu-chat .mine .text")
    expect(mine).to_have_count(2)
    expect(mine.last).to_have_text("123456")
