"""What every part of the tests shares; web's environment only starts the whole product."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from search import analysis
from start.browser import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.product import Product

analysis.KEEPS_STOCK = True  # reading jieba's words costs more than most tests
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
def browser() -> Iterator[Browser]:
    """Start Chromium once: a second Playwright cannot run beside the first in one process."""
    from playwright.sync_api import sync_playwright

    path = find() or pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


def pytest_unconfigure() -> None:
    """Leave what the tests made to the end of the process: collected at its end, it crashed it."""
    gc.freeze()
