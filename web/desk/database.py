"""The database: SQLite (WAL) or PostgreSQL, with one way to read and one way to write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

if TYPE_CHECKING:
    from web.desk.sealing import Keys

CONNECTIONS = 20
PATIENCE = 10.0  # seconds for a free connection


class Database:
    """Sessions on one engine.

    On SQLite a writer takes the write lock when it begins, so that it never fails half way because
    another one was quicker. Nothing may wait for the network inside `write()`.
    """

    def __init__(self, engine: Engine, keys: Keys | None = None) -> None:
        self.engine = engine
        info = {"keys": keys}
        self._read = sessionmaker(engine, expire_on_commit=False, info=info)
        self._write = sessionmaker(
            engine.execution_options(immediate=True), expire_on_commit=False, info=info
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only reads."""
        with self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session in one transaction: committed at the end, undone on any error."""
        with self._write() as session, session.begin():
            yield session

    def ping(self) -> None:
        """Ask the database for an answer; raises SQLAlchemyError when there is none."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str, connections: int = CONNECTIONS, keys: Keys | None = None) -> Database:
    """Open the database of a URL (sqlite:///… or postgresql://…).

    connections: the most that are open at once; who needs another waits. keys: of what is said in
    conversations; None can read none of it, and seals nothing.
    """
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    pool: dict[str, Any] = {"pool_size": connections, "max_overflow": 0, "pool_timeout": PATIENCE}
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, json_deserializer=_read_json, **pool)
        event.listen(engine, "connect", _tune)
        event.listen(engine, "begin", _begin)
    else:
        engine = create_engine(address, json_deserializer=_read_json, pool_pre_ping=True, **pool)
    return Database(engine, keys)


def insert_once(session: Session, table: type[DeclarativeBase], rows: list[dict[str, Any]]) -> None:
    """Insert rows, and leave out those whose key is there already."""
    session.execute(once(table, session.get_bind().dialect.name), rows)


# Built once: building a statement takes longer than carrying it out.
@cache
def once(table: type[DeclarativeBase], dialect: str) -> Executable:
    """Make the statement that inserts rows but for those whose key is there."""
    kind = postgresql if dialect == "postgresql" else sqlite
    made: Executable = kind.insert(cast(Table, table.__table__)).on_conflict_do_nothing()
    return made


def _read_json(text: str) -> Any:
    return {} if text == "{}" else json.loads(text)  # most often nothing stands in the open


def _tune(connection: Any, _record: object) -> None:
    # SQLAlchemy's own BEGIN (below) replaces the driver's, which would begin too late.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    # On the driver's connection: SQLAlchemy's own way to send a text costs ten times the BEGIN,
    # which a message takes five times.
    driven: Any = connection.connection.driver_connection
    try:
        driven.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
    except sqlite3.Error as error:
        raise DBAPIError.instance("BEGIN", None, error, sqlite3.Error) from error
