"""A photo that is too large for the server is made smaller before it leaves the browser."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Opening, Site

LARGEST = 8 * 1024 * 1024  # that the server takes


def photo(size: tuple[int, int], kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).save(out, kind, **options)
    return out.getvalue()


def test_a_photo_of_fifty_megapixels_arrives(site: Site, visitor: Opening) -> None:
    raw = photo((8192, 6144), quality=80)
    assert len(raw) > LARGEST
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    page.locator("xiaohu-chat .menu input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": raw}
    )
    page.get_by_role("button", name="同意并发送").click()
    picture = page.locator("xiaohu-chat .message a.picture img")
    expect(picture).to_have_count(1)
    expect(picture).to_have_attribute("width", "4618")
