"""How long a phone far away waits for a page it never saw: first paint, and until it can be used.

    python -m benchmarks.cold_load [--old REF] [--rtt MS] [--rounds N] [--devtools]

Chromium loads /app and the home page over plain HTTP with an empty cache, through a line whose
round trip is that long (far.py: handshakes and slow starts included). Usable is the moment at which
the line to write in stands; on the home page, the button that opens the chat. --devtools delays
requests by Network.emulateNetworkConditions instead, which leaves handshakes out. --old REF
measures an older commit in the same run, for the ratio.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks.far import far
from start.browser import find

ROOT = Path(__file__).resolve().parents[1]
PHONE = {"width": 360, "height": 760}
PAGES = {"/app": "textarea", "/": ".launcher"}  # and what stands in the chat once it can be used
# Looks once a frame whether the thing can be seen, in the page or in the chat's shadow root.
WATCH = """(wanted) => {
  const look = () => {
    const chat = document.querySelector("xiaohu-chat");
    const node = chat && chat.shadowRoot && chat.shadowRoot.querySelector(wanted);
    if (node && node.getClientRects().length) window.usableAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass
class Load:
    """One load of a page: milliseconds from the tap, requests until usable, bytes on the wire."""

    paint: float
    usable: float
    requests: int
    bytes: int


@dataclass
class Loads:
    """All loads of one page of one version."""

    each: list[Load] = field(default_factory=list)

    def middle(self, name: str) -> float:
        """Return the median of a measure."""
        return statistics.median(getattr(one, name) for one in self.each)


def main() -> None:
    """Measure, and print a line for each page and version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", metavar="REF", help="a commit to compare with")
    parser.add_argument("--rtt", type=int, default=300, help="round trip in ms (300)")
    parser.add_argument("--devtools", action="store_true", help="delay requests, not the line")
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    path = find() or sys.exit("this needs Chromium; see XIAOHU_CHROMIUM")
    found: dict[str, dict[str, Loads]] = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        with versions(wish.old) as folders:
            for name, folder in folders.items():
                with served(folder) as port:
                    found[name] = {
                        page: Loads([load(chromium, port, page, wish) for _ in range(wish.rounds)])
                        for page in PAGES
                    }
        chromium.close()
    print("page  version   first paint      usable  requests     bytes")
    for page in PAGES:
        for name, pages in found.items():
            loads = pages[page]
            print(
                f"{page:5} {name:8} {loads.middle('paint'):9.0f} ms"
                f" {loads.middle('usable'):8.0f} ms"
                f" {loads.middle('requests'):9.0f} {loads.middle('bytes'):9.0f}"
            )
        if "old" in found:
            ratio = found["new"][page].middle("usable") / found["old"][page].middle("usable")
            print(f"{page:6} usable in {ratio:.2f} of the time")


def load(chromium: Browser, port: int, page: str, wish: argparse.Namespace) -> Load:
    """Load a page once with an empty cache."""
    if wish.devtools:
        return _load(chromium, port, page, wish.rtt)
    with far(port, wish.rtt / 1000) as distant:
        return _load(chromium, distant, page, 0)


def _load(chromium: Browser, port: int, path: str, delay: int) -> Load:
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    conditions = {"offline": False, "latency": delay}
    conditions |= {"downloadThroughput": -1, "uploadThroughput": -1}
    wire.send("Network.emulateNetworkConditions", conditions)
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(f"({WATCH})({PAGES[path]!r})")
    page.goto(f"http://127.0.0.1:{port}{path}", wait_until="commit")
    page.wait_for_function("() => window.usableAt", timeout=60_000)
    page.wait_for_function(f"() => {PAINT}", timeout=60_000)
    starts = "performance.getEntriesByType('resource').map((e) => e.startTime)"
    usable, paint, starts = page.evaluate(f"[window.usableAt, {PAINT}, {starts}]")
    requests = 1 + sum(start < usable for start in starts)
    context.close()
    return Load(paint, usable, requests, int(sum(sizes)))


@contextmanager
def versions(old: str | None) -> Iterator[dict[str, Path]]:
    """Give the folder of each version; the old one is checked out for the time being."""
    if old is None:
        yield {"new": ROOT}
        return
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above) / "old"
        git = ["git", "-C", str(ROOT), "worktree"]
        add = [*git, "add", "--quiet", "--detach", str(folder), old]
        subprocess.run(add, check=True)  # noqa: S603 - a commit of our own
        try:
            yield {"old": folder, "new": ROOT}
        finally:
            remove = [*git, "remove", "--force", str(folder)]
            subprocess.run(remove, check=True)  # noqa: S603 - the folder made above


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve a version's web alone on an empty database; give its port."""
    with tempfile.TemporaryDirectory() as var, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        if (ROOT / "var" / "index").is_dir():
            shutil.copytree(ROOT / "var" / "index", Path(var) / "index")
        env = {key: value for key, value in os.environ.items() if not key.startswith("XIAOHU_")}
        env |= {"XIAOHU_VAR": var, "XIAOHU_PORT": str(port)}
        env |= {"XIAOHU_BOT_URL": "http://127.0.0.1:9"}  # nobody: web greets by itself
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "web", "serve"],
            cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/app", process)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("web did not become ready")


if __name__ == "__main__":
    main()
