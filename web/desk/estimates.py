"""How long a place in the queue takes, from how long this desk's own chats took. Never invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import attendance
from web.desk.models import Escalation

RECENT = 50  # chats that are looked at
SHORTEST, LONGEST = 1.0, 60.0  # minutes; what lies outside says little about the next chat
FARTHEST = 120  # minutes; beyond that nothing is promised


@dataclass(frozen=True, slots=True)
class Load:
    """How much the desk can take now.

    online: agents; seats: chats that these take at once; free: how many more. usual, slow: minutes
    of a chat, the median and the upper quartile; None while no chat has been closed.
    """

    online: int
    seats: int
    free: int
    usual: float | None
    slow: float | None

    def minutes(self, place: int) -> list[int] | None:
        """Return [low, high] minutes until a place's turn; None when nobody can know."""
        if self.usual is None or self.slow is None or not self.seats:
            return None
        turns = max(0, place - self.free)
        low = floor(turns * self.usual / self.seats)
        high = ceil(max(1, turns) * self.slow / self.seats)
        return [low, min(high, FARTHEST)] if low < FARTHEST else None


def load(session: Session, now: datetime, silence: timedelta = attendance.SILENCE) -> Load:
    """Look at the agents who are there and at the last closed chats."""
    there = [one for one in attendance.everyone(session, now, silence) if one.status == "online"]
    minutes = _recent(session)
    return Load(
        online=len(there),
        seats=sum(one.max_chats for one in there),
        free=sum(one.free for one in there),
        usual=median(minutes) if minutes else None,
        slow=_quartile(minutes) if minutes else None,
    )


def _recent(session: Session) -> list[float]:
    query = (
        select(Escalation.claimed_at, Escalation.ended_at)
        .where(Escalation.state == "closed", Escalation.claimed_at.is_not(None))
        .order_by(Escalation.ended_at.desc())
        .limit(RECENT)
    )
    return [
        min(max((ended - claimed).total_seconds() / 60, SHORTEST), LONGEST)
        for claimed, ended in session.execute(query)
        if claimed is not None and ended is not None
    ]


def _quartile(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[(len(ordered) * 3) // 4 if len(ordered) > 1 else 0]
