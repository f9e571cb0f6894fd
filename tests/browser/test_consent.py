"""Asked before the first picture, kept, and taken back as easily at /privacy."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening, Site
from tests.browser.console.test_callback import screenshot


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def choose(page: Page, colour: str = "orange") -> None:
    page.locator("xiaohu-chat .menu input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": screenshot(colour)}
    )


def test_no_picture_goes_before_it_was_agreed_to_and_the_word_can_be_taken_back(
    site: Site, visitor: Opening
) -> None:
    page = visitor(phone=True).new_page()
    sent: list[str] = []
    page.on(
        "request",
        lambda one: (
            sent.append(one.url) if one.method == "POST" and "attachments" in one.url else None
        ),
    )
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    choose(page)
    page.get_by_role("button", name="先不发").click()
    assert sent == []
    choose(page)
    sheet = page.locator("xiaohu-chat .consent-sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("只给处理您问题的客服看")
    shoot(page, "consent-phone")
    page.get_by_role("button", name="同意并发送").click()
    pictures = page.locator("xiaohu-chat .message a.picture img")
    expect(pictures).to_have_count(1)
    # Asked once. Another picture: the same one, sent before its answer came, is the same event.
    choose(page, "teal")
    expect(pictures).to_have_count(2)

    rights = page.context.new_page()
    rights.goto(f"{site.url}/privacy")
    own = rights.locator("#consents li", has_text="发送图片")
    expect(own).to_contain_text("同意")
    own.get_by_role("button", name="撤回同意").click()
    expect(own).to_contain_text("已撤回")
    rights.locator("#consents").scroll_into_view_if_needed()
    shoot(rights, "privacy-phone")
    choose(page)
    expect(sheet).to_be_visible()
    page.get_by_role("button", name="同意并发送").click()
    expect(pictures).to_have_count(3)
    rights.set_viewport_size({"width": 1280, "height": 900})
    rights.reload()
    expect(own.get_by_role("button", name="撤回同意")).to_be_visible()
    rights.locator("#consents").scroll_into_view_if_needed()
    shoot(rights, "privacy-desktop")
