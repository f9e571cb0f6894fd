"""The real web on a copy of the shipped content; the editors 小陈 and 小吴 in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from search import Settings, open_engine
from tests import desk_database
from tests.locked import as_run
from tests.product import PATIENCE, PLAIN, ROOT, end, free_port

PASSWORD = "a password of the tests"
Entering = Callable[..., Page]
expect.set_options(timeout=PATIENCE * 1000)
EDITORS = (("chen", "小陈"), ("wu", "小吴"))


@dataclass(frozen=True)
class Office:
    """A running web whose content may be written."""

    url: str
    data: Path
    log: Path

    @property
    def var(self) -> Path:
        """What the program writes."""
        return self.data.parent / "var"

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask as a stranger."""
        return self._ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """Send something as a stranger."""
        return self._ask("POST", path, **options)

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        with httpx.Client(timeout=PATIENCE, trust_env=False, verify=PLAIN) as http:
            return http.request(method, self.url + path, **options)

    def sign_in(self, login: str) -> httpx.Client:
        """Sign somebody in without a browser; what the client sends is taken as the page's."""
        client = httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False, verify=PLAIN)
        form = client.get("/editor/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert token is not None
        sent = {"name": login, "password": PASSWORD, "csrf_token": token[1]}
        assert client.post("/editor/login", data=sent).status_code == 303
        client.headers["X-CSRFToken"] = client.get("/editor/api/token").json()["token"]
        return client


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from running(tmp_path_factory.mktemp("office"))


def running(folder: Path, **more: str) -> Iterator[Office]:
    """Run web on a copy of the content; more: settings of its environment."""
    shutil.copytree(ROOT / "data", folder / "data")
    settings = Settings(ROOT / "data", ROOT / "var" / "index")
    name = open_engine(settings).generation.name
    for part in (name, "words"):
        shutil.copytree(settings.index / part, folder / "var" / "index" / part)
    (folder / "var" / "learned").symlink_to(settings.learned)
    port = free_port()
    env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | {
        "XIAOHU_DATA": str(folder / "data"),
        "XIAOHU_VAR": str(folder / "var"),
        "XIAOHU_PORT": str(port),
        "XIAOHU_BOT_URL": "http://127.0.0.1:1",
        "PYTHONWARNINGS": "ignore",
        # Tells in the log when the loop stands still for so many seconds.
        "GEVENT_MONITOR_THREAD_ENABLE": "1",
        "GEVENT_MAX_BLOCKING_TIME": "1.5",
        "OPENBLAS_NUM_THREADS": "1",
        "XIAOHU_TESTS_FIT": "no",
        **as_run("web"),
        **more,
    }
    accounts = [
        *((*editor, "editor") for editor in EDITORS),
        ("anna", "安娜", "agent"),
        ("li", "老李", "publisher"),
        ("zhou", "老周", "lead"),
    ]
    desk_database.lay_out(folder / "var" / "xiaohu.db")
    for login, display, role in accounts:
        url = f"sqlite:///{folder}/var/xiaohu.db"
        desk_database.employ(url, login, display, PASSWORD, role)
    log = folder / "web.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "web", "serve"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(f"{url}/livez", process, log)
            yield Office(url, folder / "data", log)
        finally:
            end(process)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        with suppress(httpx.HTTPError):
            if httpx.get(url, timeout=10, trust_env=False, verify=PLAIN).status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8")[-3000:])


@pytest.fixture
def enter(office: Office, browser: Browser) -> Iterator[Entering]:
    """Sign somebody in, in a browser of their own; returns their page."""
    yield from entering(office, browser)


def entering(office: Office, browser: Browser) -> Iterator[Entering]:
    """Do so at an office; all the browsers are closed in the end."""
    contexts = []

    def sign_in(login: str, part: str = "editor", **options: Any) -> Page:
        context = browser.new_context(locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.errors = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        # The page of announcements, since the list checks all content where somebody has saved.
        onward = "?next=/editor/announcements" if part == "editor" else ""
        page.goto(f"{office.url}/{part}/login{onward}")
        page.fill("#name", login)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("header")
        return page

    yield sign_in
    for context in contexts:
        context.close()
