"""Who waits just now and how long, by urgency: the lead's board names the longest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from web.desk.measures.goals import Goals
from web.desk.measures.spans import age
from web.desk.models import Conversation, Escalation, Moment
from web.desk.queue import IN_ORDER
from web.desk.rows import LIFE

LONGEST = 8  # of those who wait that are named


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


def groups(session: Session, now: datetime, goals: Goals) -> tuple[Group, ...]:
    """Count those who wait, by urgency."""
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
        name: Group(name, count, age(since, now), late)
        for name, count, since, late in session.execute(query)
    }
    return tuple(found.get(name, Group(name, 0, 0, 0)) for name in ("life", "urgent", "other"))


def longest(session: Session, now: datetime, goals: Goals) -> tuple[Waiting, ...]:
    """List those who wait longest, in the order in which they are taken."""
    query = (
        select(Conversation, Escalation)
        .outerjoin(Escalation, Escalation.id == Conversation.escalation_id)
        .where(Conversation.owner == "queue")
        .order_by(*IN_ORDER)
        .limit(LONGEST)
    )
    shown = []
    for one, its in session.execute(query):
        seconds = age(one.queued_at, now)
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
