"""Told while away: asked for by a tap once one has left, pushed, led back, ended by signing out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PUSH_CONTACT, Site, ask_human, claim, reply, sign_in
from tests.web.push_service import Service
from web.desk.database import Database, open_database
from web.desk.followups import PATIENCE
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.identity import sign
from web.notifications import keys
from web.notifications.following import Follower
from web.notifications.push import Pusher
from web.services import utc_now
from web.settings import Settings
from web.wallet.notices import NEVER

# The headless shell has no notifications, and asks its maker's service for an address, which a test
# has no business to: what the browser would give is given here, all else is the browser's own.
BROWSER = """
if (globalThis.ServiceWorkerRegistration) {
const told = WISH;
let may = "default";
Object.defineProperty(Notification, "permission", { get: () => may });
Notification.requestPermission = async () => (may = "granted");
PushManager.prototype.subscribe = async function (options) {
  if (may !== "granted" || options.applicationServerKey.length !== 65) throw new Error("refused");
  const unsubscribe = async () => ((window.held = null), true);
  return (window.held = { toJSON: () => told, options, unsubscribe });
};
PushManager.prototype.getSubscription = async () => window.held ?? null;
const close = () => (window.cleared = true);
ServiceWorkerRegistration.prototype.getNotifications = async () => [{ close }];
}
"""
WORKER = """() => {
  self.shown = [];
  self.registration.showNotification = async (title, options) => {
    self.shown.push({ title, ...options });
  };
}"""
COME = """async () => {
  while (!self.shown.length) await new Promise((go) => setTimeout(go, 20));
  return self.shown;
}"""


@pytest.fixture
def database(site: Site) -> Iterator[Database]:
    settings = Settings.from_env(site.env)
    opened = open_database(settings.database, keys=Keys(Vault((settings.secret_key,))))
    yield opened
    opened.close()


def subscribing(context: BrowserContext, service: Service, name: str) -> None:
    wish = json.dumps(service.browser(name).subscription())
    context.add_init_script(BROWSER.replace("WISH", wish))


def follow(site: Site, database: Database, service: Service) -> None:
    """Do what the site does half a minute later."""
    settings = Settings.from_env(site.env)
    vault = Vault((settings.secret_key,))
    pusher = Pusher(
        lambda: keys.read_or_make(database, vault, utc_now), PUSH_CONTACT, (service.host,)
    )
    brand = type("Brand", (), {"center": "小狐帮助中心", "name": "小狐"})()
    zone = ZoneInfo("Asia/Shanghai")
    follower = Follower(database, pusher, lambda: brand, lambda: zone, writes=False, quiet=NEVER)
    follower.look(utc_now() + PATIENCE + timedelta(seconds=1))
    pusher.close()


def leave(page: Page) -> None:
    """Look at another tab, and come back."""
    for hidden in ("true", "false"):
        page.evaluate(
            f"""() => {{
              Object.defineProperty(document, "hidden", {{ configurable: true, value: {hidden} }});
              document.dispatchEvent(new Event("visibilitychange"));
            }}"""
        )


def push_to_worker(page: Page, site: Site, told: dict) -> None:
    """Hand a message to the service worker, as the browser does that was pushed to."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            one["registrationId"]
            for one in event["registrations"]
            if one["scopeURL"].endswith("/reach/")
        ),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(0)
    assert found
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site.url, "registrationId": found[-1], "data": json.dumps(told)},
    )


def test_who_left_is_asked_once_told_by_the_browser_and_led_back(
    site: Site, push_service: Service, database: Database, visitor
) -> None:
    context = visitor(phone=True)
    subscribing(context, push_service, "phone")
    page = context.new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    offer = page.locator("xiaohu-chat .reach")
    ask_human(page)
    expect(offer).to_be_hidden()  # not at first, and not while the page is looked at
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    leave(page)
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="通知我").click()
    page.get_by_role("button", name="用这个浏览器通知我").click()
    expect(page.locator("xiaohu-chat .reach-sheet .on")).to_contain_text("这个浏览器会收到通知")
    page.locator("xiaohu-chat .reach-sheet .close").click()
    expect(offer).to_be_hidden()

    desk = visitor().new_page()
    sign_in(desk, site, "anna")
    claim(desk, page)
    # The phone is put away: nothing is read any more.
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { configurable: true, value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    reply(desk, "退款已经原路退回")
    expect(page.locator("xiaohu-chat .message.agent")).to_contain_text("退款已经原路退回")
    assert page.title().startswith("(")  # the tab's own mark
    follow(site, database, push_service)
    (pushed,) = [one for one in push_service.got if one.path == "/push/phone"]
    (worker,) = context.service_workers
    worker.evaluate(WORKER)
    push_to_worker(page, site, pushed.told)
    (seen,) = worker.evaluate(COME)
    assert (seen["title"], seen["body"]) == ("小狐帮助中心", "客服回复了您")
    assert "退款" not in json.dumps(pushed.told, ensure_ascii=False)
    ask = "async (id) => holds((await self.clients.matchAll({ includeUncontrolled: true }))[0], id)"
    assert worker.evaluate(ask, pushed.told["conversation"]) is True  # it comes to the front
    assert worker.evaluate(ask, "another") is False

    # The notification's link opens this thread, on a device that has never been here.
    other = visitor(phone=True).new_page()
    other.goto(f"{site.url}{pushed.told['open']}")
    expect(other.locator("xiaohu-chat .message.agent")).to_contain_text("退款已经原路退回")
    assert "#" not in other.url
    expect(other.locator("xiaohu-chat .human")).to_be_hidden()
    other.fill("xiaohu-chat textarea", "收到了，谢谢")
    other.press("xiaohu-chat textarea", "Enter")
    expect(desk.locator("#talk")).to_contain_text("收到了，谢谢")
    other.reload()
    expect(other.locator("xiaohu-chat .message.mine").last).to_contain_text("收到了，谢谢")

    # Looked at again, it is seen: what was shown goes.
    leave(page)
    page.wait_for_function("window.cleared")


def test_signing_out_takes_the_browser_off_on_both_sides(
    site: Site, push_service: Service, database: Database, visitor
) -> None:
    settings = Settings.from_env(site.env)
    token = sign(settings, "10010", "小林", utc_now(), timedelta(hours=1))
    context = visitor()
    subscribing(context, push_service, "shared")
    page = context.new_page()
    page.goto(f"{site.url}/app#token={token}")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("button", name="离开后也能收到回复").click()
    page.get_by_role("button", name="用这个浏览器通知我").click()
    expect(page.locator("xiaohu-chat .reach-sheet .on")).to_be_visible()
    assert rows(database) == [push_service.browsers["/push/shared"].endpoint]
    assert page.evaluate("Boolean(window.held)")
    page.evaluate("xiaohuIdentity(null)")
    page.wait_for_function("!window.held")
    expect(page.locator("xiaohu-chat .reach-sheet")).to_be_hidden()
    page.wait_for_function("true")
    for _ in range(50):
        if not rows(database):
            break
        page.wait_for_timeout(50)
    assert rows(database) == []


def rows(database: Database) -> list[str]:
    from sqlalchemy import select

    from web.desk.devices import Device

    with database.read() as session:
        query = select(Device.endpoint).where(Device.who != "anonymous")
        return list(session.scalars(query))


def test_a_link_that_is_over_says_so(site: Site, visitor) -> None:
    page = visitor(phone=True).new_page()
    page.goto(f"{site.url}/letter#{'x' * 22}.{'y' * 43}")
    expect(page.locator("xiaohu-chat .notice")).to_contain_text("这个链接已经失效")
