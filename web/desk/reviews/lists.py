"""Reviews as they are shown: the lead's list, one with its thread, an agent's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from web.desk import rows
from web.desk.handlings import Handling
from web.desk.models import Conversation, Escalation, Event
from web.desk.reviews.records import LISTED, Review, find

MOST_EVENTS = 1000
AFTER = timedelta(days=7)  # in which a rating of the conversation is looked for


@dataclass(frozen=True, slots=True)
class Line:
    """A review in a list. handled: seconds in the agent's hands; number, topic: of the case."""

    review: Review
    agent: str
    reviewer: str | None
    number: str | None
    topic: str | None
    channel: str
    conversation: str
    ended_at: datetime | None
    handled: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One review to be judged. before, during: what was said until and while the agent had it.

    waited, answered: seconds in the queue, and until the first words; score: the rating that
    followed. None: not known. card: as it was at the end.
    """

    line: Line
    card: dict[str, object]
    customer: str | None
    waited: float | None
    answered: float | None
    score: int | None
    before: list[Event] = field(default_factory=list)
    during: list[Event] = field(default_factory=list)


def waiting(session: Session) -> list[Line]:
    """List the reviews that wait, the oldest first."""
    return _lines(session, Review.state == "waiting", newest=False)


def judged(session: Session, agent_id: int | None = None) -> list[Line]:
    """List the reviews that were judged, the newest first; agent_id: of one agent alone."""
    conditions = [Review.state == "done"]
    if agent_id is not None:
        conditions.append(Review.agent_id == agent_id)
    return _lines(session, *conditions, newest=True)


def sheet(session: Session, review_id: int) -> Sheet:
    """Show one review with its thread; raises NotFound."""
    review = find(session, review_id)
    handling = session.get_one(Handling, review.handling_id)
    case = session.get_one(Escalation, handling.escalation_id)
    conversation = session.get_one(Conversation, handling.conversation_id)
    end = handling.ended_at or review.drawn_at
    query = select(Event).where(Event.conversation_id == conversation.id, Event.at <= end)
    found = list(session.scalars(query.order_by(Event.id.desc()).limit(MOST_EVENTS)))[::-1]
    during = [event for event in found if event.at >= handling.began_at]
    said = [one.at for one in during if one.type == "message" and one.actor_kind == "agent"]
    began = handling.queued_at or handling.began_at
    rated = select(Event).where(
        Event.conversation_id == conversation.id,
        Event.type == "rated",
        Event.at >= end,
        Event.at <= end + AFTER,
    )
    score = session.scalars(rated.order_by(Event.id).limit(1)).first()
    (line,) = _lines(session, Review.id == review_id, newest=True)
    return Sheet(
        line=line,
        card=case.card,
        customer=conversation.name,
        waited=(handling.began_at - began).total_seconds() if handling.queued_at else None,
        answered=(said[0] - began).total_seconds() if said else None,
        score=int(score.data["score"]) if score else None,
        before=[event for event in found if event.at < handling.began_at],
        during=during,
    )


def next_waiting(session: Session, lead_id: int) -> int | None:
    """Find the oldest review that waits and is not of the lead's own; None without one."""
    query = select(Review.id).where(Review.state == "waiting", Review.agent_id != lead_id)
    return session.scalars(query.order_by(Review.drawn_at, Review.id).limit(1)).first()


def _lines(session: Session, *conditions: ColumnElement[bool], newest: bool) -> list[Line]:
    order = (Review.done_at.desc(), Review.id.desc()) if newest else (Review.drawn_at, Review.id)
    query = (
        select(Review, Handling, Escalation.number, Escalation.topic, Conversation.channel)
        .join(Handling, Handling.id == Review.handling_id)
        .join(Escalation, Escalation.id == Handling.escalation_id)
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .where(*conditions)
        .order_by(*order)
        .limit(LISTED)
    )
    found = session.execute(query).all()
    ids = {one.agent_id for one, *_ in found} | {one.reviewer_id for one, *_ in found}
    names = rows.names(session, ids)
    return [
        Line(
            review=review,
            agent=names.get(review.agent_id, ""),
            reviewer=names.get(review.reviewer_id),
            number=number,
            topic=topic,
            channel=channel,
            conversation=handling.conversation_id,
            ended_at=handling.ended_at,
            handled=((handling.ended_at or review.drawn_at) - handling.began_at).total_seconds(),
        )
        for review, handling, number, topic, channel in found
    ]
