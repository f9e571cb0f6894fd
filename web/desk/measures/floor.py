"""The floor as it stands now: who waits, who is there, what is late. What the lead's board shows.

Nobody's words are in it: a case is named by its topic and its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from web.desk import attendance, bookings, promises, slots
from web.desk.bookings import Callback
from web.desk.hours import Hours
from web.desk.measures import counting, facts, people, spans, waits
from web.desk.measures.goals import Goals
from web.desk.measures.people import Chat, Person
from web.desk.measures.waits import Group, Waiting
from web.desk.models import Escalation, Moment
from web.desk.rota import arrivals
from web.desk.tickets import CHANNEL


@dataclass(frozen=True, slots=True)
class Owed:
    """Callbacks or tickets: how many are open, due now, and late; of nobody (free)."""

    open: int
    due: int
    late: int
    free: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a lead has to act on: life, nobody, wait, shift or callbacks. count: of how many."""

    kind: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Floor:
    """All of the board. open: whether the chat's hours are on; answers: first words of today;
    promises: how many of the times that were told today held."""

    at: datetime
    open: bool
    groups: tuple[Group, ...]
    longest: tuple[Waiting, ...]
    people: tuple[Person, ...]
    chats: tuple[Chat, ...]
    answers: counting.Spread
    promises: promises.Record
    callbacks: Owed
    tickets: Owed
    goals: Goals
    alarms: tuple[Alarm, ...]

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(group.count for group in self.groups)

    @property
    def free(self) -> int:
        """How many more chats all who are online take."""
        return sum(one.free for one in self.people)

    @property
    def seats(self) -> int:
        """How many chats all who are online take at once."""
        return sum(one.max_chats for one in self.people if one.status == "online")

    @property
    def online(self) -> int:
        """How many agents take new cases."""
        return sum(one.status == "online" for one in self.people)


def look(
    session: Session,
    now: datetime,
    goals: Goals,
    hours: Hours,
    silence: timedelta = attendance.SILENCE,
) -> Floor:
    """Look at the floor, with as many statements however many wait."""
    today = spans.today(now, hours.zone)
    groups = waits.groups(session, now, goals)
    duties = arrivals.duties(session, now, hours, silence)
    staff = people.everyone(session, now, today.since, silence, duties)
    spread = counting.spread(
        session, facts.answers(spans.table([today])), "span", goals.answer_seconds
    ).get(today.name, counting.Spread())
    callbacks = _callbacks(session, now)
    is_open = hours.is_open(CHANNEL, now)
    return Floor(
        at=now,
        open=is_open,
        groups=groups,
        longest=waits.longest(session, now, goals),
        people=staff,
        chats=people.chats(session, now),
        answers=spread,
        promises=promises.record(session, today.since, now),
        callbacks=callbacks,
        tickets=_tickets(session, now),
        goals=goals,
        alarms=_alarms(groups, staff, callbacks, is_open=is_open),
    )


def _alarms(
    groups: Sequence[Group], staff: Sequence[Person], callbacks: Owed, *, is_open: bool
) -> tuple[Alarm, ...]:
    by = {group.kind: group for group in groups}
    found = []
    if by["life"].count:
        found.append(Alarm("life", by["life"].count))
    if is_open and not any(one.status == "online" for one in staff):
        found.append(Alarm("nobody"))
    if late := sum(group.late for group in groups):
        found.append(Alarm("wait", late))
    if missed := sum(one.duty is not None and one.duty.missed for one in staff):
        found.append(Alarm("shift", missed))
    if callbacks.late:
        found.append(Alarm("callbacks", callbacks.late))
    return tuple(found)


def _callbacks(session: Session, now: datetime) -> Owed:
    waits = Callback.state == "booked"
    due = and_(waits, Callback.due_at <= now + bookings.DUE_SOON)
    late = and_(waits, Callback.due_at < now - slots.LENGTH)
    query = select(func.count(), _count(due), _count(late), _count(waits)).where(
        Callback.state.in_(bookings.OPEN)
    )
    return Owed(*session.execute(query).one())


def _tickets(session: Session, now: datetime) -> Owed:
    """Count them; whoever was not asked back is due an answer, after a day a late one."""
    waits = Escalation.asked_back.is_(None)
    since = func.coalesce(Escalation.ticket_at, Escalation.created_at)
    late = and_(waits, since < literal(now - timedelta(days=1), Moment))
    free = Escalation.agent_id.is_(None)
    query = select(func.count(), _count(waits), _count(late), _count(free))
    return Owed(*session.execute(query.where(Escalation.state == "ticket")).one())


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)
