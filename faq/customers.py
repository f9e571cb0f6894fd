"""What customers asked, from web's table `asked`: masked there before it was written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from faq.errors import NoDatabase, NoSecret
from search import Settings
from web.desk import asked as table
from web.desk.asked import Asked
from web.desk.database import open_database
from web.desk.feedback import Opinion
from web.desk.models import Base
from web.desk.sealing import Keys
from web.desk.vault import Unreadable, Vault

LAST = 200
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the questions lie: a database's URL, and the secrets that open them, newest first."""

    url: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Source:
        """Take DATABASE_URL and SECRET_KEY, or the SQLite file and the secret beside the index."""
        var = settings.index.parent
        own, known = os.environ.get("SECRET_KEY"), var / "secret_key"
        if not own and known.exists():
            own = known.read_text(encoding="ascii").strip()
        old = os.environ.get("XIAOHU_OLD_SECRET_KEYS", "").replace(",", " ").split()
        secrets = (own, *old) if own else tuple(old)
        return cls(os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'xiaohu.db'}", secrets)

    def read(self, since: datetime | None = None) -> list[table.Question]:
        """List the questions since a time, the oldest first; none where there is no database yet.

        Raises NoDatabase where there is one that does not answer, NoSecret where it is sealed.
        """
        return self._ask(lambda session: list(table.since(session, since)))

    def votes(self, since: datetime | None = None) -> list[table.Vote]:
        """List the votes on articles since a time."""
        return self._ask(lambda session: table.votes(session, since))

    def opinions(self, since: datetime | None = None) -> list[table.Said]:
        """List customers' opinions since a time."""
        return self._ask(lambda session: table.opinions(session, since), Opinion)

    def _ask(
        self, question: Callable[[Session], list[Found]], kept: type[Base] = Asked
    ) -> list[Found]:
        if self.url.startswith("sqlite:///") and not Path(self.url[10:]).exists():
            return []
        keys = Keys(Vault(self.secrets)) if self.secrets else None
        database = open_database(self.url, keys=keys)
        try:
            if not inspect(database.engine).has_table(kept.__tablename__):
                return []  # a database from before the table
            with database.read() as session:
                return question(session)
        except SQLAlchemyError as error:
            # Nothing asked and nobody to ask are not the same.
            raise NoDatabase(type(error).__name__) from error
        except Unreadable as error:
            raise NoSecret() from error
        finally:
            database.close()


def last_questions(settings: Settings, count: int = LAST) -> list[str]:
    """Return the last customers' questions, each once, the newest first."""
    found = [question.text for question in Source.of(settings).read()]
    return list(dict.fromkeys(reversed(found)))[:count]
