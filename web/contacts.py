"""What callbacks, calls and pictures need beyond the database; made once by create_app."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from web import offload
from web.content import Files
from web.desk import attendance, bookings, calls, proofs, verification, video
from web.desk.callbacks import Rules
from web.desk.calls import Call
from web.desk.database import Database
from web.desk.errors import WrongState
from web.desk.forbidden import Forbidden, ForbiddenAsk
from web.desk.hours import Hours
from web.desk.vault import Vault
from web.health import metrics
from web.realtime.bus import Bus, tell
from web.realtime.inbox import Inbox, open_inbox
from web.realtime.ticker import Ticker
from web.settings import Settings

log = logging.getLogger(__name__)
LONG = 200  # characters; looking through ten times as many takes a twentieth of a second


@dataclass(frozen=True, slots=True)
class Contacts:
    """The parts of one running app."""

    database: Database
    bus: Bus
    content: Files
    rules: Rules
    vault: Vault
    inbox: Inbox
    pictures: Path
    ticker: Ticker

    @property
    def hours(self) -> Hours:
        """When each channel is open, as the file says now."""
        return self.content.hours()

    @property
    def forbidden(self) -> Forbidden:
        """What nobody may ask for, as the file says now."""
        return self.content.forbidden()

    def lures(self, text: str) -> tuple[str, ...]:
        """Return the kinds of lures in what a customer writes; raises Overloaded for a long one."""
        forbidden = self.forbidden
        if len(text) > LONG:
            return offload.ranking.run(lambda: forbidden.lures(text))
        return forbidden.lures(text)

    def guard(self, conversation_id: str, text: str) -> None:
        """Hold an agent's message that asks for a secret, lures, or gives a code away.

        Counted by kind. Raises ForbiddenAsk.
        """
        try:
            self._check(conversation_id, text)
        except ForbiddenAsk as held:
            log.warning("held in %s: %s", conversation_id, ", ".join(held.kinds))
            for kind in held.kinds:
                metrics.HELD.labels(kind).inc()
            raise

    def _check(self, conversation_id: str, text: str) -> None:
        self.forbidden.check(text)
        with self.database.read() as session:
            open_ones = (
                bookings.current(session, conversation_id),
                calls.current(session, conversation_id),
            )
        if any(one is not None and verification.tells(text, one.code) for one in open_ones):
            raise ForbiddenAsk(("caller_code",))

    def close(self) -> None:
        """Stop what runs."""
        self.ticker.close()


def open_contacts(settings: Settings, database: Database, bus: Bus, content: Files) -> Contacts:
    """Open what is needed beside the content."""
    return Contacts(
        database=database,
        bus=bus,
        content=content,
        rules=Rules(settings.callback_capacity, settings.callback_regions),
        vault=Vault((settings.secret_key, *settings.old_secret_keys)),
        inbox=open_inbox(settings.redis_url, bus),
        pictures=settings.pictures,
        ticker=Ticker(
            [
                lambda: sweep_calls(database, bus, datetime.now(UTC), settings.silence),
                lambda: sweep_unproven(database, bus, datetime.now(UTC)),
            ]
        ),
    )


def sweep_calls(database: Database, bus: Bus, now: datetime, silence: timedelta) -> None:
    """Move on every call that waits for somebody who does not come, and tell both sides.

    silence: how long an agent may be silent and is there.
    """
    with database.read() as session:
        live = session.scalars(select(Call.id).where(Call.state.in_(calls.LIVE)).limit(1)).first()
    if live is None:
        return  # most looks find none, and should take no writer's lock
    with database.write() as session:
        changed = video.sweep(session, attendance.present(session, now, silence), now)
    for call in changed:
        tell_call(bus, call)


def sweep_unproven(database: Database, bus: Bus, now: datetime) -> None:
    """Free the places of callbacks whose number was not proven in time."""
    with database.read() as session:
        late = proofs.overdue(session, now)
    for callback_id in late:
        try:
            with database.write() as session:
                lapsed = proofs.give_up(session, callback_id, now)
        except WrongState:
            continue  # proven, or given up, just now
        tell(bus, lapsed.conversation_id, desk=True)


def tell_call(bus: Bus, call: Call) -> None:
    """Spread the news of a call to both sides and to the desk."""
    bus.publish(f"call:{call.id}")
    tell(bus, call.conversation_id, desk=True)
