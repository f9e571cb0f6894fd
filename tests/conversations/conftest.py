"""The product on a copy of the real content, with announcements that come and go."""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import jwt
import pytest

from tests.browser.conftest import PASSWORD
from tests.product import FRESH, JWT_SECRET, PATIENCE, ROOT, Product


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


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product on content of its own, which is changed while it runs, with 小陈 and 安娜."""
    folder = tmp_path_factory.mktemp("edited")
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    running = Product(folder / "var", {"XIAOHU_DATA": str(data)}).start()
    try:
        running.employ("anna", "安娜", PASSWORD)
        running.employ("chen", "小陈", PASSWORD, "editor")
        yield running
    finally:
        running.stop()


class Agent:
    """Agent 安娜, signed in at the desk."""

    def __init__(self, product: Product) -> None:
        password = "anna-password"
        product.employ("anna", "安娜", password)
        self._http = httpx.Client(
            base_url=product.url, timeout=PATIENCE, trust_env=False, limits=FRESH
        )
        form = {"name": "anna", "password": password, "csrf_token": self._token("/desk/login")}
        self._http.post("/desk/login", data=form)
        self._http.headers["X-CSRF-Token"] = self._token("/desk")

    def take_and_close(self, conversation_id: str) -> None:
        """Take a conversation from the queue and close it."""
        for step in ("claim", "close"):
            path = f"/desk/api/conversations/{conversation_id}/{step}"
            self._http.post(path).raise_for_status()

    def _token(self, path: str) -> str:
        page = self._http.get(path).raise_for_status().text
        found = re.search(r'csrf[^<>]*?(?:content|value|data-csrf|data-csrf-token)="([^"]+)"', page)
        assert found, f"{path} holds no CSRF token"
        return found[1]


@pytest.fixture(scope="session")
def agent(product: Product) -> Agent:
    """Agent 安娜 of that product."""
    return Agent(product)


@contextmanager
def announcing(content: Path, notices: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Put announcements (title, text) up for a while."""
    put_up = []
    for number, (title, text) in enumerate(notices):
        path = content / "announcements" / f"notice-{number}.md"
        path.write_text(f"---\ntitle: {title}\nlevel: outage\n---\n{text}\n", encoding="utf-8")
        put_up.append(path)
    try:
        yield
    finally:
        for path in put_up:
            path.unlink()


def identity(name: str) -> str:
    """Sign a customer in as the wallet does."""
    claims = {"sub": f"u-{uuid.uuid4().hex}", "name": name, "exp": int(time.time()) + 3600}
    return jwt.encode(claims, JWT_SECRET, algorithm="HS256")
