"""A site whose changes wait for a second person: its staff, and what its readers see meanwhile."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from search import Settings as Search
from search import open_engine
from tests import desk_database
from web.app import create_app
from web.desk import agents
from web.services import utc_now
from web.settings import ROOT, Settings

STAFF = (
    ("chen", "小陈", "editor"), ("wu", "小吴", "editor"), ("li", "老李", "publisher"),
    ("zhou", "老周", "lead"), ("ming", "大明", "lead"),
)  # fmt: skip

MOONCAKES = (
    "咋用",
    "去哪兑",
    "能退吗",
    "过期了怎么办",
    "在哪里看",
    "用不了",
    "怎么领的",
    "能转送吗",
)


class Person:
    """Somebody of the content team in a browser of their own."""

    def __init__(self, app: Flask, name: str) -> None:
        self.client = app.test_client()
        form = self.client.get("/editor/login").text
        sent = {"name": name, "password": f"{name}-password", "csrf_token": _token(form)}
        assert self.client.post("/editor/login", data=sent).status_code == 303
        token = self.client.get("/editor/api/token").json["token"]
        self.headers = {"X-CSRFToken": token}

    def see(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, method: str, path: str, **body: Any) -> Any:
        return self.client.open(
            f"/editor/api{path}", method=method, json=body, headers=self.headers
        )

    def save(self, category: str, faq_id: str, **more: Any) -> Any:
        """Save an article as its form does: what is not given stays."""
        now = self.client.get(f"/editor/api/faqs/{category}/{faq_id}").json
        fields = now["fields"] or {}
        fields |= {"id": faq_id, "category": category, "version": now["version"]}
        fields = {key: value for key, value in fields.items() if value != ""}
        return self.send("PUT", f"/faqs/{faq_id}", **{**fields, **more})


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    here = tmp_path_factory.mktemp("review")
    shutil.copytree(ROOT / "data", here / "data")
    shipped = Search(ROOT / "data", ROOT / "var" / "index")
    for part in (open_engine(shipped).generation.name, "words"):
        shutil.copytree(shipped.index / part, here / "var" / "index" / part)
    engine = open_engine(Search(here / "data", here / "var" / "index"))
    desk_database.hash_quickly()
    desk_database.lay_out(here / "var" / "xiaohu.db")
    app = create_app(
        Settings(
            data=here / "data", var=here / "var", secret_key="k", review=True,
            bot_url="http://127.0.0.1:1",
        ),
        engine,
    )  # fmt: skip
    with app.extensions["database"].write() as session:
        for name, display, role in STAFF:
            agents.add(session, name, display, f"{name}-password", utc_now(), role)
    app.extensions["services"].duty.carry_out(utc_now())
    yield app
    app.extensions["services"].close()


@pytest.fixture(scope="module")
def team(app: Flask) -> dict[str, Person]:
    return {name: Person(app, name) for name, _, _ in STAFF}


@pytest.fixture(scope="module")
def data(app: Flask) -> Path:
    return app.extensions["services"].settings.data


def beside(work: Callable[[], Any]) -> Any:
    """Work in another thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def live(app: Flask, faq_id: str) -> str:
    """Return what customers read, by page and by API alike."""
    customer = app.test_client()
    said = customer.get(f"/api/v1/faqs/{faq_id}").json["answer"]
    assert said.split("\n")[0][:8] in customer.get(f"/faq/{faq_id}").text
    return said
