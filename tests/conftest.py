"""What every part of the tests shares; web's environment only starts the whole product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The real web and the real, trained bot, started once for all tests that need them."""
    from tests.product import Product

    running = Product(tmp_path_factory.mktemp("product")).start()
    try:
        yield running
    finally:
        running.stop()
