"""小林 and 安娜 send each other documents: a named row on both sides, saved byte for byte."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.at_the_desk import anna as anna
from tests.browser.at_the_desk import quiet as quiet
from tests.browser.at_the_desk import talking as talking
from tests.desk.papers import PDF

STATEMENT = {"name": "对账单.pdf", "mimeType": "application/pdf", "buffer": PDF}


def saved(page: Page, row: Locator) -> tuple[str, bytes]:
    """Tap a document's row; returns the name and the bytes that the browser saves."""
    with page.expect_download() as caught:
        row.click()
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()


def test_a_document_of_the_agent_is_saved_by_the_customer_byte_for_byte(
    talking: Page, anna: Page
) -> None:
    anna.locator("#talk input[type=file]").set_input_files(STATEMENT)
    own = anna.locator("#talk .message.agent a.file")
    expect(own).to_contain_text("对账单.pdf")
    row = talking.locator("xiaohu-chat .message.agent button.file")
    expect(row).to_contain_text("PDF")
    assert saved(talking, row) == ("对账单.pdf", PDF)
    assert saved(anna, own) == ("对账单.pdf", PDF)
    assert len(talking.context.pages) == 1  # nothing was opened to be looked at


def test_a_document_of_the_customer_is_saved_by_the_agent_byte_for_byte(
    talking: Page, anna: Page
) -> None:
    talking.locator("xiaohu-chat .tools").click()
    talking.locator("xiaohu-chat .menu input[type=file]").set_input_files(STATEMENT)
    talking.get_by_role("button", name="同意并发送").click()
    talking.locator("xiaohu-chat .message.mine button.file").wait_for()
    row = anna.locator("#talk .message.customer a.file")
    assert saved(anna, row) == ("对账单.pdf", PDF)
    expect(anna.locator("#card .file")).to_contain_text("对账单")


def test_what_is_no_document_is_refused_on_both_sides_with_what_is_taken(
    talking: Page, anna: Page
) -> None:
    program = {"name": "对账单.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\0\x03\0"}
    anna.locator("#talk input[type=file]").set_input_files(program)
    expect(anna.get_by_text("没有发出：只收图片、PDF")).to_be_visible()
    talking.locator("xiaohu-chat .tools").click()
    talking.locator("xiaohu-chat .menu input[type=file]").set_input_files(program)
    talking.get_by_role("button", name="同意并发送").click()
    expect(talking.locator("xiaohu-chat .upload")).to_contain_text("这种文件收不了")
    expect(talking.locator("xiaohu-chat .upload-row")).to_have_count(0)
    expect(anna.locator("#talk .file")).to_have_count(0)
