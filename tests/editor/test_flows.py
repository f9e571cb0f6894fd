"""The editors' pages of guided flows: a list, and each flow as steps with its words."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.timeout(300)


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
    answer = httpx.get(f"{office.url}/editor/flows/fraud", follow_redirects=False)
    assert answer.status_code in (302, 303)
    assert office.sign_in("chen").get("/editor/flows/no_such").status_code == 404
