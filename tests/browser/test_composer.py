"""Writing: input methods, new lines, buttons."""

from __future__ import annotations

from playwright.sync_api import Page

FIELD = "xiaohu-chat textarea"


def test_enter_that_ends_a_composition_never_sends(chat: Page) -> None:
    chat.focus(FIELD)
    keys = chat.context.new_cdp_session(chat)
    keys.send(
        "Input.imeSetComposition", {"text": "fu kuan", "selectionStart": 7, "selectionEnd": 7}
    )
    chat.locator(FIELD).evaluate(
        """(field) => {
            const options = { key: "Enter", bubbles: true, cancelable: true };
            field.dispatchEvent(new KeyboardEvent("keydown", { ...options, isComposing: true }));
            const safari = new KeyboardEvent("keydown", options);
            Object.defineProperty(safari, "keyCode", { value: 229 });
            field.dispatchEvent(safari);
        }"""
    )
    keys.send("Input.insertText", {"text": "付款"})
    assert chat.locator(FIELD).input_value() == "付款"
    assert chat.locator("xiaohu-chat .mine").count() == 0
    chat.keyboard.press("Enter")
    chat.locator("xiaohu-chat .mine", has_text="付款").wait_for()


def test_shift_enter_makes_a_new_line(chat: Page) -> None:
    chat.fill(FIELD, "第一行")
    chat.keyboard.press("Shift+Enter")
    chat.keyboard.type("second")
    assert chat.locator(FIELD).input_value() == "第一行\nsecond"
    assert chat.locator("xiaohu-chat .mine").count() == 0


def test_a_button_is_sent_as_its_payload_and_cannot_be_used_twice(chat: Page) -> None:
    posted: list[dict] = []
    chat.on(
        "request",
        lambda request: (
            posted.append(request.post_data_json) if request.url.endswith("/messages") else None
        ),
    )
    chat.fill(FIELD, "付款失败")
    chat.press(FIELD, "Enter")
    chat.get_by_role("button", name="解决了", exact=True).click()
    chat.get_by_text("太好了").wait_for()
    assert (posted[-1]["payload"], posted[-1]["text"]) == ("/solved", "解决了")
    buttons = chat.locator("xiaohu-chat .choices button")
    assert [buttons.nth(at).is_disabled() for at in range(buttons.count())] == [True] * 3


def test_foreign_text_never_becomes_elements(chat: Page) -> None:
    made = chat.evaluate(
        """async () => {
            const { renderMarkdown } = await import("/widget/current/markdown.js");
            const box = document.createElement("div");
            box.append(renderMarkdown(
                '<img src=x onerror=alert(1)> **粗 <b>体</b>** [坏](javascript:alert(1)) ' +
                '[好](https://bank.example/a)\\n\\n3. 三\\n4. 四\\n   - 里面\\n\\n* 点',
                location.origin));
            return [...box.querySelectorAll("*")].map((node) => node.localName +
                (node.href ? ` ${node.href}` : "") + (node.start > 1 ? ` ${node.start}` : ""));
        }"""
    )
    leaving = chat.evaluate("location.origin") + "/verify/leaving?to=https%3A%2F%2Fbank.example%2Fa"
    assert made == [
        "p", "strong", f"a {leaving}", "ol 3", "li", "li", "ul", "li", "ul", "li",
    ]  # fmt: skip
