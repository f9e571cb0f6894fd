"""In a call: 安娜 demonstrates, 小林 shows a screen after a hint, and a still by consent."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Opening, Site, close
from tests.browser.console.test_video import MEDIA, ask_for_video, customer, desk

# Chromium without a window has no screen: a blue canvas stands for it.
SCREEN = """if (navigator.mediaDevices) navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 800, height: 600});
  const pen = canvas.getContext("2d");
  setInterval(() => { pen.fillStyle = "#0000ff"; pen.fillRect(0, 0, 800, 600); }, 100);
  return canvas.captureStream(10);
};"""
TWO_CAMERAS = """if (navigator.mediaDevices) {
  const media = navigator.mediaDevices, open = media.getUserMedia.bind(media);
  media.enumerateDevices = async () => [{kind: "videoinput"}, {kind: "videoinput"}];
  media.getUserMedia = (wish) => {
    document.documentElement.dataset.facing = wish.video?.facingMode ?? "";
    return open(wish);
  };
}"""
COLOUR = """(video) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 8, height: 8});
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 8, 8);
  return [...pen.getImageData(4, 2, 1, 1).data.slice(0, 3)].map((part) => part > 128);
}"""
BLUE, RED, WHITE = [False, False, True], [True, False, False], [True, True, True]


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """Replace the headless shell, which knows no camera."""
    return whole_browser


def shows(video: Locator, colour: list[bool]) -> None:
    """Wait until a video shows a colour."""
    handle = video.element_handle()
    video.page.wait_for_function(
        f"([video, colour]) => String(({COLOUR})(video)) === String(colour)", arg=[handle, colour]
    )


@pytest.fixture
def calling(site: Site, visitor: Opening) -> tuple[Page, Page]:
    """安娜 and 小林, in a call."""
    anna = desk(visitor, site)
    context = visitor(permissions=MEDIA)
    context.add_init_script(SCREEN)
    context.add_init_script(TWO_CAMERAS)
    xiaolin = customer(context, site)
    ask_for_video(xiaolin)
    anna.locator(".call.rings").get_by_role("button", name="接听").click()
    expect(xiaolin.locator("xiaohu-chat .stage .state")).to_have_text(re.compile("安娜"))
    return anna, xiaolin


def hang_up(anna: Page, xiaolin: Page) -> None:
    xiaolin.get_by_role("button", name="挂断").click()
    anna.locator(".call").wait_for(state="hidden")
    close(anna)


def test_an_agent_shows_a_picture_steps_and_a_window_and_the_camera_comes_back(
    calling: tuple[Page, Page],
) -> None:
    anna, xiaolin = calling
    theirs, panel = xiaolin.locator("xiaohu-chat .stage .theirs"), anna.locator(".call")
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "#ff0000").save(picture, "PNG")
    panel.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    shows(theirs, RED)
    expect(xiaolin.locator("xiaohu-chat .stage .state")).to_have_text("安娜 正在演示")
    panel.get_by_role("button", name="步骤").click()
    panel.locator("textarea").fill("打开“我的”\n把短信验证码告诉我")
    panel.locator(".steps").get_by_role("button", name="给客户看").click()
    expect(panel.locator(".showing .note")).to_contain_text("不能出示")
    panel.locator("textarea").fill("1. 打开“我的”\n2. 点“账单”\n3. 选这一笔")
    panel.locator(".steps").get_by_role("button", name="给客户看").click()
    shows(theirs, WHITE)
    expect(panel.locator(".showing .note")).to_have_text("客户正在看：步骤")
    anna.evaluate(SCREEN)
    panel.get_by_role("button", name="窗口").click()
    shows(theirs, BLUE)
    panel.get_by_role("button", name="停止演示").click()
    expect(xiaolin.locator("xiaohu-chat .stage .state")).to_have_text("与 安娜 通话中")
    hang_up(anna, xiaolin)


def test_a_customer_shows_a_screen_after_the_hint_and_a_still_goes_to_the_case_by_consent(
    calling: tuple[Page, Page],
) -> None:
    anna, xiaolin = calling
    theirs, panel = anna.locator(".call .theirs"), anna.locator(".call")
    sheet = xiaolin.locator("xiaohu-chat .video-sheet")
    expect(xiaolin.locator("html")).to_have_attribute("data-facing", "user")
    sheet.get_by_role("button", name="换摄像头").click()
    expect(xiaolin.locator("html")).to_have_attribute("data-facing", "environment")
    expect(sheet.locator(".stage .own")).to_have_class(re.compile("straight"))  # no mirror
    sheet.get_by_role("button", name="共享屏幕").click()
    expect(sheet.locator(".show")).to_contain_text("不要输入密码、验证码")
    sheet.get_by_role("button", name="先不共享").click()
    expect(sheet.locator(".show")).to_be_hidden()
    sheet.get_by_role("button", name="共享屏幕").click()
    sheet.get_by_role("button", name="选择窗口").click()
    shows(theirs, BLUE)
    expect(panel.locator(".state")).to_contain_text("客户正在共享屏幕")
    expect(sheet.locator(".sharing")).to_contain_text("客服只能看，不能操作")

    pictures = anna.locator("#talk .log .picture img")
    panel.get_by_role("button", name="存画面").click()
    expect(sheet.locator(".show")).to_contain_text("存进您的情况")
    sheet.get_by_role("button", name="不存").click()
    expect(panel.locator(".showing .note")).to_contain_text("客户没有同意")
    expect(pictures).to_have_count(0)
    panel.get_by_role("button", name="存画面").click()
    sheet.get_by_role("button", name="同意并保存").click()
    expect(panel.locator(".showing .note")).to_contain_text("客户同意了")
    expect(pictures).to_have_count(1)
    expect(pictures).to_have_js_property("naturalWidth", 800)

    sheet.get_by_role("button", name="停止共享").click()
    expect(panel.locator(".state")).to_contain_text("通话中")
    expect(sheet.locator(".sharing")).to_be_hidden()
    hang_up(anna, xiaolin)


def test_a_call_is_summed_up_for_the_customer_and_noted_for_colleagues(
    calling: tuple[Page, Page],
) -> None:
    anna, xiaolin = calling
    anna.locator(".call").get_by_role("button", name="挂断").click()
    form = anna.locator("#talk .summary")
    form.get_by_label("查到什么").fill("这笔扣了两次，第二次是重复的")
    form.get_by_label("会做什么").fill("退回第二次的 128 元")
    form.get_by_label("内部备注").fill("已报结算组")
    anna.reload()
    expect(form.get_by_label("查到什么")).to_have_value("这笔扣了两次，第二次是重复的")
    anna.get_by_role("button", name="结束").click()
    expect(anna.locator("#ask-text")).to_contain_text("小结还没有发给客户")
    anna.locator("#ask-no").click()
    form.get_by_label("最晚什么时候").fill("12月2日 18:00")
    form.get_by_role("button", name="发给客户").click()
    expect(form).to_be_hidden()
    log = xiaolin.locator("xiaohu-chat .log")
    expect(log).to_contain_text("通话小结")
    expect(log).to_contain_text("我们会：退回第二次的 128 元")
    expect(log).to_contain_text("最晚：12月2日 18:00")
    expect(anna.locator("#talk .message.note")).to_contain_text("已报结算组")
    expect(log).not_to_contain_text("已报结算组")
    close(anna)


def test_a_reload_in_the_middle_of_a_demonstration_brings_the_call_back(
    calling: tuple[Page, Page],
) -> None:
    anna, xiaolin = calling
    sheet = xiaolin.locator("xiaohu-chat .video-sheet")
    sheet.get_by_role("button", name="共享屏幕").click()
    sheet.get_by_role("button", name="选择窗口").click()
    shows(anna.locator(".call .theirs"), BLUE)
    anna.reload()
    shows(anna.locator(".call .theirs"), BLUE)
    hang_up(anna, xiaolin)
