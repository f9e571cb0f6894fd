"""Versions and databases of different age: the older one goes on or says in a line why not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.desk.conftest import NOW
from web.desk.conversations import Visitor, open_for
from web.desk.database import open_database
from web.migrations import WrongShape, migrate, shape
from web.migrations.shape import REVISIONS

VERSIONS = Path(shape.__file__).parent / "versions"
MADE_UP = "9999_made_up"


def head(database) -> str:
    with database.engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


@pytest.fixture
def newer(database):
    """Put a database at a revision that this version does not know; give it back afterwards."""
    own = head(database)

    def move(follows: str | None, *, removes: bool) -> None:
        with database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE conversations ADD COLUMN made_up VARCHAR(8)"))
            row = {"revision": MADE_UP, "follows": follows or own, "removes": removes}
            connection.execute(REVISIONS.insert(), [row])
            moved = "UPDATE alembic_version SET version_num = :to"
            connection.execute(text(moved), {"to": MADE_UP})

    yield move
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE conversations DROP COLUMN made_up"))
        connection.execute(REVISIONS.delete().where(REVISIONS.c.revision == MADE_UP))
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": own})


def test_an_older_version_runs_on_a_database_one_revision_newer(newer, desk, tmp_path):
    newer(None, removes=False)
    migrate(desk.database, tmp_path)
    migrate(desk.database, tmp_path, may=False)
    assert head(desk.database) == MADE_UP  # left as it is
    assert desk.open("u-xiaolin", "小林").conversation.owner == "bot"


def test_an_older_version_says_in_a_line_that_something_it_uses_was_removed(
    newer, database, tmp_path
):
    newer(None, removes=True)
    with pytest.raises(WrongShape, match=r"^the database is at 9999_made_up.*backup of before$"):
        migrate(database, tmp_path)


def test_an_unknown_way_to_a_newer_database_is_refused(newer, database, tmp_path):
    newer("9998_unknown_too", removes=False)
    with pytest.raises(WrongShape, match="start the newer version"):
        migrate(database, tmp_path)


def test_a_start_that_may_not_migrate_names_the_step_and_makes_no_table(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(WrongShape, match="run python -m web migrate first"):
        migrate(database, tmp_path, may=False)
    with database.engine.connect() as connection:
        tables = connection.scalars(text("SELECT name FROM sqlite_master")).all()
    assert tables == []
    migrate(database, tmp_path)
    migrate(database, tmp_path, may=False)
    with database.write() as session:
        open_for(session, Visitor("app", "u-xiaolin", "小林"), NOW)
        rows = session.execute(REVISIONS.select()).all()
    assert {row.revision: row.follows for row in rows}[head(database)] is not None
    database.close()


def test_a_revision_that_removes_says_so():
    for path in VERSIONS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        up = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "upgrade")
        called = {ast.unparse(n.func) for n in ast.walk(up) if isinstance(n, ast.Call)}
        gone = {name for name in called if name.rpartition(".")[2] in ("drop_table", "drop_column")}
        assert not gone or "removes" in names, f"{path.name} removes something: say removes = True"
