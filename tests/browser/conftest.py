"""A real Chromium, the real web app (with a stub bot), and somebody else's web site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import desk_database
from tests.browser import stub_bot
from tests.locked import as_run
from tests.product import PATIENCE, PLAIN, Product, end, free_port
from tests.web.push_service import Service, serving

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-shared-secret-of-the-wallet-and-the-help-center"
PASSWORD = "orange-lantern-42"
AGENTS = (("anna", "安娜"), ("zhou", "老周"))
expect.set_options(timeout=PATIENCE * 1000)
PUSH_CONTACT = "mailto:ops@xiaohu.example"
ALWAYS = "{mon-sun: '00:00-24:00'}"
FOREIGN = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>阿杰的小店</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>* {{ font-family: serif; letter-spacing: 3px }}
button {{ background: lime; float: left }}</style>
</head><body><h1>阿杰的小店</h1><p><a href="/other">另一页</a></p>
<script src="{site}/widget.js" async></script></body></html>"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test time for the index to be built."""
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.timeout(900))


@dataclass(frozen=True)
class Site:
    """A running web app."""

    url: str
    env: dict[str, str]

    def command(self, *words: str, told: str = "") -> str:
        """Run `python -m web …` on this site's data."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "web", *words],
            cwd=ROOT, env=self.env, input=told, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def employ(self, name: str, display: str, password: str, role: str = "agent") -> None:
        """Make an account."""
        url = f"sqlite:///{self.env['XIAOHU_VAR']}/xiaohu.db"
        desk_database.employ(url, name, display, password, role)


@pytest.fixture(scope="session")
def push_service() -> Iterator[Service]:
    """Serve what the site pushes to."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, push_service: Service) -> Iterator[Site]:
    """Serve the app, always open, with a stub bot, 安娜 and 老周 and an empty database."""
    more = {"XIAOHU_PUSH_CONTACT": PUSH_CONTACT, "XIAOHU_PUSH_HOSTS": push_service.host}
    with served(tmp_path_factory.mktemp("var"), chat=ALWAYS, **more) as running:
        yield running


@pytest.fixture(scope="session")
def lead(site: Site) -> str:
    """Make the account of the lead."""
    site.employ("lin", "林组长", PASSWORD, "lead")
    return "lin"


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve another one whose chat opens six hours from now."""
    opens = (datetime.now(ZoneInfo("Asia/Shanghai")).hour + 6) % 24
    chat = f"{{mon-sun: '{opens:02}:00-{opens:02}:30'}}"
    with served(tmp_path_factory.mktemp("night"), chat=chat) as running:
        yield running


@contextmanager
def served(var: Path, *, chat: str, **more: str) -> Iterator[Site]:
    """Serve the app in a process of its own; chat: its hours, more: other settings."""
    hours = var / "hours.yml"  # the tests run at any time of the day
    hours.write_text(f"channels: {{chat: {chat}, callback: {ALWAYS}, video: {ALWAYS}}}\n")
    built = ROOT / "var" / "index"
    if built.is_dir():  # building it anew takes a minute or two; an old one is seen to be old
        shutil.copytree(built, var / "index")
        (var / "learned").symlink_to(ROOT / "var" / "learned")
    port = free_port()
    with stub_bot.served() as bot:
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("XIAOHU_")},
            "XIAOHU_VAR": str(var),
            "XIAOHU_PORT": str(port),
            "XIAOHU_BOT_URL": bot,
            "XIAOHU_JWT_SECRET": SECRET,
            "XIAOHU_HOURS": str(hours),
            "XIAOHU_LINK_HOSTS": "bank.example",
            "XIAOHU_PLACES": "10000",  # all customers of the tests have one address
            "XIAOHU_WORK_BITS": "10",  # for 18: a busy machine has other work
            "OPENBLAS_NUM_THREADS": "1",
            **more,
            **as_run("web"),
        }
        running = Site(f"http://127.0.0.1:{port}", env)
        desk_database.lay_out(var / "xiaohu.db")
        log = (var / "web.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "web", "serve"],
            cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(running.url, process)
            for name, display in AGENTS:
                running.employ(name, display, PASSWORD)
            yield running
        finally:
            end(process)
            log.close()


@pytest.fixture(scope="session")
def staffed(product: Product) -> Product:
    """The real web and the real bot, with the agents 安娜 and 老周."""
    for name, display in AGENTS:
        product.employ(name, display, PASSWORD)
    return product


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 400) -> None:
    end = time.monotonic() + seconds
    with httpx.Client(timeout=2, trust_env=False, verify=PLAIN) as http:
        while time.monotonic() < end and process.poll() is None:
            try:
                if http.get(f"{url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    raise RuntimeError("the web app did not become ready")


@pytest.fixture(scope="session")
def foreign(site: Site) -> Iterator[str]:
    """Serve somebody else's site, which holds one script tag of ours."""
    with shop_with(site.url) as address:
        yield address


@contextmanager
def shop_with(url: str) -> Iterator[str]:
    """Serve somebody else's site, which holds one script tag of the help center at `url`."""
    page = FOREIGN.format(site=url).encode()

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # another host name than the app's, so that it is another site too
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


Opening = Callable[..., BrowserContext]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Opening]:
    """Give a function that opens a browser context of its own; errors on a page fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_context(*, phone: bool = False, **options: object) -> BrowserContext:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        touch = {"is_mobile": True, "has_touch": True} if phone else {}
        context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **touch, **options
        )
        context.set_default_timeout(PATIENCE * 1000)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def chat(site: Site, visitor: Opening) -> Page:
    """Open the full-screen chat as 小林, greeted by the bot."""
    page = visitor().new_page()
    page.goto(f"{site.url}/app")
    page.locator("xiaohu-chat .message.bot").first.wait_for()
    return page


def sign_in(page: Page, site: Site | Product, name: str) -> None:
    """Sign an agent in at the desk."""
    page.goto(f"{site.url}/desk")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.locator("#waiting li").first.wait_for()


def say(page: Page, text: str) -> None:
    """Write something as the customer."""
    page.fill("xiaohu-chat textarea", text)
    page.press("xiaohu-chat textarea", "Enter")


def reply(desk: Page, text: str) -> None:
    """Write something as the agent."""
    desk.fill("#talk textarea", text)
    desk.press("#talk textarea", "Enter")


def ask_human(page: Page) -> None:
    """Look at the ways to a human and take the queue for the chat."""
    page.locator("xiaohu-chat .human").click()
    page.locator("xiaohu-chat .ways [data-way=chat]").click()
    page.locator("xiaohu-chat .queue strong").wait_for()


def claim(desk: Page, customer: Page) -> None:
    """Take this customer, who waits and has given no name."""
    held = customer.evaluate("document.querySelector('xiaohu-chat').session.conversation")
    desk.get_by_role("button", name=f"接入 访客 {held['id'][:4]}").click()
    desk.locator("#talk .composer").wait_for()


def close(desk: Page) -> None:
    """End the chat that is open."""
    desk.get_by_role("button", name="结束").click()
    desk.locator("#ask-yes").click()
    desk.locator("#talk .empty").wait_for()
