"""The tables in which the bot remembers, made at its start."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

LOCK = 7_310_554  # any number that no other program of the same PostgreSQL uses

metadata = sa.MetaData()
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("touched", sa.Float, nullable=False, index=True),  # seconds since 1970, UTC
)
replies = sa.Table(
    "replies",
    metadata,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("event", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("before", sa.Text),  # the conversation's state then; null for its first message
    sa.Column("at", sa.Float, nullable=False, index=True),  # seconds since 1970, UTC
)


class ForeignTables(OSError):
    """The database has tables of another program under the names of ours."""


def create(engine: sa.engine.Engine) -> None:
    """Make the tables that are missing; raises ForeignTables.

    Bots that start together wait for each other: IF NOT EXISTS does not see a table that another
    one is just making.
    """
    with _alone(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            found = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
            if not {column.name for column in table.columns} <= found:
                raise ForeignTables(
                    f"table {table.name} is not the bot's; XIAOHU_BOT_TRACKER_URL has to name a "
                    "database of the bot's own, not web's"
                )


@contextmanager
def _alone(engine: sa.engine.Engine) -> Iterator[None]:
    """Keep other bots of this machine from the first look into the same file of SQLite.

    Its own locks come too late: turning to WAL fails at once where another connection does so.
    """
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        yield
        return
    with Path(f"{engine.url.database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
