"""Calls that customers have booked: what customers and agents do with them. See bookings.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from web.desk import cases, events, phones, slots, stations, transitions
from web.desk.bookings import (
    ABANDONED,
    ENDS,
    STEPS,
    UNPROVEN,
    Callback,
    advance,
    current,
    erased,
    find,
    own,
    tell,
    tell_step,
    told,
)
from web.desk.conversations import hold
from web.desk.errors import DeskError, NotYours, WrongState
from web.desk.events import Actor
from web.desk.handout import rings
from web.desk.models import Agent, Conversation
from web.desk.vault import Vault
from web.desk.verification import new_code

PAUSES = (timedelta(minutes=15), timedelta(hours=2))  # before the second and the third attempt
PER_DAY = 3  # bookings of one identity, or for one number, within a day


class AlreadyBooked(DeskError):
    """The conversation has an open callback: move or cancel that one."""


class TooManyBookings(DeskError):
    """This identity, or this number, has had its bookings of the day."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a deployment decides: places a slot, and the regions that are called."""

    capacity: int = 3
    regions: Collection[str] = ("CN", "HK", "MO", "TW")


def book(
    session: Session,
    conversation_id: str,
    number: str,
    start: datetime,
    hours: slots.Opening,
    rules: Rules,
    vault: Vault,
    now: datetime,
    client_id: str | None = None,
    *,
    proof: tuple[str, datetime] | None = None,
) -> Callback:
    """Book a call to a number (as the customer wrote it) for a slot.

    client_id: made by the client; the same one again returns what was booked under it. proof: of
    an anonymous customer's number, the digest of the link sent to it and until when it is good;
    the slot is only held until then, and nothing is told. None books at once.
    Raises BadNumber, NoSlot, SlotFull, AlreadyBooked, TooManyBookings, NotFound.
    """
    plain = phones.normalise(number, rules.regions)
    conversation = hold(session, conversation_id)
    stored = events.of_client(session, conversation_id, "customer", client_id)
    if stored is not None:
        return find(session, int(stored.data["id"]))
    prints = vault.fingerprints(plain)
    open_one = current(session, conversation_id)
    if open_one is not None:
        if proof and open_one.slot == start and open_one.number_hash in prints:
            return open_one  # asked again: the answer was lost
        raise AlreadyBooked(f"{conversation_id} has an open callback")
    who = _who(conversation, vault)
    _check_limits(session, who, prints, now)
    _take_slot(session, start, hours, rules, now)
    callback = Callback(
        conversation_id=conversation_id,
        who=who,
        number=vault.seal(plain),
        number_hash=prints[0],
        number_shown=phones.shown(plain),
        code=new_code(),
        state=UNPROVEN if proof else "booked",
        proof_hash=proof[0] if proof else None,
        proof_until=proof[1] if proof else None,
        slot=start,
        due_at=start,
        created_at=now,
    )
    session.add(callback)
    session.flush()
    if proof is None:
        actor = Actor("customer", conversation.name)
        tell(session, callback, "callback_booked", actor, now, client_id)
    return callback


def move(
    session: Session,
    conversation_id: str,
    start: datetime,
    hours: slots.Opening,
    rules: Rules,
    now: datetime,
) -> Callback:
    """Move the conversation's callback to another slot.

    Raises NoSlot, SlotFull, NotFound, WrongState.
    """
    conversation = hold(session, conversation_id)
    callback = own(session, conversation_id)
    if callback.slot == start:
        return callback
    if callback.state == UNPROVEN:
        raise WrongState(f"callback {callback.id} is not proven yet")
    before = callback.slot
    _take_slot(session, start, hours, rules, now)
    moved = advance(session, callback.id, "move", slot=start, due_at=start, attempts=0)
    rings.end_with_callback(session, callback.id, None, now)
    slots.free(session, before)
    return tell_step(session, moved, "move", Actor("customer", conversation.name), now)


def cancel(session: Session, conversation_id: str, now: datetime) -> Callback:
    """Cancel the conversation's callback; raises NotFound, WrongState."""
    conversation = hold(session, conversation_id)
    callback = own(session, conversation_id)
    if callback.state in ("booked", UNPROVEN) and callback.slot > now:
        slots.free(session, callback.slot)
    if callback.state == UNPROVEN:
        return advance(session, callback.id, "lapse", **erased(now))
    ended = advance(session, callback.id, "cancel", **erased(now))
    rings.end_with_callback(session, callback.id, None, now)
    actor = Actor("customer", conversation.name)
    case = cases.current(session, conversation)
    if case is None or case.state != "callback":
        return tell_step(session, ended, "cancel", actor, now)
    transitions.advance(
        session,
        conversation_id,
        "call_off",
        actor,
        now,
        data=told(ended),
        case={"ended_at": now},
    )
    return ended


def take(session: Session, callback_id: int, agent: Agent, now: datetime) -> Callback:
    """Give a booked call to an agent, who sees its number from now on; exactly one gets it.

    The customer's case is theirs with it. A call that an agent took and never closed can be taken
    over. Raises NotFound, NotYours (a colleague has the call, or the customer's chat).
    """
    found = find(session, callback_id)
    hold(session, found.conversation_id)  # before the callback, as its customer's verbs do
    stale = and_(Callback.state == "calling", Callback.taken_at <= now - ABANDONED)
    abandoned = find(session, callback_id).state == "calling"
    callback = advance(session, callback_id, "take", guard=stale, agent_id=agent.id, taken_at=now)
    rings.end_with_callback(session, callback_id, agent.id, now)
    tell_step(session, callback, "take", Actor("agent", agent.display), now)
    stations.begin(
        session,
        callback.conversation_id,
        agent,
        stations.CALLBACK,
        now,
        from_colleague=abandoned,
    )
    return callback


def release(session: Session, callback_id: int, agent: Agent, now: datetime) -> Callback:
    """Put a taken call back on the list; raises NotFound, NotYours, WrongState."""
    found = find(session, callback_id)
    hold(session, found.conversation_id)
    since = find(session, callback_id).taken_at
    released = advance(session, callback_id, "release", agent=agent, agent_id=None, taken_at=None)
    if since is not None:
        stations.put_down(session, released.conversation_id, agent, since, now)
    return released


def close(
    session: Session,
    callback_id: int,
    agent: Agent,
    outcome: str,
    now: datetime,
    hours: slots.Opening | None = None,
) -> Callback:
    """Note how a call went: "reached", "no_answer" (tried again twice) or "wrong_number".

    Who was called before the time that was agreed on is called at that time, and the try does not
    count; a further try is made when somebody calls at all (hours; None: always). The case stays
    with the agent, who writes what was found or that nobody could be reached; one
    that is tried again is put down until then. Raises NotFound, NotYours, WrongState.
    """
    hold(session, find(session, callback_id).conversation_id)
    found = find(session, callback_id)
    since = found.taken_at
    early = outcome == "no_answer" and now < found.slot
    columns: dict[str, Any] = {"attempts": Callback.attempts + (0 if early else 1)}
    verb = outcome
    if outcome == "no_answer":
        tried = found.attempts + 1
        verb = "retry" if early or tried <= len(PAUSES) else "give_up"
        if verb == "retry":
            due = found.slot if early else slots.open_from(hours, now + PAUSES[tried - 1])
            columns |= {"due_at": due, "agent_id": None, "taken_at": None}
    if STEPS[verb].target in ENDS:
        columns |= erased(now)
    callback = advance(session, callback_id, verb, agent=agent, **columns)
    tell_step(session, callback, verb, Actor("agent", agent.display), now)
    if verb == "retry" and since is not None:
        stations.put_down(session, callback.conversation_id, agent, since, now)
    return callback


def number_of(session: Session, callback_id: int, agent: Agent, vault: Vault) -> str:
    """Open the number for the agent who has taken the call.

    Raises NotFound, NotYours, WrongState.
    """
    callback = find(session, callback_id)
    if callback.state != "calling":
        raise WrongState(f"callback {callback_id} is {callback.state}")
    if callback.agent_id != agent.id:
        raise NotYours(f"another agent calls {callback_id}")
    return vault.open(callback.number)


def reseal(session: Session, vault: Vault) -> int:
    """Seal every number anew under the newest secret; returns how many."""
    kept = session.scalars(select(Callback).where(Callback.number != "").with_for_update()).all()
    for callback in kept:
        callback.number = vault.reseal(callback.number)
        callback.number_hash = vault.fingerprints(vault.open(callback.number))[0]
    session.flush()
    return len(kept)


def _take_slot(
    session: Session, start: datetime, hours: slots.Opening, rules: Rules, now: datetime
) -> None:
    if not slots.is_slot(hours, start, now):
        raise slots.NoSlot(f"{start} cannot be booked")
    slots.take(session, start, rules.capacity)


def _check_limits(session: Session, who: str, prints: list[str], now: datetime) -> None:
    query = select(func.count()).select_from(Callback)
    recent = Callback.created_at > now - timedelta(days=1)
    for same in (Callback.who == who, Callback.number_hash.in_(prints)):
        if (session.scalar(query.where(recent, same)) or 0) >= PER_DAY:
            raise TooManyBookings(f"{PER_DAY} bookings within a day")


def _who(conversation: Conversation, vault: Vault) -> str:
    """Name the identity that limits count by: the customer, or else the conversation."""
    if conversation.subject is None:
        return f"conversation:{conversation.id}"
    return f"subject:{vault.fingerprints(conversation.subject)[0]}"
