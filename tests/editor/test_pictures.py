"""A picture's way from the editor's clipboard to the customer's phone."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import ExifTags, Image
from playwright.sync_api import Browser, Page, expect

from faq.pictures import drawn
from tests.editor.conftest import Office
from tests.product import ROOT

FAQ = "video-multi"  # shipped without a picture
WORDS = "视频通话页面上只有您和一位客服"
COPY = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 800 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#e8590c"; pen.fillRect(0, 0, 1200, 800);
  pen.fillStyle = "#fff"; pen.fillRect(100, 100, 400, 500);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""


def paste(page: Page) -> None:
    """Copy a screenshot and paste it below the first step."""
    page.evaluate(COPY)
    page.locator("#answer").evaluate(
        """(box) => { const at = box.value.indexOf("\\n1. ") + 2;
        box.focus(); box.setSelectionRange(at, at); }"""
    )
    page.keyboard.press("Control+V")
    page.locator("#picture[open]").wait_for()


def test_a_pasted_picture_reaches_the_customer_s_phone(
    office: Office, enter, browser: Browser
) -> None:
    page: Page = enter("chen", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{office.url}/editor/faq/{FAQ}")
    paste(page)
    # Without words there is no inserting it.
    expect(page.locator("#picture-told")).to_contain_text("1200 × 800")
    expect(page.locator("#picture-insert")).to_be_disabled()
    page.fill("#picture-alt", WORDS)
    page.click("#picture-insert")
    expect(page.locator("#answer")).to_have_value(
        re.compile(rf"\n1\. .*\n   !\[{WORDS}\]\({FAQ}-[a-z]+\.webp\)\n2\. ")
    )
    shown = page.frame_locator("#preview").locator(f'img[alt="{WORDS}"]')
    expect(shown).to_be_visible()
    page.click("#save")
    expect(page.locator("#state")).to_contain_text("已保存")
    assert page.errors == []  # type: ignore[attr-defined]

    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="zh-CN"
    )
    xiaolin = phone.new_page()
    xiaolin.goto(f"{office.url}/faq/{FAQ}")
    picture = xiaolin.locator(f'article img[alt="{WORDS}"]')
    before = picture.bounding_box()
    picture.scroll_into_view_if_needed()
    xiaolin.wait_for_function("(img) => img.naturalWidth > 0", arg=picture.element_handle())
    after = picture.bounding_box()
    assert before is not None
    assert after is not None
    assert (before["width"], before["height"]) == (after["width"], after["height"])
    assert abs(after["width"] / after["height"] - 1.5) < 0.02
    assert after["x"] + after["width"] <= 390
    assert picture.evaluate("(img) => img.currentSrc").endswith(".webp")

    xiaolin.goto(f"{office.url}/app")
    xiaolin.locator("xiaohu-chat .message.bot").first.wait_for()
    xiaolin.fill("xiaohu-chat textarea", "能多人一起视频吗")
    xiaolin.press("xiaohu-chat textarea", "Enter")
    told = xiaolin.locator("xiaohu-chat .figure")
    told.locator("img").scroll_into_view_if_needed()
    image = told.locator("img").element_handle()
    xiaolin.wait_for_function("(img) => img.naturalWidth > 0", arg=image)
    assert told.locator("img").get_attribute("alt") == WORDS
    bubble = xiaolin.locator("xiaohu-chat .body", has=xiaolin.locator(".figure")).bounding_box()
    inside = told.locator("img").bounding_box()
    assert bubble is not None
    assert inside is not None
    assert bubble["x"] <= inside["x"]
    assert inside["x"] + inside["width"] <= bubble["x"] + bubble["width"]
    told.tap()
    large = xiaolin.locator("xiaohu-chat dialog img")
    expect(large).to_be_visible()
    xiaolin.wait_for_function("(img) => img.naturalWidth > 1000", arg=large.element_handle())
    xiaolin.keyboard.press("Escape")
    expect(xiaolin.locator("xiaohu-chat dialog")).to_have_count(0)
    expect(xiaolin.locator("xiaohu-chat textarea")).to_be_visible()  # the chat stays open
    phone.close()


def test_what_is_no_picture_is_said_and_nothing_is_inserted(office: Office, enter) -> None:
    page: Page = enter("wu")
    page.goto(f"{office.url}/editor/faq/video-why")
    before = page.input_value("#answer")
    with page.expect_file_chooser() as choosing:
        page.click("#picture-choose")
    choosing.value.set_files(
        {"name": "list.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    )
    expect(page.locator("#picture-told")).to_contain_text("不是能用的图片")
    page.fill("#picture-alt", "一张图")
    expect(page.locator("#picture-insert")).to_be_disabled()
    page.click("#picture-leave")
    assert page.input_value("#answer") == before


def test_two_editors_add_the_same_picture_once_without_what_the_camera_noted(
    office: Office,
) -> None:
    chen, wu = office.sign_in("chen"), office.sign_in("wu")
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "where-xiaochen-lives"
    raw = io.BytesIO()
    Image.new("RGB", (2000, 500), "teal").save(raw, "JPEG", exif=exif)
    path = "/editor/api/pictures?for=refund-how"
    answers = [who.post(path, content=raw.getvalue()) for who in (chen, wu)]
    assert [one.status_code for one in answers] == [201, 201]
    first, second = (one.json() for one in answers)
    assert first["name"] == second["name"]
    assert (first["width"], first["height"]) == (1440, 360)
    kept: Path = office.data / "pictures" / first["name"]
    assert b"xiaochen" in raw.getvalue()
    assert b"xiaochen" not in kept.read_bytes()
    assert office.get(first["address"]).status_code == 200
    # Whoever sends it without the page's token, or signed out, or too much of it, is refused.
    del chen.headers["X-CSRFToken"]
    assert chen.post(path, content=raw.getvalue()).status_code == 400
    chen.cookies.clear()
    assert chen.post(path, content=raw.getvalue()).status_code in (400, 401)
    assert wu.post(path, content=bytes(9 * 1024 * 1024)).status_code == 413
    script = wu.post(path, content=b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert (script.status_code, script.json()["reason"]) == (422, "kind")


def test_no_text_of_a_drawing_sticks_out_and_each_follows_the_dark(browser: Browser) -> None:
    drawings = [path.with_suffix(".svg") for path in drawn.descriptions(ROOT / "data")]
    page = browser.new_page(color_scheme="dark")
    page.set_content("".join(path.read_text(encoding="utf-8") for path in drawings))
    out = page.evaluate(
        """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
          const edge = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("text")]
            .map((text) => [text, text.getBoundingClientRect()])
            .filter(([, box]) => box.left < edge.left + 8 || box.right > edge.right - 8
              || box.top < edge.top || box.bottom > edge.bottom)
            .map(([text]) => svg.querySelector("title").textContent + text.textContent);
        })"""
    )
    assert out == []
    dark = page.evaluate("getComputedStyle(document.querySelector('.ground')).fill")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.querySelector('.ground')).fill") != dark
    page.close()
