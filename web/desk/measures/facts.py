"""Single facts of the event log and the handlings, as statements: one row for each that happened.

Every statement gives span, channel, topic, agent_id and, where there is something to measure,
value. What is counted of them and how is in counting.py. Each looks only at the part of a table
that its span's index names.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CTE,
    Float,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from web.desk.handlings import Handling
from web.desk.measures.spans import seconds_between, within
from web.desk.models import Conversation, Escalation, Event
from web.desk.reviews.records import Review

Facts = Select[Any]
CHATS = ("claim", "take_up", "transfer", "take_over")  # how a handling of a live case begins
WITH_PEOPLE = ("escalated", "agent_joined", "ticket_opened", "reopened", "queue_returned")


def written(spans: CTE) -> Facts:
    """Conversations in which a customer wrote, once a span."""
    return (
        select(
            spans.c.span,
            Conversation.channel,
            cast(null(), String).label("topic"),
            cast(null(), Integer).label("agent_id"),
            Event.conversation_id,
        )
        .select_from(spans)
        .join(Event, and_(Event.type == "message", *within(spans, Event.at)))
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(Event.actor_kind == "customer")
        .distinct()
    )


def cases(spans: CTE) -> Facts:
    """Cases that came to people: from the queue, as a message that was left, by a call."""
    return (
        select(
            spans.c.span,
            Conversation.channel,
            Escalation.topic,
            Escalation.agent_id,
        )
        .select_from(spans)
        .join(Escalation, and_(*within(spans, Escalation.created_at)))
        .join(Conversation, Conversation.id == Escalation.conversation_id)
    )


def answers(spans: CTE) -> Facts:
    """Waits that an agent ended; value: seconds from joining the queue to a person's first words.

    A wait that passed through several hands counts once, for whoever spoke first. value is None
    where nobody did. A call that was taken is not among them: it answers by itself.
    """
    said = (
        select(func.min(Event.at))
        .where(
            Event.conversation_id == Handling.conversation_id,
            Event.type == "message",
            Event.actor_kind == "agent",
            Event.at >= Handling.began_at,
            or_(Handling.ended_at.is_(None), Event.at <= Handling.ended_at),
        )
        .correlate(Handling)
        .scalar_subquery()
    )
    found = (
        select(
            spans.c.span,
            Conversation.channel,
            Escalation.topic,
            Handling.agent_id,
            Handling.conversation_id,
            Handling.queued_at,
            Handling.id,
            said.label("said"),
        )
        .select_from(spans)
        .join(Handling, and_(*within(spans, Handling.began_at)))
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .join(Escalation, Escalation.id == Handling.escalation_id)
        .where(Handling.began == "claim", Handling.queued_at.is_not(None))
        .cte("found")
    )
    unsaid = case((found.c.said.is_(None), 1), else_=0)
    place = func.row_number().over(
        partition_by=(found.c.conversation_id, found.c.queued_at),
        order_by=(unsaid, found.c.said, found.c.id),
    )
    ranked = select(found, place.label("place")).cte("waits")
    return select(
        ranked.c.span,
        ranked.c.channel,
        ranked.c.topic,
        ranked.c.agent_id,
        seconds_between(ranked.c.said, ranked.c.queued_at).label("value"),
    ).where(ranked.c.place == 1)


def handlings(spans: CTE) -> Facts:
    """Live cases in an agent's hands; value: seconds until they let go, None while they have it."""
    return _handlings(
        spans, seconds_between(Handling.ended_at, Handling.began_at), Handling.began.in_(CHATS)
    )


def transfers(spans: CTE) -> Facts:
    """Cases that an agent handed to a colleague or put back into the queue."""
    ends = ("transfer", "take_over", "return")
    return _handlings(spans, cast(null(), Float), Handling.ended.in_(ends))


def reopened(spans: CTE) -> Facts:
    """Cases taken up again, for whoever had them last."""
    return _told(spans, "reopened", cast(null(), Float))


def rated(spans: CTE) -> Facts:
    """Customers' ratings, for whoever had the case last; value: one to five."""
    return _told(spans, "rated", cast(Event.data["score"].as_integer(), Float))


def reviewed(spans: CTE) -> Facts:
    """Reviews by the day on which they were judged; value: per cent of the points."""
    return (
        select(
            spans.c.span,
            Conversation.channel,
            Escalation.topic,
            Review.agent_id,
            cast(Review.share, Float).label("value"),
        )
        .select_from(spans)
        .join(Review, and_(Review.state == "done", *within(spans, Review.done_at)))
        .join(Handling, Handling.id == Review.handling_id)
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .join(Escalation, Escalation.id == Handling.escalation_id)
    )


def solved(spans: CTE) -> Facts:
    """Problems that their customers called solved and that no person had seen."""
    before, people = aliased(Event), aliased(Event)
    last = (
        select(func.coalesce(func.max(before.id), 0))
        .where(
            before.conversation_id == Event.conversation_id,
            before.id < Event.id,
            before.type == "resolved",
        )
        .correlate(Event)
        .scalar_subquery()
    )
    seen = (
        select(people.id)
        .where(
            people.conversation_id == Event.conversation_id,
            people.id < Event.id,
            people.id > last,
            people.type.in_(WITH_PEOPLE),
        )
        .correlate(Event)
        .exists()
    )
    return (
        select(
            spans.c.span,
            Conversation.channel,
            Event.data["topic"].as_string().label("topic"),
            cast(null(), Integer).label("agent_id"),
        )
        .select_from(spans)
        .join(Event, and_(Event.type == "resolved", *within(spans, Event.at)))
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(~seen)
    )


def last_handler() -> Any:
    """Name in SQL the agent who had an event's conversation last before it."""
    return (
        select(Handling.agent_id)
        .where(Handling.conversation_id == Event.conversation_id, Handling.ended_at <= Event.at)
        .order_by(Handling.id.desc())
        .limit(1)
        .correlate(Event)
        .scalar_subquery()
    )


def _handlings(spans: CTE, value: Any, which: Any) -> Facts:
    return (
        select(
            spans.c.span,
            Conversation.channel,
            Escalation.topic,
            Handling.agent_id,
            value.label("value"),
        )
        .select_from(spans)
        .join(Handling, and_(*within(spans, Handling.began_at)))
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .join(Escalation, Escalation.id == Handling.escalation_id)
        .where(which)
    )


def _told(spans: CTE, kind: str, value: Any) -> Facts:
    return (
        select(
            spans.c.span,
            Conversation.channel,
            Escalation.topic,
            last_handler().label("agent_id"),
            value.label("value"),
        )
        .select_from(spans)
        .join(Event, and_(Event.type == kind, *within(spans, Event.at)))
        .join(Conversation, Conversation.id == Event.conversation_id)
        .outerjoin(Escalation, Escalation.number == Event.data["number"].as_string())
    )
