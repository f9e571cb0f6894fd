"""What time does to content: changes by hand are taken up, what is due goes live."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta

from faq.history import FILE, Change
from web.desk import leases
from web.desk.database import Database
from web.publishing.hand import Hand
from web.publishing.ledger import Ledger

LEASE = "content"
PERIOD = timedelta(seconds=2)


class Duty:
    """Looks every few seconds; one process of all does it."""

    def __init__(self, database: Database, ledger: Ledger, hand: Hand) -> None:
        self._database = database
        self._ledger = ledger
        self._hand = hand

    def look(self, now: dt.datetime) -> None:
        """Do what is to be done, if it is this process's turn."""
        if leases.take(self._database, LEASE, PERIOD, now) is not None:
            self.carry_out(now)

    def carry_out(self, now: dt.datetime) -> list[str]:
        """Do what is to be done; names the files that were changed by hand."""

        def heed(name: str, text: str | None, last: str | None) -> None:
            deed = "delete" if text is None else "by-hand"
            self._ledger.add(name, text, Change(FILE, deed, now))

        return self._hand.look(now, heed)
