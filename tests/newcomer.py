"""Does what a newcomer does with a fresh clone, and prints how long each step took.

`python -m tests.newcomer`, from the tests' environment, which only plays customer and browser: the
clone makes its own environments by `make run` alone, in a folder with blanks and Chinese characters
and under LC_ALL=C, with an empty home. Of this machine only the downloaded packages are used.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import expect, sync_playwright

from start.browser import ensure, find
from start.environments import find_uv
from tests.conftest import FLAGS
from tests.product import ROOT, Customer, free_port

PATIENCE = 900.0  # seconds until it is ready, packages fetched
KEPT = re.compile(r"PATH|LANG|TMPDIR|(?:UV|PIP|PYENV|SSL|REQUESTS|CURL)_\w+|\w+_(?:proxy|PROXY)")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print what is done and how long it took."""
    began = time.monotonic()
    yield
    print(f"newcomer: {time.monotonic() - began:6.1f} s  {what}", flush=True)


class Run:
    """`make run` in a clone."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "小狐 帮助中心"
        self.log = folder / "log"
        self.port, self.bot_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        home = folder / "home"
        home.mkdir()
        self.env = {key: value for key, value in os.environ.items() if KEPT.fullmatch(key)} | {
            "HOME": str(home),
            "LC_ALL": "C",
            "UV_CACHE_DIR": _uv_cache(),
            "XIAOHU_PORT": str(self.port),
            "XIAOHU_BOT_PORT": str(self.bot_port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "run"], cwd=self.clone, env=self.env, stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while "ready after" not in self.told():
            assert self.process.poll() is None, f"make run ended:\n{self.told()}"
            assert time.monotonic() < deadline, f"not ready:\n{self.told()}"
            time.sleep(0.1)

    def told(self) -> str:
        """Return all that it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def interrupt(self) -> None:
        """Press Ctrl-C: the signal goes to make and to what it runs."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)

    def processes(self) -> list[str]:
        """Return the commands of the living processes that came of this clone."""
        look = ["ps", "-A", "-ww", "-o", "stat=,args="]
        told = subprocess.run(look, capture_output=True, text=True, check=True).stdout
        rows = [line.split(maxsplit=1) for line in told.splitlines()]
        marks = (str(self.clone), f"--port {self.port}", f"--port {self.bot_port}")
        living = [row[1] for row in rows if len(row) == 2 and not row[0].startswith("Z")]
        return [command for command in living if any(mark in command for mark in marks)]

    def kill(self) -> None:
        """End what is left of a run that failed."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)


def main() -> int:
    """Go through it all; returns the exit code."""
    folder = Path(tempfile.mkdtemp(prefix="newcomer-"))
    run = Run(folder)
    began = time.monotonic()
    try:
        with timed("git clone"):
            clone = ["git", "clone", "--quiet", str(ROOT), str(run.clone)]
            subprocess.run(clone, check=True)
        with timed("make run: two environments, index, model, until it is ready"):
            run.start()
        _has_no_test_packages(run.clone)
        with timed("a question over the API, and a turn of the bot"):
            _ask(run.url)
        with timed("a suggestion followed in Chromium"):
            _follow_a_suggestion(run.url)
        with timed("Ctrl-C ends every process"):
            assert len(run.processes()) >= 2, "web and bot were not seen to run"
            run.interrupt()
            left = run.processes()
            assert left == [], f"left: {left}"
        with timed("make run again, and Ctrl-C"):
            run.start()
            run.interrupt()
    except BaseException:
        print(run.told()[-5000:] if run.log.exists() else "", file=sys.stderr)
        raise
    finally:
        run.kill()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"newcomer: {time.monotonic() - began:6.1f} s  in all", flush=True)
    return 0


def _uv_cache() -> str:
    told = subprocess.run([find_uv(), "cache", "dir"], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def _has_no_test_packages(clone: Path) -> None:
    for environment in (".venv", ".venv-bot"):
        command = [clone / environment / "bin" / "python", "-c", "import pytest"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert "No module named 'pytest'" in done.stderr, f"{environment} is not a newcomer's"


def _ask(url: str) -> None:
    found = httpx.get(f"{url}/api/v1/faqs", params={"q": "退款多久到账"}, trust_env=False).json()
    assert found["band"] == "answer", found
    assert found["hits"][0]["id"] == "refund-time", found["hits"][0]
    xiaolin = Customer(url)
    said = [event["data"] for event in xiaolin.say("扣了两次钱") if event["type"] == "message"]
    assert said[0]["faq_id"] == "pay-duplicate", said
    assert said[-1]["expects"] == "time", said  # which only the bot asks


def _follow_a_suggestion(url: str) -> None:
    ensure()
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(locale="zh-CN")
        told = page.request.get(f"{url}/api/v1/suggestions?q=退款").json()["suggestions"][0]
        faq = page.request.get(f"{url}/api/v1/faqs/{told['id']}").json()
        page.goto(url)
        page.fill("#q-hero", "退款")
        page.locator("#s-hero [role=option]", has_text=told["text"]).first.click()
        expect(page.locator("article h1")).to_have_text(faq["question"])
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
