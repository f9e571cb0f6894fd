"""Whether agents are there when the rota says so: noted while it is so, told for now and later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.desk import attendance, leases
from web.desk.database import Database, insert_once
from web.desk.hours import Hours
from web.desk.rota import plan
from web.desk.rota.plan import Shift
from web.desk.rota.tables import Arrival

LEASE = "rota"
PERIOD = timedelta(seconds=10)
EXACT = timedelta(minutes=1)  # how exactly it is kept until when somebody was there
LATE = timedelta(minutes=5)  # after which somebody is late, or has left
ABSENT = timedelta(minutes=30)

Kind = Literal["here", "due", "late", "absent", "left", "next"]


@dataclass(frozen=True, slots=True)
class Duty:
    """How an agent stands to their shift. kind: here, due (it has only just begun), late, absent,
    left (they came, and are gone), or next: their next shift is to come. since: when that began.
    """

    kind: Kind
    shift: Shift
    since: datetime

    @property
    def missed(self) -> bool:
        """Tell whether the agent should be there and is not."""
        return self.kind in ("late", "absent", "left")


def duties(session: Session, now: datetime, hours: Hours, silence: timedelta) -> dict[int, Duty]:
    """Tell how each agent who has a shift now, or one until tomorrow, stands to it."""
    there = _there(session, now, silence)
    shifts = plan.around(session, now, hours).shifts()
    running = [one for one in shifts if one.since <= now < one.until]
    came = _came(session, running)
    found = {one.agent_id: _stand(one, came.get(one.agent_id), there, now) for one in running}
    for one in shifts:
        if one.since > now and one.agent_id not in found:
            found[one.agent_id] = Duty("next", one, one.since)
    return found


def note(database: Database, hours: Hours, silence: timedelta, now: datetime) -> None:
    """Note who is there in a shift of theirs. One process of all does it."""
    with database.read() as session:
        shifts = plan.around(session, now, hours).shifts()
        running = [one for one in shifts if one.since <= now < one.until]
        if not running:
            return
        there = _there(session, now, silence)
        came = _came(session, running)
    fresh = [one for one in running if one.agent_id in there and one.agent_id not in came]
    on = [
        one.agent_id
        for one in running
        if one.agent_id in there and one.agent_id in came
        and came[one.agent_id].seen_at <= now - EXACT
    ]  # fmt: skip
    if not (fresh or on) or leases.take(database, LEASE, PERIOD, now) is None:
        return
    with database.write() as session:
        if fresh:
            insert_once(
                session,
                Arrival,
                [
                    {"agent_id": one.agent_id, "since": one.since, "came_at": now, "seen_at": now}
                    for one in fresh
                ],
            )
        for one in (shift for shift in running if shift.agent_id in on):
            session.execute(
                update(Arrival)
                .where(
                    Arrival.agent_id == one.agent_id,
                    Arrival.since == one.since,
                    Arrival.seen_at < now,
                )
                .values(seen_at=now)
                .execution_options(synchronize_session=False)
            )


def _stand(shift: Shift, came: Arrival | None, there: set[int], now: datetime) -> Duty:
    if shift.agent_id in there:
        return Duty("here", shift, came.came_at if came else now)
    if came is not None:
        gone = now - came.seen_at >= LATE
        return Duty("left" if gone else "here", shift, came.seen_at if gone else came.came_at)
    late = now - shift.since
    if late < LATE:
        return Duty("due", shift, shift.since)
    return Duty("absent" if late >= ABSENT else "late", shift, shift.since)


def _there(session: Session, now: datetime, silence: timedelta) -> set[int]:
    everyone = attendance.everyone(session, now, silence)
    return {one.id for one in everyone if one.status != "offline"}


def _came(session: Session, running: list[Shift]) -> dict[int, Arrival]:
    """Read who came to one of these shifts, which nobody has two of at once."""
    begun = {(one.agent_id, one.since) for one in running}
    query = select(Arrival).where(Arrival.since.in_({since for _, since in begun}))
    return {
        one.agent_id: one for one in session.scalars(query) if (one.agent_id, one.since) in begun
    }
