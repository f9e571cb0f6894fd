"""Video and audio calls, one to one: what customers, agents and time do with them. See calls.py.

The server matches, and passes on what the two browsers say to each other until they are connected;
sound and picture go between the browsers and are never stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from web.desk import conversations, events, handlings, stations
from web.desk.calls import ENDS, LIVE, Call, advance, current, end, find, is_busy, lock, tell
from web.desk.errors import WrongState
from web.desk.events import SYSTEM, Actor
from web.desk.handout import skills
from web.desk.models import Agent, Conversation
from web.desk.verification import new_code

RING = timedelta(seconds=30)  # then the next agent is rung
WAIT = timedelta(seconds=90)  # for somebody to answer
CONNECT = timedelta(seconds=45)  # for two browsers to find each other
SILENCE = timedelta(seconds=25)  # without a sign of life the side has gone
RELOAD = timedelta(seconds=10)  # for a page that was left to be there again


def request(
    session: Session,
    conversation_id: str,
    media: str,
    online: Collection[int],
    now: datetime,
    client_id: str | None = None,
) -> Call:
    """Ask for a call and ring an agent who is there and free.

    media: "video" or "audio". online: ids of the agents at their desks. A second request while
    one lives returns that one, and so does the same client_id once it is over. Raises NotFound.
    """
    conversation = conversations.hold(session, conversation_id)
    stored = events.of_client(session, conversation_id, "customer", client_id)
    if stored is not None:
        return find(session, str(stored.data["call"]), conversation_id)
    live = current(session, conversation_id)
    if live is not None:
        return live
    call = Call(
        id=secrets.token_urlsafe(16),
        conversation_id=conversation_id,
        media=media,
        state="requested",
        code=new_code(),
        refused=[],
        created_at=now,
        customer_seen_at=now,
    )
    session.add(call)
    session.flush()
    actor = Actor("customer", conversation.name)
    tell(session, call, "call_requested", actor, now, client_id)
    return match(session, call.id, online, now)


def match(session: Session, call_id: str, online: Collection[int], now: datetime) -> Call:
    """Ring the next free agent of a call that waits; end it when nobody is left to ring."""
    call = lock(session, call_id)
    if call.state != "requested":
        return call
    conversation = conversations.find(session, call.conversation_id)
    left = [agent_id for agent_id in online if agent_id not in call.refused]
    if not left:
        if not call.refused:
            return end(session, call_id, "miss", SYSTEM, now, reason="nobody_there")
        return end(session, call_id, "decline", SYSTEM, now, reason="refused")
    # Locked, so that two calls at once do not ring the same agent; in order, so that none waits
    # for the other.
    rows = select(Agent.id).where(Agent.id.in_(left)).order_by(Agent.id)
    session.execute(rows.with_for_update(key_share=True)).all()
    for agent_id in _in_order(session, left, conversation, now):
        if not is_busy(session, agent_id):
            return advance(
                session, call_id, "ring", agent_id=agent_id, rung_at=now, agent_seen_at=now
            )
    return call


def accept(
    session: Session, call_id: str, agent: Agent, now: datetime, page: str | None = None
) -> Call:
    """Take a call that rings for this agent, and the customer's case with it.

    page: the one of the agent's pages that holds it; the others leave it alone. Raises NotFound,
    NotYours, WrongState.
    """
    call = advance(
        session,
        call_id,
        "accept",
        agent=agent,
        accepted_at=now,
        agent_seen_at=now,
        agent_page=page,
    )
    tell(session, call, "call_accepted", Actor("agent", agent.display), now)
    stations.begin(session, call.conversation_id, agent, stations.CALL, now, from_colleague=True)
    return call


def refuse(
    session: Session, call_id: str, agent: Agent, online: Collection[int], now: datetime
) -> Call:
    """Refuse a call: the next agent is rung; raises NotFound, NotYours, WrongState."""
    call = lock(session, call_id)
    refused = [*call.refused, agent.id]
    advance(session, call_id, "refuse", agent=agent, agent_id=None, rung_at=None, refused=refused)
    return match(session, call_id, online, now)


def connect(session: Session, call_id: str, now: datetime) -> Call:
    """Note that sound or picture arrive; a second word of it changes nothing.

    Raises NotFound, WrongState.
    """
    call = lock(session, call_id)
    if call.state == "connected":
        return call
    call = advance(session, call_id, "connect", connected_at=now)
    tell(session, call, "call_connected", SYSTEM, now)
    return call


def hang_up(session: Session, call_id: str, actor: Actor, now: datetime) -> Call:
    """End a call from either side, whatever it is at; one that is over stays as it is."""
    call = lock(session, call_id)
    if call.state in ENDS:
        return call
    reason = "hung_up" if call.state == "connected" else "cancelled"
    return end(session, call_id, "hang_up", actor, now, reason=reason)


def fail(session: Session, call_id: str, reason: str, now: datetime) -> Call:
    """Note that the two browsers could not be connected, or lost each other; raises WrongState."""
    call = lock(session, call_id)
    if call.state in ENDS:
        return call
    return end(session, call_id, "fail", SYSTEM, now, reason=reason)


def rejoin(
    session: Session, call_id: str, side: str, now: datetime, page: str | None = None
) -> Call:
    """Let a side come again from a page that was loaded anew, or another page of the agent.

    Both browsers begin their line anew under the call's next epoch; a customer may also come again
    while it still rings. Raises NotFound, WrongState when the call is over or not yet taken.
    """
    call = lock(session, call_id)
    if call.state not in (LIVE if side == "customer" else ("connecting", "connected")):
        raise WrongState(f"rejoin: call {call_id} is {call.state}")
    call.epoch += 1
    if side == "agent":
        call.agent_page, call.agent_seen_at, call.agent_away_at = page, now, None
    else:
        call.customer_seen_at, call.customer_away_at = now, None
    if call.state == "connecting":
        call.accepted_at = now  # the two browsers get their time once more
    session.flush()
    return call


def step_out(
    session: Session,
    call_id: str,
    side: str,
    now: datetime,
    page: str | None = None,
    epoch: int | None = None,
) -> None:
    """Note that a side's page was left; a reload brings it back before the call ends for it.

    epoch: the one that the customer's page knew; where it has come again since, this came late.
    """
    call = lock(session, call_id)
    if side == "customer" and call.state in LIVE:
        if epoch is None or epoch >= call.epoch:
            call.customer_away_at = now
    elif call.state in ("connecting", "connected") and call.agent_page == page:
        call.agent_away_at = now
    session.flush()


def sign_of_life(session: Session, call_id: str, side: str, now: datetime) -> None:
    """Note that the customer's or the agent's page is still there."""
    column = "customer_seen_at" if side == "customer" else "agent_seen_at"
    session.execute(
        update(Call)
        .where(Call.id == call_id, Call.state.in_(LIVE))
        .values({column: now})
        .execution_options(synchronize_session=False)
    )


def sweep(session: Session, online: Collection[int], now: datetime) -> list[Call]:
    """Move on every call that waits for somebody who does not come; returns those that changed."""
    changed = []
    # The longest waiting first: an agent who became free is rung for that one.
    waiting = select(Call.id).where(Call.state.in_(LIVE)).order_by(Call.created_at, Call.id)
    for call_id in session.scalars(waiting).all():
        call = lock(session, call_id)
        before = (call.state, call.agent_id)
        after = _move_on(session, call, online, now)
        if (after.state, after.agent_id) != before:
            changed.append(after)
    return changed


def _move_on(session: Session, call: Call, online: Collection[int], now: datetime) -> Call:
    if now - call.customer_seen_at > SILENCE or _stays_away(call.customer_away_at, now):
        verb = "miss" if call.state in ("requested", "ringing") else "hang_up"
        return end(session, call.id, verb, SYSTEM, now, reason="customer_gone")
    if call.state in ("requested", "ringing") and now - call.created_at > WAIT:
        return end(session, call.id, "miss", SYSTEM, now, reason="no_answer")
    if call.state == "ringing":
        rung = call.rung_at or call.created_at
        if now - rung > RING or call.agent_id not in online:
            refused = [*call.refused, *([call.agent_id] if call.agent_id else [])]
            advance(session, call.id, "unanswered", agent_id=None, rung_at=None, refused=refused)
            return _next(session, call.id, online, now)
    if call.state == "requested":
        return match(session, call.id, online, now)
    if call.state == "connecting" and now - (call.accepted_at or now) > CONNECT:
        return end(session, call.id, "fail", SYSTEM, now, reason="not_connected")
    if call.state not in ("connecting", "connected"):
        return call
    if now - (call.agent_seen_at or now) > SILENCE or _stays_away(call.agent_away_at, now):
        return end(session, call.id, "fail", SYSTEM, now, reason="agent_gone")
    return call


def _stays_away(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since > RELOAD


def _next(session: Session, call_id: str, online: Collection[int], now: datetime) -> Call:
    """Ring the next agent after one who did not answer; nobody left means missed, not refused."""
    call = lock(session, call_id)
    if all(agent_id in call.refused for agent_id in online):
        return end(session, call_id, "miss", SYSTEM, now, reason="no_answer")
    return match(session, call_id, online, now)


def _in_order(
    session: Session, online: Collection[int], conversation: Conversation, now: datetime
) -> list[int]:
    """Ring first who has the chat, then who had the customer last, then who is good at the topic.

    Among the same, whoever has not been rung for longest.
    """
    own, topic = conversation.agent_id, conversation.card.get("topic")
    before = handlings.last_agent(session, conversation.id, now)
    good = skills.of_all(session)
    last = select(Call.agent_id, func.max(Call.rung_at)).where(Call.agent_id.in_(online))
    rung = {
        agent_id: at.timestamp()
        for agent_id, at in session.execute(last.group_by(Call.agent_id))
        if at is not None
    }

    def place(agent_id: int) -> tuple[bool, bool, bool, float, int]:
        other = topic is not None and topic not in good.get(agent_id, {topic})
        return agent_id != own, agent_id != before, other, rung.get(agent_id, 0), agent_id

    return sorted(online, key=place)
