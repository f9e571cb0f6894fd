"""The database's shape, by Alembic: at a start, or as a step of its own (XIAOHU_MIGRATE)."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from web.desk.database import Database
from web.migrations import shape
from web.migrations.shape import WrongShape

__all__ = ["WrongShape", "migrate"]
HERE = Path(__file__).parent
LOCK = 7_310_553  # any number that no other program of the same PostgreSQL uses


def migrate(database: Database, var: Path, *, may: bool = True) -> None:
    """Bring the database to the newest shape, one process at a time; a newer one is left alone.

    may: False only looks whether the shape fits. Raises WrongShape.
    """
    scripts = _scripts()
    with _alone(database, var), database.engine.connect() as connection:
        if not shape.needs_upgrade(connection, scripts, may=may):
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        shape.write_down(connection, scripts)
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


@contextmanager
def _alone(database: Database, var: Path) -> Iterator[None]:
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as holder:
            holder.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            try:
                yield
            finally:
                holder.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
        return
    var.mkdir(parents=True, exist_ok=True)
    with (var / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
