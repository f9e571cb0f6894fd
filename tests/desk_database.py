"""A migrated SQLite database to copy, and passwords that cost a test next to nothing.

Each app and each desk in the tests has a database of its own; running every migration for it would
cost more than most tests. The migrations have tests of their own.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from argon2.profiles import CHEAPEST

from web.desk import agents
from web.desk.database import open_database
from web.migrations import migrate


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


def hash_quickly() -> None:
    """Hash passwords in this process with the same algorithm at its least cost."""
    agents.PARAMETERS = CHEAPEST
    agents.hasher.cache_clear()
