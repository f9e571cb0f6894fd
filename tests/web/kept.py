"""A database whose rows lie sealed, of both kinds: for the tests of keys and of what they seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.desk.conftest import postgres_url  # noqa: F401 - a fixture
from tests.web.test_backup import settings as either  # noqa: F401 - a fixture
from web.desk.database import Database, open_database
from web.keyring import keys_of
from web.migrations import migrate
from web.settings import Settings

WORD = "鹦鹉螺八八九九"
SECRET = "a secret of the tests only"


def spelled(word: str) -> tuple[bytes, ...]:
    return word.encode(), word.encode("unicode_escape")


def opened(settings: Settings) -> Database:
    settings.var.mkdir(exist_ok=True)
    database = open_database(settings.database, keys=keys_of(settings))
    migrate(database, settings.var)
    return database


@pytest.fixture
def kept(either: Settings) -> Iterator[tuple[Database, Settings]]:  # noqa: F811 - a fixture
    settings = replace(either, secret_key=SECRET)
    database = opened(settings)
    yield database, settings
    database.close()
