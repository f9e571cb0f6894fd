"""What every part of the tests shares; web's environment only starts the whole product."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from search import analysis
from search.reading import encoder
from start.browser import find, find_whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType

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


def pytest_unconfigure() -> None:
    """Leave what the tests made to the end of the process: collected at its end, it crashed it."""
    gc.freeze()
