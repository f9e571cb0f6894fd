"""A photo that is too large for the server is made smaller before it leaves the browser."""

from __future__ import annotations

import itertools
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opening, Site

LARGEST = 8 * 1024 * 1024  # that the server takes


def test_a_photo_of_fifty_megapixels_arrives(site: Site, visitor: Opening, tmp_path: Path) -> None:
    # One square of noise many times: drawing fifty megapixels of it takes longer than all else.
    square, photo = Image.effect_noise((1024, 1024), 30), Image.new("L", (8192, 6144))
    for left, top in itertools.product(range(0, 8192, 1024), range(0, 6144, 1024)):
        photo.paste(square, (left, top))
    raw = tmp_path / "a.jpg"
    photo.save(raw, quality=80)
    assert raw.stat().st_size > LARGEST
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    page.locator("xiaohu-chat .menu input[type=file]").set_input_files(raw)
    page.get_by_role("button", name="同意并发送").click()
    picture = page.locator("xiaohu-chat .message a.picture img")
    expect(picture).to_have_count(1)
    expect(picture).to_have_attribute("width", "4618")  # of sixteen megapixels, and its shape
    expect(picture).to_have_attribute("height", "3464")
