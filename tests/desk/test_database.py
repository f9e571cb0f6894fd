"""How a database is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from web.desk.database import open_database


def test_a_sqlite_file_is_written_ahead_waits_for_others_and_keeps_its_references(
    tmp_path: Path,
) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'desk.db'}")
    names = ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
    with database.read() as session:
        told = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in names}
    database.close()
    assert told == {
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "synchronous": 1,
    }
