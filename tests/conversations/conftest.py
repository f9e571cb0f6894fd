"""The product with content of the tests' own: the real content, and announcements to come and go."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import jwt
import pytest

from tests.conversations.talk import Talk
from tests.product import JWT_SECRET, ROOT, Customer, Product


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the content, so that nothing else changes it meanwhile."""
    folder = tmp_path_factory.mktemp("content") / "data"
    shutil.copytree(ROOT / "data", folder)
    shutil.rmtree(folder / "announcements", ignore_errors=True)
    (folder / "announcements").mkdir()
    return folder


@pytest.fixture(scope="session")
def product(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The real web and the real, trained bot on that content."""
    folder = tmp_path_factory.mktemp("product")
    running = Product(folder, {"XIAOHU_DATA": str(content)}).start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def announce(content: Path) -> Iterator[Callable[[str, str], None]]:
    """Put announcements up that hold during the test."""
    put_up: list[Path] = []

    def announce(title: str, text: str) -> None:
        path = content / "announcements" / f"notice-{len(put_up)}.md"
        path.write_text(f"---\ntitle: {title}\nlevel: outage\n---\n{text}\n", encoding="utf-8")
        put_up.append(path)

    yield announce
    for path in put_up:
        path.unlink()


@pytest.fixture
def talk(product: Product) -> Talk:
    """A fresh conversation."""
    return Talk(Customer(product.url))


def identity(name: str) -> str:
    """Sign a customer in as the wallet does."""
    claims = {"sub": f"u-{uuid.uuid4().hex}", "name": name, "exp": 4_102_444_800}
    return jwt.encode(claims, JWT_SECRET, algorithm="HS256")
