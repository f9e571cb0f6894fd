"""Who owns a conversation, what its case is at, and every way in which that changes. One table.

A transition is one guarded UPDATE of the conversation and one of its case; when either changes no
row, another was quicker or the state does not allow it. Its event is written in the same
transaction.

Owners: bot, queue, agent. A case waits (owner queue), is claimed (owner agent), or is with nobody
(owner bot): left, closed, a ticket to be answered later, an answered one, or one whose customer is
to be called. Calls and callbacks are stations of a case, see stations.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from web.desk import events, handlings, promises
from web.desk.errors import NotFound, NotYours, WrongState
from web.desk.events import Actor
from web.desk.handout import rings
from web.desk.models import Conversation, Escalation, Event


@dataclass(frozen=True, slots=True)
class Transition:
    """From which owners and states of the case to which, and the event that it leaves.

    A case is "new" only until the caller's transaction moves it on. owner_only: only the agent who
    has the conversation may do it.
    """

    sources: tuple[str, ...]
    target: str
    event: str
    cases: tuple[str, ...]
    case: str
    owner_only: bool = False


TRANSITIONS = {
    "escalate": Transition(
        ("bot",), "queue", "escalated", ("new", "ticket", "callback"), "waiting"
    ),
    "hasten": Transition(("queue",), "queue", "hastened", ("waiting",), "waiting"),
    "leave": Transition(("queue",), "bot", "queue_left", ("waiting",), "left"),
    "rejoin": Transition(("bot",), "queue", "queue_returned", ("left",), "waiting"),
    "reopen": Transition(("bot",), "queue", "reopened", ("closed", "answered"), "waiting"),
    "claim": Transition(("queue",), "agent", "agent_joined", ("waiting",), "claimed"),
    "return": Transition(("agent",), "queue", "requeued", ("claimed",), "waiting", owner_only=True),
    "transfer": Transition(
        ("agent",), "agent", "transferred", ("claimed",), "claimed", owner_only=True
    ),
    "lose": Transition(("agent",), "queue", "requeued", ("claimed",), "waiting", owner_only=True),
    "take_up": Transition(
        ("bot",), "agent", "agent_joined", ("new", "ticket", "callback", "left"), "claimed"
    ),
    "take_over": Transition(("agent",), "agent", "transferred", ("claimed",), "claimed"),
    "put_off": Transition(
        ("agent",), "bot", "agent_left", ("claimed",), "callback", owner_only=True
    ),
    "set_aside": Transition(
        ("agent",), "bot", "agent_left", ("claimed",), "ticket", owner_only=True
    ),
    "call_off": Transition(("bot",), "bot", "callback_cancelled", ("callback",), "left"),
    "close": Transition(("agent",), "bot", "closed", ("claimed",), "closed", owner_only=True),
    "file": Transition(("bot",), "bot", "ticket_opened", ("new", "callback"), "ticket"),
    "shelve": Transition(("queue",), "bot", "ticket_opened", ("waiting",), "ticket"),
    "unqueue": Transition(("queue",), "bot", "queue_left", ("waiting",), "ticket"),
    "answer": Transition(("bot",), "bot", "ticket_answered", ("ticket",), "answered"),
}
OPEN = ("waiting", "claimed", "ticket", "callback")  # cases that people still owe something
ENDED = ("closed", "answered")  # cases that may be rated and taken up again


def advance(
    session: Session,
    conversation_id: str,
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    agent_id: int | None = None,
    to: int | None = None,
    data: dict[str, Any] | None = None,
    cause: int | None = None,
    guards: Sequence[ColumnElement[bool]] = (),
    case: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Event:
    """Carry out one transition and write its event.

    agent_id: the agent who acts, and who has the conversation afterwards unless `to` names
    another. guards: further conditions on the conversation. case, columns: what else of the case
    and of the conversation changes. Raises NotFound, NotYours (another agent owns it) or
    WrongState; the caller's transaction must then be undone.
    """
    rule = TRANSITIONS[verb]
    guard = [Conversation.id == conversation_id, Conversation.owner.in_(rule.sources), *guards]
    if rule.owner_only:
        guard.append(Conversation.agent_id == agent_id)
    changed = session.execute(
        update(Conversation)
        .where(*guard)
        .values(
            owner=rule.target,
            agent_id=(to or agent_id) if rule.target == "agent" else None,
            updated_at=now,
            **columns,
        )
        .returning(Conversation.queued_at)
        .execution_options(synchronize_session=False)
    ).all()
    if len(changed) != 1:
        raise _refusal(session, conversation_id, verb, agent_id)
    number = (
        select(Conversation.escalation_id)
        .where(Conversation.id == conversation_id)
        .scalar_subquery()
    )
    moved = session.execute(
        update(Escalation)
        .where(Escalation.id == number, Escalation.state.in_(rule.cases))
        .values(state=rule.case, **(case or {}))
        .returning(Escalation.id)
        .execution_options(synchronize_session=False)
    ).all()
    if len(moved) != 1:
        raise WrongState(f"{verb}: the case of {conversation_id} does not allow it")
    if "queue" in rule.sources and rule.target != "queue":
        promises.judge(session, conversation_id, now, served=rule.target == "agent")
        rings.end_with_wait(session, conversation_id, agent_id, now)
    if "agent" in rule.sources or "ticket" in rule.cases:
        handlings.end(session, conversation_id, verb, now)
    taker = (to or agent_id) if rule.target == "agent" else None
    if taker is not None:
        since = changed[0][0] if verb == "claim" else None
        handlings.begin(session, conversation_id, moved[0][0], taker, verb, now, since)
    return events.append(session, conversation_id, rule.event, actor, data or {}, now, cause=cause)


def _refusal(
    session: Session, conversation_id: str, verb: str, agent_id: int | None
) -> NotFound | NotYours | WrongState:
    found = session.get(Conversation, conversation_id, populate_existing=True)
    if found is None:
        return NotFound(f"no conversation {conversation_id}")
    if found.owner == "agent" and found.agent_id != agent_id:
        return NotYours(f"{verb}: another agent owns {conversation_id}")
    return WrongState(f"{verb}: {conversation_id} is with {found.owner}")
