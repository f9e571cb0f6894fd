"""What is written beside messages is written once, also where an answer gets lost."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site, ask_human

SESSION = "document.querySelector('xiaohu-chat').session"


def picture() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (240, 160), "orange").save(out, "PNG")
    return {"name": "screen.png", "mimeType": "image/png", "buffer": out.getvalue()}


def test_a_picture_as_long_as_a_street_is_made_smaller_and_keeps_its_shape(
    chat: Page, site: Site
) -> None:
    size, out = (1080, 40_000), io.BytesIO()
    Image.linear_gradient("L").resize(size).save(out, "JPEG")
    long = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    chat.set_input_files("xiaohu-chat .menu input[type=file]", [long])
    chat.get_by_role("button", name="同意并发送").click()
    image = chat.locator("xiaohu-chat .message a.picture img")
    image.wait_for()
    width, height = (int(image.get_attribute(name) or 0) for name in ("width", "height"))
    assert 5_000_000 < width * height <= 16_000_000
    assert abs(width / height - size[0] / size[1]) < 0.01


def kinds(page: Page, site: Site) -> list[str]:
    """The kinds of the events that the server has."""
    return page.evaluate(
        f"""async (site) => {{
            const {{ id, token }} = {SESSION}.conversation;
            const answer = await fetch(`${{site}}/api/v1/conversations/${{id}}/events?after=0`,
                {{ headers: {{ Authorization: `Bearer ${{token}}` }} }});
            return (await answer.json()).events.map((event) => event.type);
        }}""",
        site.url,
    )


def lose_first_answer(page: Page, address: str) -> list[str | None]:
    """Let the first POST reach the server and lose its answer; gives the ids that were sent."""
    ids: list[str | None] = []

    def handle(route: Route) -> None:
        request = route.request
        if request.method != "POST":
            route.continue_()
            return
        told = None if "attachments" in request.url else request.post_data_json
        ids.append(told["client_id"] if told else request.url.split("client_id=")[1])
        if len(ids) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.context.route(address, handle)
    return ids


@pytest.mark.parametrize("way", ["button", "chosen again"])
def test_a_picture_whose_answer_was_lost_is_kept_and_sent_again_as_the_same(
    chat: Page, site: Site, way: str
) -> None:
    # Without the stream, which would show at once that the picture had arrived.
    chat.context.route("**/stream", lambda route: route.abort())
    chat.context.route("**/events?**", lambda route: route.abort())
    chat.reload()
    chat.context.unroute("**/events?**")
    chat.locator("xiaohu-chat .message.bot").first.wait_for()
    ids = lose_first_answer(chat, "**/attachments?**")
    chat.context.route("**/events?**", lambda route: route.abort())
    chat.set_input_files("xiaohu-chat .menu input[type=file]", [picture()])
    chat.get_by_role("button", name="同意并发送").click()
    again = chat.get_by_role("button", name="没有传到 · 点按重试")
    again.wait_for()
    if way == "button":
        again.click()
    else:
        chat.set_input_files("xiaohu-chat .menu input[type=file]", [picture()])
    again.wait_for(state="detached")
    chat.locator("xiaohu-chat .message a.picture img").wait_for()
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert chat.locator("xiaohu-chat .message .picture").count() == 1
    chat.context.unroute("**/events?**")
    assert kinds(chat, site).count("attachment") == 1


def test_a_booking_whose_answer_was_lost_is_made_once_also_after_a_reload(
    chat: Page, site: Site
) -> None:
    ids = lose_first_answer(chat, "**/callback")
    # What else would tell that it had arrived after all.
    others = ("**/stream", "**/contacts", "**/events?**")
    for address in others:
        chat.context.route(address, lambda route: route.abort())
    chat.evaluate(f"{SESSION}.kernel.relay.feed.stop()")
    form = chat.locator("xiaohu-chat .callback-sheet")
    for attempt in range(2):
        chat.locator("xiaohu-chat .human").click()
        chat.locator("xiaohu-chat .ways [data-way=callback]").click()
        form.locator(".slot input").first.wait_for(state="attached")
        if attempt == 0:
            form.locator("input[type=tel]").fill("13812345678")
        expect(form.locator("input[type=tel]")).to_have_value("13812345678")
        form.locator(".slot input").first.check(force=True)
        form.get_by_role("button", name="预约", exact=True).click()
        if attempt == 0:
            expect(form.locator(".status-line")).to_have_text("网络断开了，恢复后再试。")
            for address in others[2:]:
                chat.context.unroute(address)
            chat.reload()
            chat.locator("xiaohu-chat .message.bot").first.wait_for()
            chat.context.unroute("**/contacts")
            chat.context.route("**/contacts", lambda route: route.abort(), times=1)
    expect(form).to_contain_text("已预约")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert kinds(chat, site).count("callback_booked") == 1


def test_corrections_of_the_card_outlive_a_reload_until_they_are_saved(
    chat: Page, site: Site
) -> None:
    ask_human(chat)
    for attempt in range(2):
        chat.get_by_role("button", name="核对情况卡").first.click()
        field = chat.locator("xiaohu-chat .card-sheet").get_by_label("订单号")
        field.wait_for()
        if attempt == 0:
            field.fill("20261129001")
            chat.reload()
            chat.locator("xiaohu-chat .queue").wait_for()
    expect(field).to_have_value("20261129001")
    chat.locator("xiaohu-chat .card-sheet").get_by_role("button", name="保存").click()
    chat.get_by_text("已保存").wait_for()
    assert kinds(chat, site).count("card_edited") == 1


def test_a_complaint_half_written_outlives_a_reload_with_its_secrets_hidden(
    chat: Page, site: Site
) -> None:
    chat.goto(f"{site.url}/complaint")
    chat.wait_for_load_state("networkidle")
    chat.fill("#place", "小狐超市")
    chat.fill("#problem", "扣款两次，密码是hunter2024")
    chat.reload()
    expect(chat.locator("#place")).to_have_value("小狐超市")
    expect(chat.locator("#problem")).to_have_value(re.compile("^扣款两次"))
    assert "hunter2024" not in chat.evaluate("JSON.stringify(localStorage)")
