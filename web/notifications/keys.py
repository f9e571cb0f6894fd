"""The key under which we push: one for all processes and restarts, sealed in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from web.desk.database import Database
from web.desk.devices import PushKey
from web.desk.vault import Vault
from web.notifications.push import new_key

ONLY = 1  # the row's id: browsers are bound to one key, a second would lose them


def read_or_make(database: Database, vault: Vault, clock: Callable[[], datetime]) -> str:
    """Read the private key (PEM), made at the first time; of several processes all get the same.

    Raises Unreadable where it was sealed under a key that is lost.
    """
    with database.read() as session:
        row = session.get(PushKey, ONLY)
    if row is None:
        with database.write() as session:
            kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
            made = {"id": ONLY, "secret": vault.seal(new_key()), "at": clock()}
            session.execute(kind.insert(PushKey).values(made).on_conflict_do_nothing())
        with database.read() as session:
            row = session.get_one(PushKey, ONLY)
    return vault.open(row.secret)
