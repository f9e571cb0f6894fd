"""A passkey in a real browser, with Chromium's own virtual authenticator."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Opening, Site


def test_zhou_adds_a_passkey_and_signs_in_with_it_alone_and_as_second_factor(
    site: Site, visitor: Opening
) -> None:
    here = site.url.replace("127.0.0.1", "localhost")  # an address is no domain of passkeys
    desk = re.compile(f"{here}/desk/?$")
    page = visitor().new_page()
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = wire.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]

    def give_password() -> None:
        page.goto(f"{here}/desk/login")
        page.get_by_label("用户名").fill("zhou")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()

    give_password()
    expect(page).to_have_url(desk)
    page.goto(f"{here}/account")
    page.get_by_label("新通行密钥的名称").fill("客服台的电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_role("status")).to_contain_text("通行密钥已添加")
    expect(page.get_by_text("客服台的电脑", exact=True)).to_be_visible()
    page.get_by_role("button", name="退出", exact=True).first.click()

    page.goto(f"{here}/desk/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(desk)
    page.goto(f"{here}/account")
    page.get_by_role("button", name="退出", exact=True).first.click()

    give_password()
    expect(page.get_by_role("button", name="用通行密钥")).to_be_visible()
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": False})
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("alert")).to_contain_text("通行密钥没有通过")
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": True})
    page.get_by_role("button", name="用通行密钥").click()
    expect(page).to_have_url(desk)

    page.goto(f"{here}/account")  # the other tests know 老周 without one
    page.get_by_text("改名或移除").click()
    page.get_by_role("button", name="移除「客服台的电脑」").click()
    expect(page.get_by_role("status")).to_contain_text("已移除")
