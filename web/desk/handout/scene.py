"""What may be offered and who is there, as the rule wants it told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.desk import attendance
from web.desk.calls import LIVE, Call
from web.desk.handlings import Handling
from web.desk.handout import due, skills
from web.desk.handout.rings import PASSED, Ring
from web.desk.handout.rule import NEVER, Case, Rule, Seat
from web.desk.models import Agent, Conversation, Escalation
from web.desk.queue import IN_ORDER
from web.desk.rows import LIFE
from web.desk.transitions import TRANSITIONS

AT_ONCE = 200  # of those who wait that one look takes in
CHATS = tuple(verb for verb, rule in TRANSITIONS.items() if rule.target == "agent")


def look(
    session: Session, now: datetime, silence: timedelta, rule: Rule
) -> tuple[list[Case], list[Seat]]:
    """Read the cases that wait and may be offered, in their order, and who is there.

    Those that ring already are left out, but urgent ones that may ring at one more agent.
    """
    held = {one.agent_id: one for one in session.scalars(ringing())}
    rung: dict[str, set[int]] = {}
    for agent_id, ring in held.items():
        if ring.callback_id is None:
            rung.setdefault(ring.conversation_id, set()).add(agent_id)
    calls = due.cases(session, now, {ring.callback_id for ring in held.values()})
    query = (
        select(Conversation, Escalation.topic)
        .join(Escalation, Escalation.id == Conversation.escalation_id)
        .where(Conversation.owner == "queue")
        .order_by(*IN_ORDER)
        .limit(AT_ONCE)
    )
    waiting = [
        row
        for row in session.execute(query)
        if len(rung.get(row[0].id, ())) < _at_once(row[0], rule)
    ]
    if not waiting and not calls:
        return [], []
    asked = _asked(session, [one.id for one, _ in waiting])
    cases = [
        Case(
            id=one.id,
            topic=topic,
            since=one.queued_at or now,
            life=topic == LIFE and one.urgent,
            urgent=one.urgent,
            rings=frozenset(rung.get(one.id, ())),
            last_agent=one.preferred_id,
            asked=asked.get(one.id, {}),
        )
        for one, topic in waiting
    ]
    known = skills.of_all(session)
    sit = attendance.at_desk(session, now, silence)
    in_call = set(session.scalars(select(Call.agent_id).where(Call.state.in_(LIVE))))
    there = [one for one in attendance.everyone(session, now, silence) if one.id in sit]
    newest = _newest(session, [one.id for one in there])
    seats = [
        Seat(
            id=one.id,
            free=-1 if one.id in in_call else one.max_chats - one.chats,
            skills=known.get(one.id, frozenset()),
            newest=newest.get(one.id, NEVER),
            rings=one.id in held,
        )
        for one in there
    ]
    return [*calls, *cases], seats  # who was promised a time is called before who has come since


def ringing() -> Any:
    """Select the offers that ring, those that have run out included."""
    return select(Ring).where(Ring.state == "rings")


def _at_once(conversation: Conversation, rule: Rule) -> int:
    return rule.at_once if conversation.urgent else 1


def _asked(session: Session, ids: Sequence[str]) -> dict[str, dict[int, int]]:
    passed = (
        select(Ring.conversation_id, Ring.agent_id, func.count())
        .join(Conversation, Conversation.id == Ring.conversation_id)
        .where(
            Ring.conversation_id.in_(ids),
            Ring.queued_at == Conversation.queued_at,
            Ring.callback_id.is_(None),
            Ring.state.in_(PASSED),
        )
        .group_by(Ring.conversation_id, Ring.agent_id)
    )
    # Whoever put it back into the queue in this wait has let it pass as well.
    put_back = (
        select(Handling.conversation_id, Handling.agent_id, func.count())
        .join(Conversation, Conversation.id == Handling.conversation_id)
        .where(
            Handling.conversation_id.in_(ids),
            Handling.queued_at == Conversation.queued_at,
            Handling.ended == "return",
        )
        .group_by(Handling.conversation_id, Handling.agent_id)
    )
    found: dict[str, dict[int, int]] = {}
    for query in (passed, put_back):
        for conversation_id, agent_id, count in session.execute(query):
            known = found.setdefault(conversation_id, {})
            known[agent_id] = known.get(agent_id, 0) + count
    return found


def _newest(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """Read when each agent last got a case, a look into an index for each."""
    last = (
        select(Handling.began_at)
        .where(Handling.agent_id == Agent.id, Handling.began.in_(CHATS))
        .order_by(Handling.began_at.desc())
        .limit(1)
        .correlate(Agent)
        .scalar_subquery()
    )
    found = session.execute(select(Agent.id, last).where(Agent.id.in_(ids)))
    return {row[0]: row[1] for row in found if row[1] is not None}
