"""What every part of the tests shares; web's environment only starts the whole product."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from search import analysis
from search.reading import encoder
from start.browser import find, find_whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Page

    from tests.product import Product

analysis.KEEPS_STOCK = True  # reading jieba's words costs more than most tests
_opened = encoder.installed
# So does an encoder of its own for each test's folder, which writes a table of 65 MB beside.
encoder.installed = lambda folder=None: _opened()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
FLAGS += ["--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The real web and the real, trained bot, started once for all tests that need them."""
    from tests.product import Product

    running = Product(tmp_path_factory.mktemp("product"))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    """Start Playwright once: a second one cannot run beside the first in one process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """Start Chromium once, its headless shell where there is one."""
    path = find() or pytest.skip("no Chromium on this machine")
    started = chromium.launch(executable_path=path, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def whole_browser(chromium: BrowserType) -> Iterator[Browser]:
    """Start a Chromium that asks for camera and microphone."""
    path = find_whole() or pytest.skip("no whole Chromium on this machine")
    started = chromium.launch(executable_path=path, args=FLAGS)
    yield started
    started.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test what stood on its open pages: a wait that ended tells nothing."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        pages = [page for context in browser.contexts for page in context.pages]
        report.sections += [(f"page {page.url}", _stands_on(page)) for page in pages]
    return report


def _stands_on(page: Page) -> str:
    """Read a page as a screen reader does, the first 4,000 characters; a dead one says why."""
    from playwright.sync_api import Error

    try:
        return page.locator("body").aria_snapshot(timeout=5_000)[:4_000]
    except Error as problem:
        return str(problem)


def pytest_unconfigure() -> None:
    """Leave what the tests made to the end of the process: collected at its end, it crashed it."""
    gc.freeze()
