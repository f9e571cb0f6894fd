"""The keys of conversations beside the backups: one file, always the newest, replaced each time.

A backup holds what was said, sealed; this file holds the keys, sealed by the master key. What was
erased has no key in the newest file, so no backup tells it any more, and a restore erases it again.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, inspect, select

from web.desk.database import open_database
from web.desk.models import Conversation, DataKey, Event
from web.privacy.erasure import erase
from web.settings import Settings

NAME = "xiaohu.keys"
TABLE = DataKey.__tablename__
PRIVATE = 0o600
AT_ONCE = 500


class WrongKeys(RuntimeError):
    """The file is not that of this database; the message says in a line what to do."""


def write(settings: Settings, path: Path, now: datetime) -> int:
    """Replace the file by the keys that there are now; returns how many. Raises WrongKeys."""
    database = open_database(settings.database)
    try:
        if not inspect(database.engine).has_table(TABLE):
            return 0
        with database.read() as session:
            rows = session.execute(select(DataKey.conversation_id, DataKey.sealed))
            keys = {row.conversation_id: row.sealed for row in rows}
    finally:
        database.close()
    before = read(path) if path.exists() else {}
    if before and not before.keys() & keys.keys():
        raise WrongKeys(f"{path} holds the keys of another database: name another by --keys")
    told = {"made_at": now.isoformat(timespec="seconds"), "keys": keys}
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return len(keys)


def read(path: Path) -> dict[str, str]:
    """Read the keys of a file; raises WrongKeys."""
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="ascii"))["keys"]
        return dict(found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongKeys(f"{path} holds no keys: {error}") from None


def take_out(copy: Path) -> None:
    """Take the keys out of a copied SQLite database, leaving nothing of them in its pages."""
    with closing(sqlite3.connect(copy)) as database:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (TABLE,)).fetchone():
            database.execute("PRAGMA secure_delete = ON")
            with database:
                database.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - our own name


def put_back(settings: Settings, keys: dict[str, str]) -> int:
    """Give restored conversations their keys, and erase again what has none any more.

    Returns how many conversations were erased. Raises WrongKeys, with nothing erased, where not a
    single one fits.
    """
    database = open_database(settings.database)
    try:
        if not inspect(database.engine).has_table(TABLE):
            return 0
        with database.write() as session:
            session.execute(delete(DataKey))
            there = set(session.scalars(select(Conversation.id)))
            rows = [
                {"conversation_id": one, "sealed": key} for one, key in keys.items() if one in there
            ]
            if rows:
                session.execute(insert(DataKey), rows)
            sealed = select(Event.conversation_id).where(Event.sealed.is_not(None)).distinct()
            wanted = set(session.scalars(sealed))
        gone = sorted(wanted - keys.keys())
        if gone and len(gone) == len(wanted):
            raise WrongKeys(
                "the keys fit no conversation of this backup: name their file by --keys"
            )
        for at in range(0, len(gone), AT_ONCE):
            part = gone[at : at + AT_ONCE]
            erase(database, settings.pictures, settings.bot_memory, part)
        return len(gone)
    finally:
        database.close()
