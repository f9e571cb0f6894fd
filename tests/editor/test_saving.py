"""Saving: ids are asked for and free, refusals stand beside their fields, no session loses text."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.editor.conftest import PASSWORD


def write_new(page, office, faq_id: str, category: str = "account") -> None:
    page.goto(
        f"{office.url}/editor/new?category={category}&question=钱包怎么换皮肤&similar=皮肤在哪换"
    )
    page.fill("#id", faq_id)
    page.fill("#answer", "在「设置」里选喜欢的皮肤。")


def note_at(page, field: str):
    return page.locator(f'.notes[data-field="{field}"] .error')


def test_an_id_of_another_category_is_refused_and_names_the_other(office, enter) -> None:
    page = enter("chen")
    write_new(page, office, "refund-how")
    title = office.get("/api/v1/faqs/refund-how").json()["question"]
    page.click("#save")
    expect(note_at(page, "id")).to_contain_text(title)
    expect(page.locator("#state")).to_have_class("bad")
    expect(note_at(page, "id").get_by_role("link")).to_have_attribute(
        "href", "/editor/faq/refund-how"
    )
    assert not (office.data / "faq" / "account" / "refund-how.md").exists()
    assert page.url.split("?")[0].endswith("/editor/new")


def test_an_id_of_the_same_category_is_refused_beside_the_field_too(office, enter) -> None:
    page = enter("chen")
    write_new(page, office, "refund-how", "refund")
    page.click("#save")
    expect(note_at(page, "id")).to_contain_text("refund-how")
    expect(page.locator("#clash")).to_be_hidden()


def test_a_new_one_without_an_id_is_not_saved(office, enter) -> None:
    page = enter("chen")
    write_new(page, office, "")
    page.click("#save")
    expect(note_at(page, "id")).to_contain_text("还没有写 id")
    expect(page.locator("#id")).to_be_focused()
    assert not list((office.data / "faq").glob("*/draft.md"))
    page.fill("#id", "Wallet_Skin")
    page.click("#save")
    expect(note_at(page, "id")).to_contain_text("小写字母")
    page.fill("#id", "wallet-skin")
    page.click("#save")
    page.wait_for_url("**/editor/faq/wallet-skin")


def test_what_the_server_cannot_read_is_told_beside_the_field(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/fee-transfer")
    page.fill("#similar", page.input_value("#similar") + "\n" + "长" * 201)
    page.click("#save")
    expect(note_at(page, "similar")).to_contain_text("最长 200 个字")
    expect(page.locator("#state")).to_have_class("bad")


def test_signing_in_again_in_a_second_tab_lets_the_first_one_save(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/public-wifi")
    page.fill("#answer", "第一次登录时写的。")
    other = page.context.new_page()
    other.goto(f"{office.url}/editor")
    other.click("header form button")
    other.wait_for_selector("#password")
    page.click("#save")
    expect(page.locator("#state")).to_contain_text("登录已过期")
    with page.context.expect_page() as opened:
        page.click("#state a")
    again = opened.value
    again.fill("#name", "chen")
    again.fill("#password", PASSWORD)
    again.click("button[type=submit]")
    again.wait_for_selector("header")
    assert page.input_value("#answer") == "第一次登录时写的。"
    page.click("#save")
    expect(page.locator("#state")).to_have_class("good")
    found = office.get("/api/v1/faqs/public-wifi").json()
    assert found["answer"].startswith("第一次登录时写的。")


def test_somebody_else_deleted_it_and_ones_own_text_can_still_be_saved(office, enter) -> None:
    first, second = enter("chen"), enter("wu")
    for page in (first, second):
        page.goto(f"{office.url}/editor/faq/chat-tips")
        page.wait_for_selector("#tried ol li")
    second.fill("#answer", "小吴还想留着这一篇。")
    first.click("#delete")
    first.click("#sure-yes")
    expect(first.locator("#said")).to_contain_text("已删除")
    second.click("#save")
    expect(second.locator("#clash-title")).to_contain_text("删除了")
    second.click("#clash button[value=over]")
    expect(second.locator("#state")).to_have_class("good")
    found = office.get("/api/v1/faqs/chat-tips").json()
    assert found["answer"] == "小吴还想留着这一篇。"


def test_what_is_wrong_below_a_tall_field_is_in_sight_after_a_refusal(office, enter) -> None:
    page = enter("chen", viewport={"width": 1280, "height": 900})
    page.goto(f"{office.url}/editor/faq/refund-how")
    page.fill("#answer", page.input_value("#answer") + "\n\n请拨打 400-800-1234。")
    page.evaluate("scrollTo(0, 0)")
    page.click("#save")
    expect(page.locator("#state")).to_have_class("bad")
    wrong = note_at(page, "answer").first
    expect(wrong).to_be_in_viewport(ratio=1)
    # Nothing lies over it: the line with the button sticks to the bottom.
    assert wrong.evaluate(
        "note => { const box = note.getBoundingClientRect();"
        " return note.contains(document.elementFromPoint(box.x + 9, box.bottom - 5)); }"
    )


def test_the_ranking_of_another_message_is_gone_while_the_new_one_is_tried(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/refund-how")
    expect(page.locator("#tried .verdict")).to_contain_text("怎么申请退款")
    page.route("**/editor/api/try", lambda route: None)  # never answered
    page.fill("#try", "怎么改密码")
    expect(page.locator("#tried")).to_have_text("正在试…")


def test_a_related_one_that_does_not_exist_is_told_beside_the_field(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/fee-transfer")
    page.locator("details.more summary").click()
    page.fill("#related", "no-such-faq")
    expect(page.locator('.notes[data-field="related"]')).to_contain_text("no-such-faq")


def test_a_save_keeps_comments_other_peoples_fields_and_what_the_form_shows(office, enter) -> None:
    path = office.data / "faq" / "security" / "mfa.md"
    text = path.read_text(encoding="utf-8")
    marked = text.replace("\nid: mfa\n", "\n# 由安全组维护\nid: mfa\nx-owner: 小陈\n")
    assert marked != text
    path.write_text(marked, encoding="utf-8")
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/mfa")
    page.wait_for_selector("#tried ol li")
    page.locator("details.more summary").click()
    page.fill("#facets", "cost: 不收费。\nhow_long：一会儿就好。")
    page.fill("#answer", "多重验证让别人更难登录你的账户。")
    page.click("#save")
    expect(page.locator("#state")).to_have_class("good")
    saved = path.read_text(encoding="utf-8")
    assert "# 由安全组维护\nid: mfa\nx-owner: 小陈\n" in saved
    assert "facets:\n  cost: 不收费。\n  how_long: 一会儿就好。\n" in saved
    assert "\n多重验证让别人更难登录你的账户。\n" in saved
    page.reload()
    page.locator("details.more summary").click()
    expect(page.locator("#facets")).to_have_value("cost: 不收费。\nhow_long: 一会儿就好。\n")
    assert page.errors == []


def test_an_faq_that_is_renamed_and_moved_is_found_under_its_old_address(office, enter) -> None:
    page = enter("chen")
    page.goto(f"{office.url}/editor/faq/fee-phone")
    page.wait_for_selector("#tried ol li")
    page.locator("#moving summary").click()
    page.fill("#new-id", "refund-how")
    page.click("#move")
    expect(page.locator("#state")).to_have_class("bad")
    expect(page.locator("#state")).to_contain_text("refund-how")
    page.fill("#new-id", "call-cost")
    page.select_option("#new-category", "support")
    page.click("#move")
    page.wait_for_url("**/editor/faq/call-cost")
    expect(page.locator("#state.good")).to_contain_text("已移动")
    expect(page.locator("#versions li", has_text="小陈")).to_have_count(1)
    old = office.get("/faq/fee-phone")
    assert (old.status_code, old.headers["Location"]) == (301, "/faq/call-cost")
    shown = office.get("/api/v1/faqs/fee-phone").json()
    assert (shown["id"], shown["category"]) == ("call-cost", "support")
    assert not (office.data / "faq" / "fee" / "fee-phone.md").exists()
    page.goto(f"{office.url}/editor/faq/fee-phone")
    assert page.url.endswith("/editor/faq/call-cost")
    problems = office.get("/readyz").json()["checks"]["search"]["problems"]
    assert not [text for text in problems if "fee-phone" in text]
    assert page.errors == []
