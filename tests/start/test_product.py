"""What the tests start is stopped, also where it never becomes ready."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.product import Product


def running(folder: Path) -> list[list[str]]:
    """List the commands of the processes that write into a folder."""
    found = psutil.process_iter(["environ", "cmdline"])
    ours = (
        one.info for one in found if (one.info["environ"] or {}).get("XIAOHU_VAR") == str(folder)
    )
    return [info["cmdline"] for info in ours]


def test_of_a_product_that_does_not_come_up_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Product, "_built", {""})  # nothing is built for a start that fails
    product = Product(tmp_path, {"XIAOHU_WORKERS": "no number"})
    with pytest.raises(AssertionError, match="web ended"):
        product.start()
    assert running(tmp_path) == []
