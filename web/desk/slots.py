"""When a customer can be called back: half hours within the opening hours, with room left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from web.desk.errors import DeskError
from web.desk.events import timestamp
from web.desk.models import Base, Moment

CHANNEL = "callback"
LENGTH = timedelta(minutes=30)
LEAD = timedelta(minutes=10)  # the soonest slot begins at least so much later
HORIZON = timedelta(days=7)
LAST = timedelta(seconds=1)
ORDER = ("quiet", "normal", "busy")


class Slot(Base):
    """How many callbacks one slot has taken; made with the first one."""

    __tablename__ = "callback_slots"

    start: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)


class SlotFull(DeskError):
    """The slot has no room left."""


class NoSlot(DeskError):
    """The time is no slot of ours: closed then, past, or too far away."""


class Opening(Protocol):
    """What is asked of the opening hours."""

    def is_open(self, channel: str, at: datetime) -> bool:
        """Tell whether a channel is open at a time."""

    def load(self, at: datetime) -> Literal["busy", "quiet", "normal"]:
        """Tell how busy the lines are."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot to choose: its begin, how busy the lines are then, how many calls it still takes."""

    start: datetime
    load: str
    left: int

    def as_json(self) -> dict[str, Any]:
        """Show it as the API does."""
        return {
            "start": timestamp(self.start),
            "until": timestamp(self.start + LENGTH),
            "load": self.load,
            "left": self.left,
        }


def offers(session: Session, hours: Opening, capacity: int, now: datetime) -> list[Offer]:
    """List the slots with room within a week, in their order of time."""
    start = _ceiling(now + LEAD)
    starts = []
    while start <= now + HORIZON:
        if is_slot(hours, start, now):
            starts.append(start)
        start += LENGTH
    query = select(Slot).where(Slot.start >= now)
    taken = {slot.start: slot.taken for slot in session.scalars(query)}
    found = [Offer(at, hours.load(at), capacity - taken.get(at, 0)) for at in starts]
    return [offer for offer in found if offer.left > 0]


def quiet_first(found: list[Offer]) -> list[Offer]:
    """Order slots by how soon one gets through: quiet ones first, each in their order of time."""
    return sorted(found, key=lambda offer: (ORDER.index(offer.load), offer.start))


def is_slot(hours: Opening, start: datetime, now: datetime) -> bool:
    """Tell whether a time begins a slot that can be booked now."""
    return (
        start == _ceiling(start)
        and now + LEAD <= start <= now + HORIZON
        and hours.is_open(CHANNEL, start)
        and hours.is_open(CHANNEL, start + LENGTH - LAST)
    )


def open_from(hours: Opening | None, at: datetime) -> datetime:
    """Return the first time from `at` on at which calls are made; `at` itself without hours.

    Also `at` itself when none are made within a week: then somebody decides by hand.
    """
    if hours is None or hours.is_open(CHANNEL, at):
        return at
    start = _ceiling(at)
    while start <= at + HORIZON:
        if hours.is_open(CHANNEL, start):
            return start
        start += LENGTH
    return at


def take(session: Session, start: datetime, capacity: int) -> None:
    """Take one place of a slot; of several at once no more than `capacity` get one.

    Raises SlotFull.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Slot).values(start=start, taken=0).on_conflict_do_nothing())
    taken = session.execute(
        update(Slot)
        .where(Slot.start == start, Slot.taken < capacity)
        .values(taken=Slot.taken + 1)
        .returning(Slot.start)
        .execution_options(synchronize_session=False)
    ).all()
    if len(taken) != 1:
        raise SlotFull(f"{start} is full")


def free(session: Session, start: datetime) -> None:
    """Give a place of a slot back."""
    session.execute(
        update(Slot)
        .where(Slot.start == start, Slot.taken > 0)
        .values(taken=Slot.taken - 1)
        .execution_options(synchronize_session=False)
    )


def _ceiling(at: datetime) -> datetime:
    """Return the next half hour; zones of half hours only, as China's."""
    floor = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    return floor if floor == at else floor + LENGTH
