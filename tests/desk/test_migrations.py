"""Migrations make exactly the tables of the models, from many processes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from web.desk.models import Base
from web.migrations import migrate


def test_the_migrated_database_is_what_the_models_say(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_and_at_once_changes_nothing(database, tmp_path: Path):
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: migrate(database, tmp_path), range(3)))
    database.ping()


def test_postgresql_cleans_large_tables_before_a_fifth_of_them_is_dead(migrated_url: str):
    with psycopg.connect(migrated_url) as connection:
        asked = "SELECT relname, reloptions FROM pg_class WHERE relname = ANY(%s)"
        names = ["conversations", "events", "turns", "tokens", "asked", "data_keys"]
        found = dict(connection.execute(asked, [names]).fetchall())
    assert sorted(found) == sorted(names)
    for name in names:
        assert "autovacuum_vacuum_scale_factor=0.02" in found[name], name
