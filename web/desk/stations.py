"""Calls and callbacks as stations of a case: taking one takes the case, card and thread with it.

What is said beside the picture reaches the agent who is in it, and afterwards they have the case in
hand as they have a chat: they close it, hand it over or give it back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.desk import cases, turns
from web.desk.conversations import hold
from web.desk.errors import NotYours
from web.desk.events import Actor
from web.desk.models import Agent, Conversation, Escalation, Event
from web.desk.transitions import advance

CALL, CALLBACK = "call", "callback"  # why a case came to people


def begin(
    session: Session,
    conversation_id: str,
    agent: Agent,
    reason: str,
    now: datetime,
    *,
    from_colleague: bool = False,
) -> Event | None:
    """Give an agent the conversation whose call they take; None when they have it already.

    A call that rings asks for nobody's free seat: refusing it now would leave the customer alone.
    from_colleague: also out of a colleague's hands. Raises NotFound, NotYours.
    """
    conversation = hold(session, conversation_id)
    actor = Actor("agent", agent.display)
    mine = {"agent_id": agent.id, "claimed_at": now}
    if conversation.owner == "agent":
        if conversation.agent_id == agent.id:
            return None
        if not from_colleague:
            raise NotYours(f"another agent owns {conversation_id}")
        before = session.get(Agent, conversation.agent_id)
        return advance(
            session,
            conversation_id,
            "take_over",
            Actor("agent", before.display if before else None),
            now,
            agent_id=agent.id,
            data={"to": agent.display, "reason": reason},
            case=mine,
            agent_read=0,
        )
    if conversation.owner == "queue":
        return advance(
            session,
            conversation_id,
            "claim",
            actor,
            now,
            agent_id=agent.id,
            data={"reason": reason},
            case=mine,
            front=False,
            agent_read=0,
        )
    case = _case(session, conversation, reason, now)
    turns.drop(session, conversation_id)
    return advance(
        session,
        conversation_id,
        "take_up",
        actor,
        now,
        agent_id=agent.id,
        data={"reason": reason, "number": case.number},
        case={**mine, "ended_at": None},
        escalation_id=case.id,
        urgent=case.urgent,
        front=False,
        queued_at=now,
        agent_read=0,
        expects=None,
    )


def put_down(
    session: Session, conversation_id: str, agent: Agent, since: datetime, now: datetime
) -> Event | None:
    """Let go of a conversation whose call, taken at `since`, will be made another time.

    A chat that the agent had before stays theirs (None), who waited in the queue waits on there,
    a ticket is one again; everybody else has the bot until the call. Raises NotFound, NotYours,
    WrongState.
    """
    conversation = hold(session, conversation_id)
    case = cases.current(session, conversation)
    if conversation.agent_id != agent.id or case is None or case.claimed_at != since:
        return None
    actor = Actor("agent", agent.display)
    nobody = {"agent_id": None, "claimed_at": None}
    if conversation.queued_at is not None and conversation.queued_at < since:
        return advance(
            session,
            conversation_id,
            "return",
            actor,
            now,
            agent_id=agent.id,
            data={"reason": "agent"},
            case=nobody,
        )
    return advance(
        session,
        conversation_id,
        "set_aside" if case.ticket_at is not None else "put_off",
        actor,
        now,
        agent_id=agent.id,
        data={"reason": CALLBACK},
        case=nobody,
        queued_at=None,
        urgent=False,
        front=False,
    )


def _case(session: Session, conversation: Conversation, reason: str, now: datetime) -> Escalation:
    """Find the case that the call belongs to, or make one of what is known."""
    case = cases.current(session, conversation)
    if case is not None and _goes_on(session, conversation, case, now):
        cases.fill(session, conversation, case, None, False, {}, None)
        return case
    topic = conversation.card.get("topic")
    return cases.make(session, conversation, topic, reason, False, {}, None, now)


def _goes_on(session: Session, conversation: Conversation, case: Escalation, now: datetime) -> bool:
    if case.state in ("ticket", "callback"):
        return True
    if case.state != "left" or case.ended_at is None or case.ended_at <= now - cases.REOPEN:
        return False
    solved = select(func.count()).where(
        Event.conversation_id == conversation.id,
        Event.type == "resolved",
        Event.at >= case.ended_at,
    )
    return not session.scalar(solved)
