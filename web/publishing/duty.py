"""Timed work on content: changes by hand are taken up, what is due goes live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from datetime import timedelta

from faq.history import FILE, Change
from faq.store import Store, version_of
from search.sources import is_held
from web.desk import leases
from web.desk.database import Database
from web.publishing import drafts
from web.publishing.gate import Gate
from web.publishing.hand import Hand
from web.publishing.ledger import Ledger
from web.publishing.releases import Releases

LEASE = "content"
PERIOD = timedelta(seconds=2)


class Duty:
    """Looks every few seconds; one process of all does it."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        store: Store,
        hand: Hand,
        releases: Releases,
        gate: Gate,
        take_up: Callable[[], object] = lambda: None,
        *,
        review: bool = False,
    ) -> None:
        """take_up: serves what was published, from here at once. review: whether changes wait."""
        self._database = database
        self._ledger = ledger
        self._store = store
        self._hand = hand
        self._releases = releases
        self._gate = gate
        self._take_up = take_up
        self._review = review
        self._begun = False

    def look(self, now: dt.datetime) -> None:
        """Do what is to be done, if it is this process's turn."""
        if leases.take(self._database, LEASE, PERIOD, now) is not None:
            self.carry_out(now)

    def carry_out(self, now: dt.datetime) -> list[str]:
        """Take up what was changed by hand, publish what is due; names the files of the former."""
        found = self._hand.look(now, lambda *change: self._heed(now, *change))
        if not self._begun:
            self._set_gate()
            self._begun = True
        if self._releases.release_due(now):
            self._take_up()
        return found

    def _set_gate(self) -> None:
        """Begin with what the versions say: a process may have died within a save."""
        with self._store.alone():
            if self._review:
                self._gate.begin(self._ledger.published())
            else:
                self._gate.open()

    def _heed(self, now: dt.datetime, name: str, text: str | None, last: str | None) -> None:
        deed = "delete" if text is None else "by-hand"
        if not (self._review and is_reviewed(name)):
            self._ledger.add(name, text, Change(FILE, deed, now))
            return
        base = "" if last is None else version_of(last.encode())
        wish = drafts.Proposal(name, name, text, base, deed, FILE, None)
        with self._database.write() as session:
            drafts.by_hand(session, wish, now)
        self._store.put_back(name, last)


def is_reviewed(name: str) -> bool:
    """Tell whether a file's changes wait where review is on: all but announcements, which hurry."""
    return is_held(name) or not name.startswith("announcements/")
