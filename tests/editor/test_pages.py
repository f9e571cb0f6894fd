"""An editor's day in a real browser: edit, preview, try, save; two who collide; going back."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time

from playwright.sync_api import Route, expect

from tests.product import PATIENCE


def answer_of(office, faq_id: str) -> str:
    return office.get(f"/api/v1/faqs/{faq_id}").json()["answer"]


def open_faq(page, office, faq_id: str):
    page.goto(f"{office.url}/editor/faq/{faq_id}")
    page.wait_for_selector("#tried ol li")
    return page


def save(page) -> None:
    page.click("#save")
    expect(page.locator("#state")).to_have_class("good")


def test_edit_preview_try_save_and_the_customers_page_differs(office, enter) -> None:
    page = open_faq(enter("chen"), office, "promotions")
    page.fill("#answer", "活动都在「福利」页。\n\n1. 打开 App\n2. 点「福利」")
    preview = page.frame_locator("#preview")
    expect(preview.locator(".lead")).to_have_text("活动都在「福利」页。")
    expect(preview.locator("ol li").nth(1)).to_have_text("点「福利」")
    asked = "蓝鲸望远镜有折扣吗"
    page.fill("#similar", page.input_value("#similar") + f"\n{asked}")
    page.fill("#try", asked)
    expect(page.locator("#tried .mine summary")).to_contain_text("优惠活动")
    expect(page.locator("#tried .verdict")).to_contain_text("优惠活动")
    assert "福利" not in answer_of(office, "promotions")
    save(page)
    customer = office.get("/faq/promotions").text
    assert "活动都在「福利」页。" in customer
    found = office.get("/api/v1/faqs", params={"q": asked}).json()
    assert found["hits"][0]["id"] == "promotions"
    assert page.errors == []


def test_what_is_bad_is_told_beside_the_field_and_not_saved(office, enter) -> None:
    page = open_faq(enter("chen"), office, "scan-pay-how")
    before = page.input_value("#answer")
    page.fill("#answer", "请把短信验证码发给客服。\n\n" + before)
    note = page.locator('.notes[data-field="answer"] .error')
    expect(note).to_contain_text("验证码")
    page.click("#save")
    expect(page.locator("#state")).to_have_class("bad")
    assert answer_of(office, "scan-pay-how").startswith(before[:10])
    page.fill("#similar", "我要退款\n我要退款")
    page.fill("#answer", before)
    expect(page.locator('.notes[data-field="similar"] li').first).to_be_visible()


def test_two_editors_collide_and_neither_loses_anything(office, enter) -> None:
    first = open_faq(enter("chen"), office, "keep-records")
    second = open_faq(enter("wu"), office, "keep-records")
    first.fill("#answer", "小陈写的：建议保存记录。")
    save(first)
    second.fill("#answer", "小吴写的：最好留着记录。")
    second.click("#save")
    expect(second.locator("#clash")).to_be_visible()
    differing = second.locator("#differing section")
    expect(differing).to_have_count(1)  # the answer alone: nothing else differs
    expect(differing.locator("h3")).to_have_text("答案")
    expect(differing.locator(".theirs pre")).to_have_text("小陈写的：建议保存记录。")
    expect(differing.locator(".mine pre")).to_have_text("小吴写的：最好留着记录。")
    assert not {"左", "右"} & set(second.inner_text("#clash"))
    assert answer_of(office, "keep-records").startswith("小陈写的")
    second.click("#clash button[value='']")
    assert second.input_value("#answer").startswith("小吴写的")
    second.click("#save")
    second.click("#clash button[value=over]")
    expect(second.locator("#state")).to_have_class("good")
    assert answer_of(office, "keep-records").startswith("小吴写的")
    expect(second.locator("#versions li")).to_have_count(3)


def test_one_click_brings_an_earlier_version_back(office, enter) -> None:
    page = open_faq(enter("chen"), office, "video-multi")
    before = answer_of(office, "video-multi")
    page.fill("#answer", "写错了的内容。")
    save(page)
    page.locator("#versions li", has_text="最早的版本").get_by_text("恢复这一版").click()
    with page.expect_navigation():
        page.click("#sure-yes")
    assert answer_of(office, "video-multi") == before
    assert page.input_value("#answer")[:10] == before[:10]
    expect(page.locator("#state.good")).to_contain_text("已恢复")


def test_versions_that_are_not_taken_up_yet_are_asked_for_again(office, enter) -> None:
    page = enter("chen")
    asked = []

    def answer(route: Route) -> None:  # as in the first seconds of an installation
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(json={"versions": []})
        else:
            route.continue_()

    page.route("**/refund-how/versions", answer)
    page.goto(f"{office.url}/editor/faq/refund-how")
    page.wait_for_selector("#versions li")
    assert len(asked) == 2


def test_a_new_one_is_written_found_and_deleted(office, enter) -> None:
    page = enter("chen")
    page.goto(
        f"{office.url}/editor/new?category=payment&question=数字人民币能用吗&similar=支持数字人民币吗"
    )
    page.fill("#id", "digital-yuan")
    page.fill("#answer", "目前还不支持，以 App 内公告为准。")
    page.click("#save")
    page.wait_for_url("**/editor/faq/digital-yuan")
    expect(page.locator("#state.good")).to_contain_text("已保存")
    asked = {"q": "数字人民币能不能用"}
    found = office.get("/api/v1/faqs", params=asked).json()
    assert found["hits"][0]["id"] == "digital-yuan"
    page.wait_for_selector("#versions li")
    page.click("#delete")
    page.click("#sure-yes")
    page.wait_for_url(re.compile("/editor$"))
    assert office.get("/faq/digital-yuan").status_code == 404


def test_the_report_shows_searches_that_found_nothing(office, enter) -> None:
    secret = "火星旅行的船票 4111 1111 1111 1111"
    office.get("/search", params={"q": secret})
    page = enter("chen")
    page.goto(f"{office.url}/editor/report")
    text = page.inner_text("main")
    assert "火星旅行" in text
    assert "4111 1111" not in text
    exported = page.request.get(f"{office.url}/editor/report.md")
    assert "火星旅行" in exported.text()


def test_a_report_of_no_questions_claims_no_answers(office, enter) -> None:
    with contextlib.closing(sqlite3.connect(office.data.parent / "var" / "xiaohu.db")) as database:
        database.execute("DELETE FROM asked")
        database.commit()
    page = enter("chen")
    page.goto(f"{office.url}/editor/report")
    expect(page.locator(".tile").first).to_have_text("0次提问")
    expect(page.locator(".tile").last).to_have_text("—这段时间没有人提问")


def test_editors_never_see_the_desk_nor_agents_the_editor(office, enter) -> None:
    editor, agent = enter("chen"), enter("anna", "desk")
    for path in ("/desk", "/desk/api/queue", "/desk/api/stream"):
        answer = editor.request.get(f"{office.url}{path}", max_redirects=0)
        assert answer.status in (302, 403), path
    for path in ("/editor", "/editor/report", "/editor/api/faqs/payment/pay-failed/versions"):
        answer = agent.request.get(f"{office.url}{path}", max_redirects=0)
        assert answer.status in (302, 403), path
    assert office.get("/editor/report").status_code == 302
    body = {"text": "付不了款"}
    assert office.post("/editor/api/try", json=body).status_code in (400, 401)
    forged = editor.request.post(f"{office.url}/editor/api/try", data=body)
    assert forged.status == 400


def test_no_path_leads_out_of_the_content_folder(office, enter) -> None:
    page = open_faq(enter("chen"), office, "pay-failed")
    token = page.get_attribute("meta[name=csrf-token]", "content")
    draft = {"id": "pay-failed", "category": "../../lexicon", "question": "甲", "answer": "乙"}
    headers = {"X-CSRFToken": token}
    url = f"{office.url}/editor/api/faqs/pay-failed"
    assert page.request.put(url, data=draft, headers=headers).status == 422
    assert page.request.get(f"{office.url}/editor/api/faqs/..%2f..%2fx/y/versions").status in (
        404,
        422,
    )


def test_a_bad_file_saved_by_hand_is_told_on_the_list_and_in_readyz(office, enter) -> None:
    path = office.data / "faq" / "support" / "phone-busy.md"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("updated: ", "updated: soon "), encoding="utf-8")
    try:
        deadline = time.monotonic() + PATIENCE
        told = []
        while not told and time.monotonic() < deadline:
            # readyz tells what its last check found
            told = office.get("/readyz").json()["checks"]["search"]["problems"]
            time.sleep(0.1)
        assert "phone-busy.md" in told[0]
        page = enter("chen")
        page.goto(f"{office.url}/editor")
        box = page.locator("section.bad")
        expect(box).to_contain_text("faq/support/phone-busy.md")
        expect(box).to_contain_text("日期")
        text = box.inner_text()
        assert str(office.data) not in text
        assert "holds" not in text
        assert "write a date" not in text
        box.get_by_role("link").click()
        page.wait_for_url("**/editor/faq/phone-busy")
        expect(page.locator("section.bad")).to_contain_text("被改坏了")
        assert office.get("/faq/phone-busy").status_code == 200
    finally:
        path.write_text(good, encoding="utf-8")


def test_on_a_phone_nothing_sticks_out(office, enter) -> None:
    page = enter("chen", viewport={"width": 375, "height": 700})
    for path in ("", "/faq/pay-failed", "/announcements", "/deleted", "/report"):
        page.goto(f"{office.url}/editor{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 375, (path, wide)
