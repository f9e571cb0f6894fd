"""One app for the attacks of a module: attackers share it with the customers whom they attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import search
from tests import desk_database
from tests.web.conftest import Colleague, Customer, StubBot, csrf
from tests.web.conftest import engine as engine
from web.app import create_app
from web.desk import agents
from web.identity import sign
from web.services import utc_now
from web.settings import ROOT, Settings

desk_database.hash_quickly()
JWT_SECRET = "a wallet's secret of the tests only, long enough"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacked")


@pytest.fixture(scope="module")
def bot() -> Iterator[StubBot]:
    stub = StubBot()
    yield stub
    stub.close()


@pytest.fixture(scope="module")
def build(
    tmp_path_factory: pytest.TempPathFactory, bot: StubBot, engine: search.Engine
) -> Iterator[Callable[..., Flask]]:
    """Make an app with other settings."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Flask:
        settings = Settings(
            data=ROOT / "data",
            var=tmp_path_factory.mktemp("attacked"),
            secret_key="a secret of the tests only",
            bot_url=bot.url,
            jwt_secret=JWT_SECRET,
            variables={"hotline": "400-000-0000"},
            hosts=("help.example",),
        )
        settings = replace(settings, **changes)
        desk_database.lay_out(settings.var / "xiaohu.db")
        app = create_app(settings, engine)
        app.testing = False  # errors become answers, as they do for customers
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["services"].close()


@pytest.fixture(scope="module")
def app(build: Callable[..., Flask]) -> Flask:
    return build()


def from_address(app: Flask, address: str) -> Any:
    """A client that comes from an address of its own."""
    client = app.test_client()
    client.environ_base = {**client.environ_base, "REMOTE_ADDR": address}
    return client


def visitor(app: Flask, address: str = "127.0.0.1", **body: Any) -> Customer:
    """A browser with one conversation."""
    return Customer(from_address(app, address), **body)


def identity(app: Flask, subject: str = "xiaolin", name: str = "小林", hours: float = 1) -> str:
    settings = app.extensions["settings"]
    return sign(settings, subject, name, utc_now(), timedelta(hours=hours))


def known(app: Flask, subject: str = "xiaolin", name: str = "小林") -> Customer:
    """A signed-in customer's browser."""
    return visitor(app, channel="app", identity=identity(app, subject, name))


class Member(Colleague):
    """A signed-in browser of the staff, of any role."""

    def __init__(self, app: Flask, name: str, display: str, role: str = "agent") -> None:
        password = f"{name}-password"
        with app.extensions["database"].write() as session:
            agents.add(session, name, display, password, utc_now(), role=role)
        self.client = app.test_client()
        door = "/editor/login" if role in ("editor", "publisher") else "/desk/login"
        page = self.client.get(door).get_data(as_text=True)
        form = {"name": name, "password": password, "csrf_token": csrf(page)}
        self.response = self.client.post(door, data=form)
        assert self.response.status_code in (302, 303), self.response.get_data(as_text=True)
        page = self.client.get("/account").get_data(as_text=True)
        self.token = csrf(page)
        self.headers = {"X-CSRF-Token": self.token}


@pytest.fixture(scope="module")
def anna(app: Flask) -> Member:
    return Member(app, "anna", "安娜")


@pytest.fixture(scope="module")
def chen(app: Flask) -> Member:
    return Member(app, "chen", "小陈", "editor")


@pytest.fixture(scope="module")
def zhou(app: Flask) -> Member:
    return Member(app, "zhou", "老周", "lead")
