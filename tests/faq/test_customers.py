"""A database that is down is not one in which nothing was asked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq.__main__ import main
from faq.customers import Source
from faq.errors import NoDatabase


def test_no_database_yet_and_one_from_before_the_table_hold_nothing(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    assert Source(f"sqlite:///{path}").read() == []
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    connection.close()
    assert Source(f"sqlite:///{path}").read() == []
    assert Source(f"sqlite:///{path}").votes() == []


def test_a_database_that_is_down_or_damaged_is_said(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    down = "postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2"
    for url in (f"sqlite:///{damaged}", down):
        with pytest.raises(NoDatabase, match="DATABASE_URL"):
            Source(url).read()


def test_the_report_ends_with_the_reason(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    done = CliRunner().invoke(main, ["--data", str(data), "report"])
    assert done.exit_code == 2
    assert "database does not answer" in done.output
