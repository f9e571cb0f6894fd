"""The weekly letter: once a week, by one process, to the addresses that are set."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from faq import letters
from search import Engine
from web.desk import leases
from web.desk.database import Database
from web.desk.leases import Lease
from web.desk.mails import Mail
from web.desk.vault import Vault
from web.editor import counted
from web.mail.addresses import normalise
from web.settings import Settings

log = logging.getLogger(__name__)
KIND = "weekly"
WEEK = dt.timedelta(days=7)
HOUR = 8  # of Monday, where the desk is, from which the week before is told


class Weekly:
    """Writes the letter about the week that has ended. zone: where the desk is.

    to: e-mail addresses; raises BadAddress for one that is none.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        engine: Engine,
        vault: Vault,
        zone: Callable[[], ZoneInfo],
        to: Sequence[str],
    ) -> None:
        self._settings = settings
        self._database = database
        self._engine = engine
        self._vault = vault
        self._zone = zone
        self._to = tuple(normalise(address) for address in to)

    def write(self, now: dt.datetime) -> int:
        """Owe the letter when its time has come; returns how many were written: once a week."""
        here = now.astimezone(self._zone())
        monday = here.date() - dt.timedelta(days=here.weekday())
        name = f"letter {monday}"
        if here.weekday() == 0 and here.hour < HOUR:
            return 0
        with self._database.read() as session:
            if session.get(Lease, name) is not None:
                return 0
        text = self._text(monday - WEEK)
        with self._database.write() as session:
            if not leases.first(session, name, now):
                return 0  # another process was quicker
            for address in self._to:
                self._owe(session, address, text, now)
        log.info("the weekly letter goes to %d addresses", len(self._to))
        return len(self._to)

    def _text(self, begin: dt.date) -> str:
        end, before = begin + WEEK - dt.timedelta(days=1), begin - WEEK
        spans = [(begin, end), (before, begin - dt.timedelta(days=1))]
        now, then = counted.reports(
            self._settings, self._database, self._engine, spans, self._zone()
        )
        return letters.as_letter(now, then)

    def _owe(self, session: Session, address: str, text: str, now: dt.datetime) -> None:
        mail = Mail(
            conversation_id=None,
            kind=KIND,
            address=self._vault.seal(address),
            data={"title": text.partition("\n")[0].lstrip("# "), "text": text},
            due_at=now,
            created_at=now,
        )
        session.add(mail)
        session.flush()
