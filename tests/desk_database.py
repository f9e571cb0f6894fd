"""A migrated SQLite database to copy, a PostgreSQL to empty, passwords that cost nothing.

Each app and each desk in the tests has a database of its own; running every migration for it would
cost more than most tests. The migrations have tests of their own.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psycopg
from argon2.profiles import CHEAPEST
from sqlalchemy import text

from web.desk import agents, password_hash
from web.desk.database import Database, open_database
from web.desk.models import Base
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.migrations import migrate
from web.publishing.ledger import Ledger
from web.secret import read_or_make


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = open_database(f"sqlite:///{folder / 'desk.db'}")
    migrate(database, folder)
    database.close()
    return folder / "desk.db"


def lay_out(path: Path) -> None:
    """Put an empty, migrated database there, unless there is one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_template(), path)


def of_running(url: str, var: Path) -> Database:
    """Open a running site's database beside it, with the key to what is said. var: its folder."""
    return open_database(url, keys=Keys(Vault((read_or_make(var / "secret_key"),))))


def forget_safety(server: str) -> None:
    """Have a PostgreSQL of the tests not wait for its disk; nobody wants its data after a crash."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")


def empty(database: Database) -> None:
    """Take every row out of a PostgreSQL, and count ids from 1 again.

    Quicker than TRUNCATE, which makes some two hundred files anew for tables that are empty.
    """
    held = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in Base.metadata.tables
    )
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # in any order
        for name in connection.scalars(text(held)).all():
            connection.execute(text(f"DELETE FROM {name}"))
        connection.execute(
            text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        )


def ledger(folder: Path) -> Ledger:
    """Open a store of versions in a database of its own below a folder."""
    lay_out(folder / "versions.db")
    return Ledger(open_database(f"sqlite:///{folder / 'versions.db'}"))


def employ(url: str, name: str, display: str, password: str, role: str = "agent") -> None:
    """Make an account as `python -m web agent add` does, which has tests of its own."""
    hash_quickly()
    database = open_database(url)
    with database.write() as session:
        agents.add(session, name, display, password, datetime.now(UTC), role)
    database.close()


def hash_quickly() -> None:
    """Hash passwords in this process with the same algorithm at its least cost."""
    password_hash.PARAMETERS = CHEAPEST
    password_hash.hasher.cache_clear()
