"""What is told unasked and can wait (the wallet's news, an outage that is over): not at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.desk import conversations, events, followups
from web.desk.database import Database
from web.desk.events import BOT
from web.desk.models import Event
from web.realtime.bus import Bus, tell
from web.wallet.models import WalletNotice

AWAKE = timedelta(minutes=30)  # after their last message, in which nobody is disturbed by an answer
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody is disturbed.

    span: minutes of the day, from and until; over midnight where it ends before it starts. None:
    at no time.
    """

    span: tuple[int, int] | None

    def end(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet hours end that are now; None outside of them."""
        if self.span is None:
            return None
        start, until = self.span
        here = now.astimezone(zone)
        minute = here.hour * 60 + here.minute
        over_midnight = start > until
        if not (minute >= start or minute < until if over_midnight else start <= minute < until):
            return None
        day = here.date() + timedelta(days=1 if over_midnight and minute >= start else 0)
        ends = datetime.combine(day, time(), zone) + timedelta(minutes=until)
        return ends.astimezone(now.tzinfo)


NEVER = Quiet(None)


def hold(
    session: Session,
    conversation_id: str,
    text: str,
    quiet: Quiet,
    zone: ZoneInfo,
    now: datetime,
) -> bool:
    """Keep a message until the quiet hours are over; False where it may be told now."""
    due = quiet.end(now, zone)
    if due is None or is_awake(session, conversation_id, now):
        return False
    session.add(WalletNotice(conversation_id=conversation_id, text=text, at=now, due=due))
    session.flush()
    return True


def say(
    session: Session,
    conversation_id: str,
    text: str,
    quiet: Quiet,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Tell something that can wait: now, or after the quiet hours."""
    if not hold(session, conversation_id, text, quiet, zone, now):
        _write(session, conversation_id, text, now)


def deliver(database: Database, bus: Bus, now: datetime) -> int:
    """Tell what was kept for now, each once however many processes look; returns how many."""
    due = select(WalletNotice.id).where(WalletNotice.due <= now).order_by(WalletNotice.id)
    with database.read() as session:
        found = list(session.scalars(due.limit(AT_ONCE)))
    told = 0
    for number in found:
        with database.write() as session:
            kept = session.get(WalletNotice, number)
            rows = session.execute(
                delete(WalletNotice)
                .where(WalletNotice.id == number)
                .returning(WalletNotice.id)
                .execution_options(synchronize_session=False)
            ).all()
            if kept is None or not rows:
                continue  # another process tells it
            own, text = kept.conversation_id, kept.text
            conversations.hold(session, own)
            _write(session, own, text, now)
        tell(bus, own, desk=True)
        told += 1
    return told


def _write(session: Session, conversation_id: str, text: str, now: datetime) -> None:
    event = events.append(session, conversation_id, "message", BOT, {"text": text}, now)
    followups.owe(session, conversation_id, event.id, now)


def is_awake(session: Session, conversation_id: str, now: datetime) -> bool:
    """Tell whether the customer has just written here, so waits for what there is to tell."""
    query = (
        select(Event.id)
        .where(
            Event.conversation_id == conversation_id,
            Event.actor_kind == "customer",
            Event.type == "message",
            Event.at >= now - AWAKE,
        )
        .limit(1)
    )
    return session.scalars(query).first() is not None
