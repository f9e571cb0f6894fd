"""Offering what waits: look, choose by the rule, ring, and go on when it is not taken.

Every step holds the conversation, is one guarded statement, and writes its event in the same
transaction. So it does no harm when several processes hand out at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from web.desk import assignments, attendance, callbacks, events, rows
from web.desk.bookings import Callback
from web.desk.conversations import hold
from web.desk.database import Database
from web.desk.errors import DeskError, Full, NotFound, NotThere, WrongState
from web.desk.events import SYSTEM, Actor, timestamp
from web.desk.handout import due, rings, scene
from web.desk.handout.rings import PASSED, Ring
from web.desk.handout.rule import Pick, Rule, choose
from web.desk.models import Agent, Conversation, Event


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
        picks = choose(*scene.look(session, now, silence, rule), now, rule)
    for pick in picks:
        try:
            with database.write() as session:
                changed.append(offer(session, pick, now, rule, silence).conversation_id)
        except DeskError:
            continue  # the customer left, or the agent, or another process was quicker
    return changed


def offer(session: Session, pick: Pick, now: datetime, rule: Rule, silence: timedelta) -> Event:
    """Let a case ring at an agent; raises NotFound, WrongState, NotThere, Full."""
    callback_id = due.number(pick.case)
    conversation, since = _held(session, pick.case, callback_id, now)
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
    call = Ring.callback_id.is_not_distinct_from(callback_id)
    same = and_(Ring.conversation_id == conversation.id, call)
    rung = scene.ringing().where(or_(same, Ring.agent_id == agent.id))
    known = session.scalars(rung).all()
    if any(one.agent_id == agent.id for one in known):
        raise WrongState(f"agent {agent.id} has an offer already")
    hurried = callback_id is None and conversation.urgent
    if len(known) >= (rule.at_once if hurried else 1):
        raise WrongState(f"{pick.case} rings already")
    query = select(func.count()).select_from(Conversation)
    most = agent.max_chats + hurried  # who is full may have an urgent one more
    if (session.scalar(query.where(Conversation.agent_id == agent.id)) or 0) >= most:
        raise Full(f"agent {agent.id} has as many chats as they take")
    if callback_id is None and pick.agent != conversation.preferred_id:
        conversation.preferred_until = None  # whoever had this customer last does not take them
    until = now + rule.rings
    session.add(
        Ring(
            conversation_id=conversation.id,
            agent_id=agent.id,
            callback_id=callback_id,
            queued_at=since,
            rings_at=now,
            until=until,
            overflow=pick.overflow,
        )
    )
    data = {"to": agent.display, "until": timestamp(until), "overflow": pick.overflow}
    if callback_id is not None:
        data["callback"] = callback_id
    return events.append(session, conversation.id, "offered", SYSTEM, data, now)


def accept(session: Session, ring_id: int, agent: Agent, now: datetime) -> str:
    """Take the case, or the call, that rings; returns its conversation.

    Raises NotFound, OfferOver, Full, NotYours.
    """
    ring = _own(session, ring_id, agent)
    hold(session, ring.conversation_id)
    if not rings.end(session, ring_id, agent.id, "accepted", now, Ring.until > now):
        raise OfferOver(f"offer {ring_id} is over")
    if ring.callback_id is not None:
        callbacks.take(session, ring.callback_id, agent, now)
    else:
        assignments.claim(session, ring.conversation_id, agent, now, offered=True)
    return ring.conversation_id


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
        Ring.callback_id.is_not_distinct_from(ring.callback_id),
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
        "callback": ring.callback_id,
        "due": timestamp(ring.queued_at) if ring.callback_id is not None else None,
        **{name: row[name] for name in told},
    }


def _held(
    session: Session, case: str, callback_id: int | None, now: datetime
) -> tuple[Conversation, datetime]:
    """Hold the conversation of what is offered, and tell since when it waits."""
    if callback_id is not None:
        found = session.get(Callback, callback_id)
        if found is None:
            raise NotFound(f"no callback {callback_id}")
        conversation = hold(session, found.conversation_id)
        if conversation.owner == "agent":
            raise WrongState(f"{conversation.id} is with agent {conversation.agent_id}")
        return conversation, due.find(session, callback_id, now).due_at
    conversation = hold(session, case)
    if conversation.owner != "queue" or conversation.queued_at is None:
        raise WrongState(f"{case} is with {conversation.owner}")
    return conversation, conversation.queued_at


def _own(session: Session, ring_id: int, agent: Agent) -> Ring:
    ring = session.get(Ring, ring_id, populate_existing=True)
    if ring is None or ring.agent_id != agent.id:
        raise NotFound(f"no offer {ring_id} of agent {agent.id}")
    return ring


def _run_out(session: Session, now: datetime, silence: timedelta) -> list[int]:
    there = attendance.at_desk(session, now, silence)
    return [
        one.id
        for one in session.scalars(scene.ringing())
        if one.until <= now or one.agent_id not in there
    ]
