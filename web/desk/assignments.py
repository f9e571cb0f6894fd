"""Cases in agents' hands: claimed, handed over, given back, lost, closed. See transitions.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.desk import bookings, calls, events, notes, stations, turns
from web.desk.attendance import ROLES, SILENCE, seen
from web.desk.cases import current, is_life
from web.desk.conversations import hold
from web.desk.errors import Full, NotFound, NotThere, NotYours, Reserved, WrongState
from web.desk.events import SYSTEM, Actor
from web.desk.handout import rings
from web.desk.models import Agent, Conversation, Event
from web.desk.transitions import advance


def claim(
    session: Session, conversation_id: str, agent: Agent, now: datetime, *, offered: bool = False
) -> Event:
    """Give a waiting conversation to an agent; of several at once exactly one gets it.

    offered: it rang at them; an urgent one then is one more than they otherwise take.
    Raises NotFound, NotYours (another was quicker), WrongState, Full (as many chats as they take),
    Reserved (for the agent who had this customer last, or to whom it rings).
    """
    conversation = hold(session, conversation_id)
    if conversation.owner == "queue":
        until, other = conversation.preferred_until, conversation.preferred_id != agent.id
        if other and until is not None and until > now and not conversation.urgent:
            raise Reserved(f"{conversation_id} is kept for agent {conversation.preferred_id}")
        asked = [ring.agent_id for ring in rings.of_case(session, conversation_id, now)]
        if asked and agent.id not in asked and not conversation.urgent:
            raise Reserved(f"{conversation_id} is offered to agents {asked}")
        _make_room(session, agent.id, more=int(offered and conversation.urgent))
    return advance(
        session,
        conversation_id,
        "claim",
        Actor("agent", agent.display),
        now,
        agent_id=agent.id,
        case={"agent_id": agent.id, "claimed_at": now},
        front=False,
        agent_read=0,
    )


def give_back(
    session: Session,
    conversation_id: str,
    agent: Agent,
    now: datetime,
    *,
    reason: str = "agent",
) -> Event:
    """Put an agent's conversation back into the queue, where its waiting time still counts.

    Raises NotFound, NotYours, WrongState.
    """
    case = current(session, hold(session, conversation_id))
    life = case is not None and is_life(case.topic, urgent=case.urgent)
    return advance(
        session,
        conversation_id,
        "return",
        Actor("agent", agent.display),
        now,
        agent_id=agent.id,
        data={"reason": reason},
        case={"agent_id": None, "claimed_at": None},
        front=life,
    )


def transfer(
    session: Session,
    conversation_id: str,
    agent: Agent,
    to: int | None,
    note: str,
    now: datetime,
    silence: timedelta = SILENCE,
) -> Event:
    """Hand a conversation to a colleague who is there, or to the queue (to=None), with a note.

    Raises NotFound, NotYours, WrongState, NotThere (the colleague is away), Full.
    """
    conversation = hold(session, conversation_id)
    if conversation.owner != "agent":
        raise WrongState(f"{conversation_id} is with {conversation.owner}")
    if conversation.agent_id != agent.id:
        raise NotYours(f"another agent owns {conversation_id}")
    if note.strip():
        notes.write(session, conversation_id, agent, note, now)
    if to is None:
        return give_back(session, conversation_id, agent, now, reason="transfer")
    colleague = session.get(Agent, to, populate_existing=True)
    is_agent = colleague is not None and colleague.active and colleague.role in ROLES
    if colleague is None or not is_agent or to == agent.id:
        raise NotFound(f"no colleague {to}")
    there = select(Agent.id).where(
        Agent.id == to, Agent.status == "online", seen(Agent.id, now - silence)
    )
    if session.scalar(there) is None:
        raise NotThere(f"agent {to} is not there")
    _make_room(session, to)
    return advance(
        session,
        conversation_id,
        "transfer",
        Actor("agent", agent.display),
        now,
        agent_id=agent.id,
        to=to,
        data={"to": colleague.display},
        case={"agent_id": to},
        agent_read=0,
    )


def take_over(session: Session, conversation_id: str, lead: Agent, now: datetime) -> Event:
    """Take a conversation out of an agent's hands; who may is the caller's to check.

    A seat is asked of nobody: whoever takes over has looked. Raises NotFound, WrongState (nobody
    has it, the lead has, or a call is under way in it).
    """
    conversation = hold(session, conversation_id)
    if conversation.owner != "agent" or conversation.agent_id == lead.id:
        raise WrongState(f"{conversation_id} is in no colleague's hands")
    callback = bookings.current(session, conversation_id)
    calling = callback is not None and callback.state == "calling"
    if calling or calls.current(session, conversation_id) is not None:
        raise WrongState(f"a call is under way in {conversation_id}")
    before = session.get_one(Agent, conversation.agent_id)
    return advance(
        session,
        conversation_id,
        "take_over",
        Actor("agent", before.display),
        now,
        agent_id=lead.id,
        data={"to": lead.display, "reason": "lead"},
        case={"agent_id": lead.id, "claimed_at": now},
        agent_read=0,
    )


def lose(
    session: Session, conversation_id: str, agent: Agent, now: datetime, limit: datetime
) -> Event:
    """Take a conversation from an agent who has been silent since `limit`, to the queue's front.

    Raises NotFound, NotYours, WrongState (also when the agent is back).
    """
    conversation = hold(session, conversation_id)
    if conversation.owner != "agent" or conversation.agent_id != agent.id:
        raise WrongState(f"{conversation_id} is no longer with agent {agent.id}")
    gone = Actor("agent", agent.display)
    callback = bookings.current(session, conversation_id)
    if callback is not None and callback.agent_id == agent.id and callback.taken_at is not None:
        # Nobody waits in the chat for a call that was only about to be made: it is made later.
        since = callback.taken_at
        if session.scalar(select(Agent.id).where(Agent.id == agent.id, seen(Agent.id, limit))):
            raise WrongState(f"agent {agent.id} is back")
        bookings.advance(session, callback.id, "release", agent_id=None, taken_at=None)
        put = stations.put_down(session, conversation_id, agent, since, now)
        if put is not None:
            return put
    left = events.append(session, conversation_id, "agent_left", gone, {"reason": "lost"}, now)
    return advance(
        session,
        conversation_id,
        "lose",
        SYSTEM,
        now,
        agent_id=agent.id,
        data={"reason": "lost"},
        cause=left.id,
        guards=(~seen(agent.id, limit),),
        case={"agent_id": None, "claimed_at": None},
        front=True,
    )


def silent(session: Session, limit: datetime) -> list[tuple[str, Agent]]:
    """List the conversations whose agents have shown no sign of life since `limit`."""
    query = (
        select(Conversation.id, Agent)
        .join(Agent, Agent.id == Conversation.agent_id)
        .where(Conversation.owner == "agent", ~seen(Agent.id, limit))
        .order_by(Conversation.queued_at, Conversation.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def close(
    session: Session, conversation_id: str, agent: Agent, now: datetime, *, idle: bool = False
) -> Event:
    """End the agent's part; the bot owns the conversation again and owes a word to the customer.

    idle: time does it, for the customer is gone. Raises NotFound, NotYours, WrongState.
    """
    event = advance(
        session,
        conversation_id,
        "close",
        SYSTEM if idle else Actor("agent", agent.display),
        now,
        agent_id=agent.id,
        data={"reason": "idle"} if idle else None,
        case={"ended_at": now, "email": None},
        queued_at=None,
        urgent=False,
    )
    turns.owe(session, conversation_id, event.id, now)
    return event


def _make_room(session: Session, agent_id: int, more: int = 0) -> None:
    """Keep other claims of an agent waiting and see that they may have one more; raises Full.

    more: how many beyond what they take are allowed.

    The conversation is always locked before the agent, so that no two writers wait for each other.
    """
    agent = session.scalars(
        select(Agent)
        .where(Agent.id == agent_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if agent is None:
        raise NotFound(f"no agent {agent_id}")
    query = select(func.count()).select_from(Conversation)
    chats = session.scalar(query.where(Conversation.agent_id == agent_id)) or 0
    if chats >= agent.max_chats + more:
        raise Full(f"agent {agent_id} has {chats} chats")
