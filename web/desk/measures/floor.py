"""The floor as it stands now: who waits, who is there, what is late. What the lead's board shows.

Nobody's words are in it: a case is named by its topic and its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from web.desk import attendance, bookings, promises, slots
from web.desk.contacts import Callback
from web.desk.handlings import Handling
from web.desk.handout.rings import Ring
from web.desk.hours import Hours
from web.desk.measures import counting, facts, spans
from web.desk.measures.goals import Goals
from web.desk.models import Agent, AgentSession, Conversation, Escalation, Moment
from web.desk.queue import IN_ORDER
from web.desk.rows import LIFE
from web.desk.tickets import CHANNEL

LONGEST = 8  # of those who wait that are named
MOST_CHATS = 40  # in hand that are named, the longest first


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who waits. seconds: how long; late: longer than the goal."""

    conversation: str
    number: str | None
    topic: str | None
    channel: str
    urgent: bool
    life: bool
    seconds: int
    late: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Those who wait equally urgently: life, urgent or other. longest: seconds, 0 of nobody."""

    kind: str
    count: int
    longest: int
    late: int


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the lead sees them. since: when this status began; None when nobody knows.

    oldest: seconds of the longest chat in hand. today: cases taken since midnight. rings: a case is
    offered to them just now.
    """

    id: int
    name: str
    status: str
    since: datetime | None
    chats: int
    max_chats: int
    oldest: int
    today: int
    rings: bool = False

    @property
    def free(self) -> int:
        """How many more chats they take."""
        return max(0, self.max_chats - self.chats) if self.status == "online" else 0


@dataclass(frozen=True, slots=True)
class Chat:
    """A case in an agent's hands. seconds: how long it has been there."""

    conversation: str
    number: str | None
    topic: str | None
    urgent: bool
    agent: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Owed:
    """Callbacks or tickets: how many are open, due now, and late; of nobody (free)."""

    open: int
    due: int
    late: int
    free: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a lead has to act on: life, nobody, wait, callbacks or answers. count: of how many."""

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
    groups = _groups(session, now, goals)
    people = _people(session, now, today.since, silence)
    spread = counting.spread(
        session, facts.answers(spans.table([today])), "span", goals.answer_seconds
    ).get(today.name, counting.Spread())
    callbacks = _callbacks(session, now)
    is_open = hours.is_open(CHANNEL, now)
    return Floor(
        at=now,
        open=is_open,
        groups=groups,
        longest=_longest(session, now, goals),
        people=people,
        chats=_chats(session, now),
        answers=spread,
        promises=promises.record(session, today.since, now),
        callbacks=callbacks,
        tickets=_tickets(session, now),
        goals=goals,
        alarms=_alarms(groups, people, callbacks, is_open=is_open),
    )


def _alarms(
    groups: Sequence[Group], people: Sequence[Person], callbacks: Owed, *, is_open: bool
) -> tuple[Alarm, ...]:
    by = {group.kind: group for group in groups}
    found = []
    if by["life"].count:
        found.append(Alarm("life", by["life"].count))
    if is_open and not any(one.status == "online" for one in people):
        found.append(Alarm("nobody"))
    if late := sum(group.late for group in groups):
        found.append(Alarm("wait", late))
    if callbacks.late:
        found.append(Alarm("callbacks", callbacks.late))
    return tuple(found)


def _groups(session: Session, now: datetime, goals: Goals) -> tuple[Group, ...]:
    life = and_(Escalation.topic == LIFE, Escalation.urgent)
    kind = case((life, "life"), (Conversation.urgent.is_(True), "urgent"), else_="other")
    since = type_coerce(func.min(Conversation.queued_at), Moment)
    limit = case(
        (kind == "other", literal(now - timedelta(seconds=goals.wait_seconds), Moment)),
        else_=literal(now - timedelta(seconds=goals.urgent_wait_seconds), Moment),
    )
    late = func.sum(case((Conversation.queued_at < limit, 1), else_=0))
    query = (
        select(kind, func.count(), since, late)
        .select_from(Conversation)
        .outerjoin(Escalation, Escalation.id == Conversation.escalation_id)
        .where(Conversation.owner == "queue")
        .group_by(kind)
    )
    found = {
        name: Group(name, count, _age(since, now), late)
        for name, count, since, late in session.execute(query)
    }
    return tuple(found.get(name, Group(name, 0, 0, 0)) for name in ("life", "urgent", "other"))


def _longest(session: Session, now: datetime, goals: Goals) -> tuple[Waiting, ...]:
    query = (
        select(Conversation, Escalation)
        .outerjoin(Escalation, Escalation.id == Conversation.escalation_id)
        .where(Conversation.owner == "queue")
        .order_by(*IN_ORDER)
        .limit(LONGEST)
    )
    shown = []
    for one, its in session.execute(query):
        seconds = _age(one.queued_at, now)
        shown.append(
            Waiting(
                conversation=one.id,
                number=its.number if its else None,
                topic=its.topic if its else None,
                channel=one.channel,
                urgent=one.urgent,
                life=its is not None and its.topic == LIFE and its.urgent,
                seconds=seconds,
                late=seconds > (goals.urgent_wait_seconds if one.urgent else goals.wait_seconds),
            )
        )
    return tuple(shown)


def _people(
    session: Session, now: datetime, midnight: datetime, silence: timedelta
) -> tuple[Person, ...]:
    seen = select(AgentSession.agent_id, type_coerce(func.max(AgentSession.seen_at), Moment))
    last = {row[0]: row[1] for row in session.execute(seen.group_by(AgentSession.agent_id))}
    since = {row[0]: row[1] for row in session.execute(select(Agent.id, Agent.status_at))}
    oldest = (
        select(Handling.agent_id, type_coerce(func.min(Handling.began_at), Moment))
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .where(Conversation.owner == "agent", Handling.ended_at.is_(None))
        .group_by(Handling.agent_id)
    )
    begun = {row[0]: row[1] for row in session.execute(oldest)}
    # Counted here: a database that groups by agent reads every handling there ever was.
    taken = select(Handling.agent_id).where(
        Handling.began_at >= midnight, Handling.began.in_(facts.CHATS)
    )
    today = Counter(session.scalars(taken))
    query = select(Ring.agent_id).where(Ring.state == "rings", Ring.until > now)
    offered = set(session.scalars(query))
    people = [
        Person(
            id=one.id,
            name=one.name,
            status=one.status,
            since=last.get(one.id) if one.status == "offline" else since.get(one.id),
            chats=one.chats,
            max_chats=one.max_chats,
            oldest=_age(begun.get(one.id), now),
            today=today.get(one.id, 0),
            rings=one.id in offered,
        )
        for one in attendance.everyone(session, now, silence)
    ]
    order = ("online", "away", "offline")
    return tuple(sorted(people, key=lambda one: (order.index(one.status), -one.chats, one.name)))


def _chats(session: Session, now: datetime) -> tuple[Chat, ...]:
    query = (
        select(Conversation.id, Conversation.urgent, Escalation, Agent.display, Handling.began_at)
        .join(Handling, Handling.conversation_id == Conversation.id)
        .join(Agent, Agent.id == Conversation.agent_id)
        .join(Escalation, Escalation.id == Handling.escalation_id)
        .where(
            Conversation.owner == "agent",
            Handling.ended_at.is_(None),
            Escalation.id == Conversation.escalation_id,
        )
        .order_by(Handling.began_at)
        .limit(MOST_CHATS)
    )
    return tuple(
        Chat(one, its.number, its.topic, urgent, agent, _age(began, now))
        for one, urgent, its, agent, began in session.execute(query)
    )


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


def _age(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since else 0
