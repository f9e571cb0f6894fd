"""The random draw: the same seed over the same days draws the same conversations, for anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk.handlings import Handling
from web.desk.measures.facts import CHATS
from web.desk.measures.spans import Span
from web.desk.models import Agent, Event
from web.desk.reviews import records
from web.desk.reviews.records import Review

MOST = 200  # conversations of one draw


def order(seed: str, ids: Iterable[int]) -> list[int]:
    """Shuffle ids by a seed: where one stands hangs on it and the seed alone, not on the others."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{seed}/{one}".encode()).digest())


def draw(
    session: Session,
    seed: str,
    span: Span,
    each: int,
    lead: Agent,
    now: datetime,
    agents: Collection[int] = (),
) -> list[Review]:
    """Put so many of each agent's finished conversations of a span on the list.

    Those that an agent closed and in which they wrote. What this seed would draw and is on the
    list already, counts: the same draw twice adds nothing. agents: of these alone; none: of all,
    the lead left out.
    """
    added: list[Review] = []
    pool = _finished(session, span)
    known = set(session.scalars(select(Review.handling_id)).all()) if pool else set()
    for agent_id in sorted(pool):
        if agent_id == lead.id or (agents and agent_id not in agents):
            continue
        for handling_id in order(seed, pool[agent_id])[:each]:
            if handling_id in known or len(added) >= MOST:
                continue
            handling = session.get_one(Handling, handling_id)
            added.append(records.add(session, handling, seed, lead, now))
    return added


def _finished(session: Session, span: Span) -> dict[int, list[int]]:
    wrote = (
        select(Event.id)
        .where(
            Event.conversation_id == Handling.conversation_id,
            Event.type == "message",
            Event.actor_kind == "agent",
            Event.at >= Handling.began_at,
            Event.at <= Handling.ended_at,
        )
        .correlate(Handling)
        .exists()
    )
    query = select(Handling.agent_id, Handling.id).where(
        Handling.began_at >= span.since,
        Handling.began_at < span.until,
        Handling.began.in_(CHATS),
        Handling.ended == "close",
        wrote,
    )
    found: dict[int, list[int]] = {}
    for agent_id, handling_id in session.execute(query):
        found.setdefault(agent_id, []).append(handling_id)
    return found
