"""Offering what waits: look, choose by the rule, ring, and go on when it is not taken.

Every step holds the conversation, is one guarded statement, and writes its event in the same
transaction. So it does no harm when several processes hand out at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session

from web.desk import assignments, attendance, events, rows
from web.desk.calls import LIVE
from web.desk.contacts import Call
from web.desk.conversations import hold
from web.desk.database import Database
from web.desk.errors import DeskError, Full, NotFound, NotThere, WrongState
from web.desk.events import SYSTEM, Actor, timestamp
from web.desk.handlings import Handling
from web.desk.handout import rings, skills
from web.desk.handout.rings import PASSED, Ring
from web.desk.handout.rule import NEVER, Case, Pick, Rule, Seat, choose
from web.desk.models import Agent, Conversation, Escalation, Event
from web.desk.queue import IN_ORDER
from web.desk.rows import LIFE
from web.desk.transitions import TRANSITIONS

AT_ONCE = 200  # of those who wait that one look takes in
CHATS = tuple(verb for verb, rule in TRANSITIONS.items() if rule.target == "agent")


class OfferOver(DeskError):
    """The offer rings no longer: it ran out, or the case went elsewhere."""


def step(
    database: Database, now: datetime, rule: Rule, silence: timedelta = attendance.SILENCE
) -> list[str]:
    """Pass on what was not taken in time, and offer what can be; returns the conversations."""
    with database.read() as session:
        over = _run_out(session, now, silence)
    changed = []
    for ring_id in over:
        with database.write() as session:
            changed += miss(session, ring_id, now, rule, silence)
    with database.read() as session:
        picks = choose(*look(session, now, silence, rule), now, rule)
    for pick in picks:
        try:
            with database.write() as session:
                offer(session, pick, now, rule, silence)
        except DeskError:
            continue  # the customer left, or the agent, or another process was quicker
        changed.append(pick.case)
    return changed


def look(
    session: Session, now: datetime, silence: timedelta, rule: Rule
) -> tuple[list[Case], list[Seat]]:
    """Read the cases that wait and may be offered, in their order, and who is there.

    Those that ring already are left out, but urgent ones that may ring at one more agent.
    """
    ringing = {one.agent_id: one.conversation_id for one in session.scalars(_ringing())}
    rung: dict[str, set[int]] = {}
    for agent_id, conversation_id in ringing.items():
        rung.setdefault(conversation_id, set()).add(agent_id)
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
    if not waiting:
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
            rings=one.id in ringing,
        )
        for one in there
    ]
    return cases, seats


def offer(session: Session, pick: Pick, now: datetime, rule: Rule, silence: timedelta) -> Event:
    """Let a case ring at an agent; raises NotFound, WrongState, NotThere, Full."""
    conversation = hold(session, pick.case)
    if conversation.owner != "queue" or conversation.queued_at is None:
        raise WrongState(f"{pick.case} is with {conversation.owner}")
    agent = session.scalars(
        select(Agent)
        .where(Agent.id == pick.agent)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if agent is None:
        raise NotFound(f"no agent {pick.agent}")
    if agent.id not in attendance.at_desk(session, now, silence):
        raise NotThere(f"agent {agent.id} is not there")
    rung = _ringing().where(or_(Ring.conversation_id == pick.case, Ring.agent_id == agent.id))
    known = session.scalars(rung).all()
    if any(one.agent_id == agent.id for one in known):
        raise WrongState(f"agent {agent.id} has an offer already")
    if len(known) >= _at_once(conversation, rule):
        raise WrongState(f"{pick.case} rings already")
    query = select(func.count()).select_from(Conversation)
    most = agent.max_chats + conversation.urgent  # who is full may have an urgent one more
    if (session.scalar(query.where(Conversation.agent_id == agent.id)) or 0) >= most:
        raise Full(f"agent {agent.id} has as many chats as they take")
    if pick.agent != conversation.preferred_id:
        conversation.preferred_until = None  # whoever had this customer last does not take them
    until = now + rule.rings
    session.add(
        Ring(
            conversation_id=pick.case,
            agent_id=agent.id,
            queued_at=conversation.queued_at,
            rings_at=now,
            until=until,
            overflow=pick.overflow,
        )
    )
    data = {"to": agent.display, "until": timestamp(until), "overflow": pick.overflow}
    return events.append(session, pick.case, "offered", SYSTEM, data, now)


def accept(session: Session, ring_id: int, agent: Agent, now: datetime) -> Event:
    """Take the case that rings; raises NotFound, OfferOver, Full."""
    ring = _own(session, ring_id, agent)
    hold(session, ring.conversation_id)
    if not rings.end(session, ring_id, agent.id, "accepted", now, Ring.until > now):
        raise OfferOver(f"offer {ring_id} is over")
    return assignments.claim(session, ring.conversation_id, agent, now, offered=True)


def decline(session: Session, ring_id: int, agent: Agent, now: datetime) -> Event:
    """Pass the case on; of one wait an agent may do so once.

    Raises NotFound, OfferOver, WrongState (they let it pass before).
    """
    ring = _own(session, ring_id, agent)
    hold(session, ring.conversation_id)
    if not may_decline(session, ring):
        raise WrongState(f"agent {agent.id} has let {ring.conversation_id} pass before")
    if not rings.end(session, ring_id, agent.id, "declined", now):
        raise OfferOver(f"offer {ring_id} is over")
    who = Actor("agent", agent.display)
    return events.append(session, ring.conversation_id, "offer_declined", who, {}, now)


def miss(
    session: Session, ring_id: int, now: datetime, rule: Rule, silence: timedelta
) -> list[str]:
    """End an offer that ran out or whose agent has gone; returns its conversation if it did.

    Who lets several in a row run out is not at their desk, whatever their console says: away.
    """
    ring = session.get(Ring, ring_id)
    if ring is None:
        return []
    hold(session, ring.conversation_id)
    gone = ring.agent_id not in attendance.at_desk(session, now, silence)
    late = true() if gone else Ring.until <= now
    if not rings.end(session, ring_id, ring.agent_id, "missed", now, late):
        return []
    agent = session.get_one(Agent, ring.agent_id)
    # What was taken by a colleague at whom it rang as well says nothing of this agent.
    own = (Ring.agent_id == agent.id, Ring.state != "withdrawn")
    latest = select(Ring.state).where(*own).order_by(Ring.id.desc())
    states = session.scalars(latest.limit(rule.misses)).all()
    away = len(states) == rule.misses and set(states) == {"missed"}
    if away:
        attendance.settle(session, agent.id, status="away", now=now)
    data = {"to": agent.display, "away": away}
    events.append(session, ring.conversation_id, "offer_missed", SYSTEM, data, now)
    return [ring.conversation_id]


def may_decline(session: Session, ring: Ring) -> bool:
    """Tell whether an agent may pass a case on: not twice of one wait."""
    query = select(Ring.id).where(
        Ring.conversation_id == ring.conversation_id,
        Ring.queued_at == ring.queued_at,
        Ring.agent_id == ring.agent_id,
        Ring.state.in_(PASSED),
    )
    return session.scalars(query.limit(1)).first() is None


def shown(session: Session, agent_id: int, now: datetime) -> dict[str, Any] | None:
    """Show the offer that rings at an agent, with what the case is about; None without one."""
    ring = rings.of_agent(session, agent_id, now)
    if ring is None:
        return None
    conversation = session.get_one(Conversation, ring.conversation_id)
    row = rows.of_conversations(session, [conversation], now)[0]
    told = ("name", "topic", "urgent", "life", "problem", "queued_at", "had_by_id")
    return {
        "id": ring.id,
        "conversation": ring.conversation_id,
        "until": timestamp(ring.until),
        "may_decline": may_decline(session, ring),
        "overflow": ring.overflow,
        **{name: row[name] for name in told},
    }


def _own(session: Session, ring_id: int, agent: Agent) -> Ring:
    ring = session.get(Ring, ring_id, populate_existing=True)
    if ring is None or ring.agent_id != agent.id:
        raise NotFound(f"no offer {ring_id} of agent {agent.id}")
    return ring


def _at_once(conversation: Conversation, rule: Rule) -> int:
    return rule.at_once if conversation.urgent else 1


def _ringing() -> Any:
    return select(Ring).where(Ring.state == "rings")


def _run_out(session: Session, now: datetime, silence: timedelta) -> list[int]:
    there = attendance.at_desk(session, now, silence)
    return [
        one.id
        for one in session.scalars(_ringing())
        if one.until <= now or one.agent_id not in there
    ]


def _asked(session: Session, ids: Sequence[str]) -> dict[str, dict[int, int]]:
    passed = (
        select(Ring.conversation_id, Ring.agent_id, func.count())
        .join(Conversation, Conversation.id == Ring.conversation_id)
        .where(
            Ring.conversation_id.in_(ids),
            Ring.queued_at == Conversation.queued_at,
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
