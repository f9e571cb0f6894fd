"""The editors' pages of guided flows: a list, and each flow as steps with its words."""

from __future__ import annotations

import contextlib
import html

import yaml
from playwright.sync_api import expect


def test_a_flow_is_read_step_by_step_with_its_words(office, enter) -> None:
    page = enter("chen")
    page.get_by_role("link", name="流程", exact=True).click()
    page.get_by_role("link", name="支付失败").click()
    expect(page.locator("h1")).to_have_text("支付失败")
    expect(page.locator(".steps > li")).to_have_count(10)
    balance = page.locator("#pay_balance")
    expect(balance).to_contain_text("钱包里的余额够付这一笔吗？")
    row = balance.get_by_role("row", name="余额不够")
    expect(row).to_contain_text("问第 6 步")
    expect(row).to_contain_text("钱不够")
    row.get_by_role("link").first.click()
    expect(page).to_have_url(f"{office.url}/editor/faq/pay-failed-balance")
    assert page.errors == []


def test_a_flow_that_links_leads_to_the_other(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/flows/frozen")
    page.locator("#frozen_suspicious").get_by_role("link", name="被盗或被骗").click()
    expect(page.locator("h1")).to_have_text("被盗或被骗")
    expect(page.locator("dl")).to_contain_text("紧急通道")


def test_a_changed_file_is_seen_at_the_next_look_and_an_faq_may_start_it(office, enter) -> None:
    path = office.data / "flows" / "kite.yml"
    path.write_text(
        "name: 风筝断线\nfaq: refund-how\nsteps:\n  - collect: kite_place\n    utter: 断在哪里？\n"
        "    buttons: [{title: 找到了, value: solved}, {title: 没有, value: lost}]\n"
        "  - action: human\n",
        encoding="utf-8",
    )
    page = enter("chen")
    page.goto(f"{office.url}/editor/flows/kite")
    expect(page.locator("#kite_place")).to_contain_text("断在哪里？")
    page.goto(f"{office.url}/editor/faq/scan-pay-how")
    assert "风筝断线" in (page.locator("#flow").text_content() or "")
    path.unlink()


def test_who_is_no_editor_does_not_read_them(office) -> None:
    answer = office.get("/editor/flows/fraud", follow_redirects=False)
    assert answer.status_code in (302, 303)
    assert office.sign_in("chen").get("/editor/flows/no_such").status_code == 404


def test_words_and_a_button_are_changed_tried_on_the_phone_and_live(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/flows/refund")
    page.get_by_role("link", name="改这个流程").click()
    log, keys = page.locator("#log"), page.locator("#keys")
    expect(log).to_contain_text("要退的是哪一笔")
    expect(page.locator("#fine")).to_be_visible()
    expect(page.locator("#ways")).to_contain_text("最少问 2 句，最多问 4 句")
    page.locator("#step-1").get_by_label("问的话").fill("为什么要退呢？")
    keys.get_by_role("button", name="跳过").click()
    expect(log).to_contain_text("为什么要退呢？")  # the draft, before anything is saved
    expect(page.locator("#step-1")).to_have_class("now")
    reason = page.locator("#step-1 .choice").first
    reason.get_by_label("按钮").fill("东西有问题")
    reason.get_by_label("然后").select_option(label="转人工（没解决）")
    keys.get_by_role("button", name="东西有问题").click()
    expect(log).to_contain_text("转人工，上面说的都带给客服")
    expect(log.locator(".card")).to_contain_text("退款原因：东西有问题")
    page.get_by_role("button", name="退一步").click()
    page.locator("#line").fill("这个是假货来的")
    page.locator("#line").press("Enter")
    expect(log).to_contain_text("转人工，上面说的都带给客服")
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#said")).to_contain_text("新的对话走的就是这一版")
    text = (office.data / "flows" / "refund.yml").read_text(encoding="utf-8")
    assert "为什么要退呢？" in text
    assert text.startswith("# Refund: which order")
    page.goto(f"{office.url}/editor/versions?file=flows/refund.yml")
    expect(page.locator("h1")).to_contain_text("退款")
    expect(page.locator("main")).to_contain_text("小陈")
    assert page.errors == []


def test_what_is_wrong_stands_at_its_step_and_keeps_it_from_being_saved(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/flows/frozen/edit")
    before = (office.data / "flows" / "frozen.yml").read_text(encoding="utf-8")
    page.locator("#step-0").get_by_label("问的话").fill("请把短信验证码发给我。")
    expect(page.locator("#step-0 .notes")).to_contain_text("验证码")
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#state")).to_contain_text("没有保存")
    assert (office.data / "flows" / "frozen.yml").read_text(encoding="utf-8") == before


def test_a_new_flow_begins_with_a_question_and_is_deleted_again(office) -> None:
    client = office.sign_in("chen")
    with contextlib.closing(client):
        assert "已经有了" in client.get("/editor/flows/new?name=refund&faq=refund-how").text
        page = client.get("/editor/flows/parcel_lost/edit?faq=refund-how").text
        text = html.unescape(page.split('aria-label="整个文件">')[1].split("</textarea>")[0])
        sent = {"text": text, "version": ""}
        saved = client.put("/editor/api/flows/parcel_lost", json=sent)
        assert saved.status_code == 200, saved.text
        assert client.put("/editor/api/flows/parcel_lost", json=sent).status_code == 409
        used = client.request("DELETE", "/editor/api/flows/fraud", json={"version": "x"})
        assert used.status_code == 422
        assert "被盗或被骗" not in used.json()["detail"]
        gone = {"version": saved.json()["version"]}
        assert client.request("DELETE", "/editor/api/flows/parcel_lost", json=gone).is_success
    assert not (office.data / "flows" / "parcel_lost.yml").exists()


def test_what_is_noted_and_what_need_not_be_asked_are_fields_of_the_page(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/flows/login/edit")
    step = page.locator("#step-0")
    step.get_by_text("情况卡", exact=True).click()
    step.get_by_label("＋ 再写一项…").select_option(label="报错提示")
    step.get_by_label("报错提示").fill("提示的是：{value}")
    step.get_by_text("什么时候不用问").click()
    step.get_by_label("＋ 已经知道什么，就不问…").select_option(label="报错提示")
    expect(step.get_by_label("已经知道这个，就不问", exact=True)).to_have_value("error_text")
    page.get_by_text("名字、先回答哪一篇").click()
    page.get_by_text("问这些问答，等于已经答了哪一步").click()
    page.get_by_role("button", name="＋ 加一篇").click()
    page.get_by_label("问的是这一篇").last.fill("收不到短信验证码")
    page.keyboard.press("Tab")
    expect(page.locator("#differing")).to_contain_text("提示的是")
    page.get_by_role("button", name="保存并上线").click()
    expect(page.locator("#said")).to_contain_text("新的对话走的就是这一版")
    flow = yaml.safe_load((office.data / "flows" / "login.yml").read_text(encoding="utf-8"))
    first = flow["steps"][0]
    assert first["card"]["error_text"] == "提示的是：{value}"
    assert first["known_by"] == [["error_text"]]
    assert flow["causes"]["sms-code-missing"].keys() == {first["collect"]}
    assert page.errors == []
