"""The sandbox's book: one SQLite database, written by one thread at a time."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Document = dict[str, Any]
SCHEMA = """
CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT, about TEXT, suspicious TEXT);
CREATE TABLE accounts (customer TEXT PRIMARY KEY, shown TEXT);
CREATE TABLE transactions (id TEXT PRIMARY KEY, customer TEXT, at TEXT, shown TEXT);
CREATE INDEX of_customer ON transactions (customer, at);
CREATE TABLE incidents (id TEXT PRIMARY KEY, shown TEXT);
CREATE TABLE requests (id TEXT PRIMARY KEY, customer TEXT, key TEXT, digest TEXT, due TEXT,
  shown TEXT, UNIQUE (customer, key));
CREATE TABLE told (id INTEGER PRIMARY KEY, body TEXT, due TEXT, attempts INTEGER DEFAULT 0,
  done INTEGER DEFAULT 0);
"""


class Unknown(Exception):
    """There is no such thing, or it is somebody else's."""


class Book:
    """The connection. lock: held while it is read or written."""

    def __init__(self, path: Path | str) -> None:
        self.lock = threading.RLock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Hold a transaction; within another one, be a part of it."""
        with self.lock:
            if self.db.in_transaction:
                yield self.db
                return
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    def rows(self, query: str, *values: str) -> list[sqlite3.Row]:
        """Read all that a query finds."""
        with self.lock:
            return self.db.execute(query, values).fetchall()

    def one(self, query: str, *values: str) -> Document:
        """Read the document in the first column of the one row; raises Unknown."""
        with self.lock:
            row = self.db.execute(query, values).fetchone()
        if row is None:
            raise Unknown
        return dict(json.loads(row[0]))

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.db.close()
