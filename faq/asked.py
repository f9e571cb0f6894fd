"""What customers asked, from web's table `asked`: masked there before it was written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from search import Settings
from web.desk import asked as table
from web.desk.database import open_database

LAST = 200


@dataclass(frozen=True, slots=True)
class Source:
    """Where the questions lie: a database's URL."""

    url: str

    @classmethod
    def of(cls, settings: Settings) -> Source:
        """Take DATABASE_URL, or the SQLite file beside the index."""
        var = settings.index.parent
        return cls(os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'xiaohu.db'}")

    def read(self, since: datetime | None = None) -> Iterator[table.Question]:
        """Yield the questions since a time, the oldest first; none where there is no database."""
        if self.url.startswith("sqlite:///") and not os.path.exists(self.url[10:]):  # noqa: PTH110
            return
        database = open_database(self.url)
        try:
            with database.read() as session:
                yield from table.since(session, since)
        except SQLAlchemyError:
            return  # a database from before the table
        finally:
            database.close()


def last_questions(settings: Settings, count: int = LAST) -> list[str]:
    """Return the last customers' questions, each once, the newest first."""
    found = [question.text for question in Source.of(settings).read()]
    return list(dict.fromkeys(reversed(found)))[:count]
