"""Tells who asked during an announced outage that it is over, once, however the file ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, select, update

from web import announcements
from web.desk import consents, conversations, leases
from web.desk.database import Database
from web.outages.asking import OUTAGE
from web.outages.models import Outage, OutageAsker
from web.realtime.bus import Bus, tell
from web.wallet import notices
from web.wallet.notices import Quiet

LEASE = "outages"
PERIOD = timedelta(seconds=5)
# For which an announcement has to be gone: an editor who ended it by mistake takes that back, and
# a file that is written by hand is away for a moment.
PATIENCE = timedelta(minutes=1)
AT_ONCE = 50  # conversations told in one look


@dataclass(frozen=True, slots=True)
class Crier:
    """Tells of outages that are over.

    sentence: what is said, with {title}. quiet: when nobody is disturbed by it.
    """

    database: Database
    bus: Bus
    data: Path
    sentence: Callable[[], str]
    zone: Callable[[], ZoneInfo]
    quiet: Quiet

    def look(self, now: datetime) -> int:
        """Tell what is over by now; returns how many conversations were told.

        One process of all does it.
        """
        with self.database.read() as session:
            gone = {one.name: one.gone_at for one in session.scalars(select(Outage))}
        if not gone or leases.take(self.database, LEASE, PERIOD, now) is None:
            return 0
        standing = _standing(self.data, now)
        told = 0
        for name, gone_at in gone.items():
            if (name in standing) != (gone_at is None):
                self._mark(name, None if name in standing else now)
            elif gone_at is not None and gone_at <= now - PATIENCE:
                told += self._tell(name, now)
        return told

    def _mark(self, name: str, gone_at: datetime | None) -> None:
        """Note since when an outage is announced no more, or that it is announced again."""
        with self.database.write() as session:
            session.execute(update(Outage).where(Outage.name == name).values(gone_at=gone_at))

    def _tell(self, name: str, now: datetime) -> int:
        """Tell some of who asked about one outage, and forget it when all of them know."""
        waiting = (
            select(OutageAsker.conversation_id)
            .where(OutageAsker.name == name, OutageAsker.asked_at.is_not(None))
            .order_by(OutageAsker.conversation_id)
            .limit(AT_ONCE)
        )
        with self.database.read() as session:
            outage = session.get(Outage, name)
            found = list(session.scalars(waiting))
        text = self.sentence().replace("{title}", outage.title) if outage is not None else ""
        told = sum(self._told(name, one, text, now) for one in found)
        if len(found) < AT_ONCE:
            self._forget(name)
        return told

    def _told(self, name: str, conversation_id: str, text: str, now: datetime) -> bool:
        """Tell one conversation, once; False where its customer wants no news."""
        with self.database.write() as session:
            mine = session.execute(
                delete(OutageAsker)
                .where(OutageAsker.name == name, OutageAsker.conversation_id == conversation_id)
                .returning(OutageAsker.name)
            ).all()
            if not mine:  # told by another process, or erased meanwhile
                return False
            conversation = conversations.hold(session, conversation_id)
            says = bool(text) and consents.latest(session, conversation, "notices") is not False
            if says:
                notices.say(session, conversation_id, text, self.quiet, self.zone(), now)
        if says:
            tell(self.bus, conversation_id, desk=True)
        return says

    def _forget(self, name: str) -> None:
        """Forget an outage, unless it was announced again or somebody is not told yet."""
        asked = exists().where(OutageAsker.name == name, OutageAsker.asked_at.is_not(None))
        with self.database.write() as session:
            gone = session.execute(
                delete(Outage)
                .where(Outage.name == name, Outage.gone_at.is_not(None), ~asked)
                .returning(Outage.name)
            ).all()
            if gone:
                session.execute(delete(OutageAsker).where(OutageAsker.name == name))


def _standing(data: Path, now: datetime) -> set[str]:
    """List the outages that hold, or that a file speaks of which can't be read just now."""
    held = {
        one.id
        for one in announcements.every(data)
        if one.level == OUTAGE and (one.end is None or now < one.end)
    }
    return held | announcements.unreadable(data)
