"""Whether this version and a database fit: the same revision, one that it makes, or a newer one.

A newer version writes down what each of its revisions follows and whether it removes anything that
the version before still uses. By that an older version knows that it may go on.
"""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Column, Connection, String, Table, inspect, select

from web.desk.models import Base

REVISIONS = Table(
    "revisions",
    Base.metadata,
    Column("revision", String(64), primary_key=True),
    Column("follows", String(64)),
    Column("removes", Boolean, nullable=False),
)
STEP = "python -m web migrate"


class WrongShape(RuntimeError):
    """This version cannot run on the database; the message says in a line what to do."""


def needs_upgrade(connection: Connection, scripts: ScriptDirectory, *, may: bool) -> bool:
    """Tell whether revisions are missing; False too on a newer database that may be used.

    may: whether the caller brings a database up. Raises WrongShape when it does not and must, and
    for a newer database that this version cannot use.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    head = scripts.get_current_head()
    if found == head:
        return False
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        _check_newer(connection, found, str(head))
        return False
    if not may:
        raise WrongShape(
            f"the database is at {found or 'nothing'}, this version needs {head}: run {STEP} first"
        )
    return True


def write_down(connection: Connection, scripts: ScriptDirectory) -> None:
    """Write what each revision follows for versions that do not know it."""
    known = set(connection.scalars(select(REVISIONS.c.revision)))
    rows = [
        {
            "revision": script.revision,
            "follows": script.down_revision if isinstance(script.down_revision, str) else None,
            "removes": bool(getattr(script.module, "removes", False)),
        }
        for script in scripts.walk_revisions()
        if script.revision not in known
    ]
    if rows:
        connection.execute(REVISIONS.insert(), rows)


def _check_newer(connection: Connection, found: str, head: str) -> None:
    rows = {}
    if inspect(connection).has_table(REVISIONS.name):
        rows = {row.revision: row for row in connection.execute(select(REVISIONS))}
    at: str | None = found
    passed: set[str] = set()
    while at is not None and at not in passed:
        if at == head:
            return
        row = rows.get(at)
        if row is None or row.removes:
            break
        passed.add(at)
        at = row.follows
    raise WrongShape(
        f"the database is at {found}, which this version ({head}) cannot run on: "
        "start the newer version, or restore a backup of before"
    )
