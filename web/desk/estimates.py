"""How long a place in the queue takes, from how fast this queue really moved in the last hour.

Where that hour tells too little, this hour of this weekday in the weeks before does. A free
seat is no promise: it says that somebody could take the next customer, not that they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, sqrt
from statistics import fmean, pstdev

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session

from web.desk import attendance
from web.desk.handlings import Handling
from web.desk.models import Conversation, Moment

RECENT = timedelta(hours=1)
WEEKS = 4  # so many times the same hour of the same weekday is looked at
FEWEST = 3  # customers who were taken; of fewer nothing is concluded
KEPT = 1.28  # standard deviations around the mean that hold four of five
FARTHEST = 120  # minutes; beyond that nothing is promised


@dataclass(frozen=True, slots=True)
class Load:
    """How much the desk can take now, and how fast the queue moves.

    online: agents; seats: chats that these take at once; free: how many more. steps: seconds that
    each of the customers who were taken within the hour (or at this hour in other weeks) stood
    first in the queue; empty where too few were.
    """

    online: int
    seats: int
    free: int
    steps: tuple[float, ...] = ()

    def minutes(self, place: int) -> list[int] | None:
        """Return [low, high] minutes until a place's turn; None when nobody can know."""
        if not self.online or not self.steps:
            return None
        middle = place * fmean(self.steps)
        spread = KEPT * pstdev(self.steps) * sqrt(place)
        low = floor(max(0.0, middle - spread) / 60)
        high = max(low + 1, ceil((middle + spread) / 60))
        return [low, high] if high <= FARTHEST else None


def load(session: Session, now: datetime, silence: timedelta = attendance.SILENCE) -> Load:
    """Look at the agents who are there and at whom they took in the last hour."""
    there = [one for one in attendance.everyone(session, now, silence) if one.status == "online"]
    found = steps(_taken(session, now), _first(session), now) if there else ()
    return Load(
        online=len(there),
        seats=sum(one.max_chats for one in there),
        free=sum(one.free for one in there),
        steps=found or (_usual(session, now) if there else ()),
    )


def steps(
    taken: Sequence[tuple[datetime, datetime]], first: datetime | None, now: datetime
) -> tuple[float, ...]:
    """Say how long each one who was taken had stood first in the queue, in seconds.

    taken: (since when they waited, when they were taken), in the order of the latter. first: since
    when the one waits who stands first now. That one's time counts as soon as it is longer than
    usual: a queue that nobody works on becomes slower by the minute. Empty for fewer than three.
    """
    if len(taken) < FEWEST:
        return ()
    found = []
    before: datetime | None = None
    for since, at in taken:
        stood = at - max(since, before) if before is not None else at - since
        found.append(max(0.0, stood.total_seconds()))
        before = at
    if first is not None and before is not None:
        stands = (now - max(first, before)).total_seconds()
        if stands > fmean(found):
            found.append(stands)
    return tuple(found)


def _usual(session: Session, now: datetime) -> tuple[float, ...]:
    """Give the steps of this hour of this weekday, in the weeks before."""
    first = _first(session)
    found: list[float] = []
    for week in range(1, WEEKS + 1):
        end = now - timedelta(weeks=week) + RECENT / 2
        found += steps(_taken(session, end), None, end)
    if found and first is not None and (stands := (now - first).total_seconds()) > fmean(found):
        found.append(stands)  # today it is slower than it used to be
    return tuple(found)


def _taken(session: Session, now: datetime) -> list[tuple[datetime, datetime]]:
    query = (
        select(Handling.queued_at, Handling.began_at)
        .where(
            Handling.began_at > now - RECENT,
            Handling.began_at <= now,
            Handling.queued_at.is_not(None),
        )
        .order_by(Handling.began_at)
    )
    return [(since, at) for since, at in session.execute(query) if since is not None]


def _first(session: Session) -> datetime | None:
    query = select(type_coerce(func.min(Conversation.queued_at), Moment))
    return session.scalar(query.where(Conversation.owner == "queue"))
