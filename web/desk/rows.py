"""Conversations as rows of the desk, many at once: as many statements for one as for hundreds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, func, select, type_coerce
from sqlalchemy.orm import Session

from web.desk import events, tags
from web.desk.events import timestamp
from web.desk.masking import whose
from web.desk.models import Agent, Conversation, Escalation, Event

LIFE = "life"  # topic of a case in which somebody's life is in danger
FACTS = ("amount", "time", "order_number", "error_text")
SHOWN = 120  # characters of a line


def of_conversations(
    session: Session,
    found: Sequence[Conversation],
    now: datetime,
    places: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """Show conversations as rows, in their order, each with its card and what it is about.

    problem: the card's, else the customer's first unanswered question, else their newest own words;
    what tells who it was is hidden there, as everybody at the desk reads it.
    """
    ids = [one.id for one in found]
    cases = _cases(session, found)
    agents = names(session, {one.agent_id for one in found} | {one.preferred_id for one in found})
    last = _newest(session, ids)
    cards = {one.id: _card(one, cases) for one in found}
    labels = tags.of_cases(session, list(cases))
    vague = [one for one in ids if not about(cards[one])]
    said = own_words(session, vague)
    rows = []
    for one in found:
        case = cases.get(one.escalation_id) if one.escalation_id else None
        card = cards[one.id]
        since = one.queued_at
        reserved = one.preferred_until is not None and one.preferred_until > now
        rows.append(
            {
                "id": one.id,
                "name": one.name,
                "signed_in": one.subject is not None,
                "channel": one.channel,
                "page": one.page,
                "owner": one.owner,
                "agent": agents.get(one.agent_id),
                "topic": case.topic if case else None,
                "reason": case.reason if case else None,
                "number": case.number if case else None,
                "case": case.state if case else None,
                "tags": labels.get(case.id, []) if case else [],
                "urgent": one.urgent,
                "life": case is not None and case.topic == LIFE and case.urgent,
                "front": one.front,
                "place": (places or {}).get(one.id),
                "queued_at": timestamp(since) if since else None,
                "waiting_seconds": waited(since, now),
                "problem": whose(about(card) or said.get(one.id) or "")[:SHOWN],
                "facts": [str(card[name])[:40] for name in FACTS if card.get(name)],
                "had_by": agents.get(one.preferred_id),
                "had_by_id": one.preferred_id,
                "reserved_until": timestamp(one.preferred_until)
                if reserved and one.preferred_until
                else None,
                "card": card,
                "last": last.get(one.id),
                "last_event": one.last_event,
                "read": {"customer": one.customer_read, "agent": one.agent_read},
            }
        )
    return rows


# The columns by which a changed row is known: what changes a case leaves an event.
MARKS = (
    Conversation.id,
    Conversation.last_event,
    Conversation.owner,
    Conversation.agent_id,
    Conversation.escalation_id,
    Conversation.urgent,
    Conversation.front,
    # Compared and never read, so its zone is left out: that would be work for each row.
    type_coerce(Conversation.queued_at, DateTime()).label("since"),
    Conversation.name,
    Conversation.subject,
    Conversation.page,
    Conversation.preferred_id,
    Conversation.preferred_until,
    Conversation.customer_read,
    Conversation.agent_read,
)


def waited(since: datetime | None, now: datetime) -> int | None:
    """Count the seconds that a customer has waited; None where they don't."""
    return max(0, int((now - since).total_seconds())) if since else None


def names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Read the shown names of agents."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    found = session.execute(select(Agent.id, Agent.display).where(Agent.id.in_(wanted)))
    return {row[0]: row[1] for row in found}


def own_words(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Read the newest words that each customer typed themselves; buttons are none."""
    typed = (
        events.is_one_of("message"),
        Event.actor_kind == "customer",
        Event.data["payload"].as_string().is_(None),
    )
    return {
        event.conversation_id: str(event.data.get("text", ""))
        for event in last_of(session, ids, *typed)
    }


def written_since(session: Session, since: Mapping[str, int]) -> set[str]:
    """Find the conversations whose customer has written since: {conversation: event id}."""
    said = events.is_one_of("message", "attachment"), Event.actor_kind == "customer"
    newest = last_of(session, list(since), *said)
    return {one.conversation_id for one in newest if one.id > since[one.conversation_id]}


def unread(session: Session, mine: Sequence[str]) -> dict[str, int]:
    """Count the customers' messages and pictures that the agent of each has not seen."""
    if not mine:
        return {}
    query = (
        select(Event.conversation_id, func.count())
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(
            Conversation.id.in_(mine),
            Event.id > Conversation.agent_read,
            events.is_one_of("message", "attachment"),
            Event.actor_kind == "customer",
        )
        .group_by(Event.conversation_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _cases(session: Session, found: Sequence[Conversation]) -> dict[int, Escalation]:
    ids = [one.escalation_id for one in found if one.escalation_id is not None]
    if not ids:
        return {}
    query = select(Escalation).where(Escalation.id.in_(ids))
    return {case.id: case for case in session.scalars(query)}


def _card(conversation: Conversation, cases: Mapping[int, Escalation]) -> dict[str, Any]:
    case = cases.get(conversation.escalation_id) if conversation.escalation_id else None
    return case.card if case else conversation.card


def about(card: Mapping[str, Any]) -> str:
    """Say what a card is about: its problem, or else the question that nothing answered."""
    asked = card.get("asked") or []
    open_ones = [entry for entry in asked if not entry.get("faq_id")] or asked
    return str(card.get("problem") or (open_ones[-1].get("text") if open_ones else "") or "")


def _newest(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {
        event.conversation_id: {
            "text": str(event.data.get("text", ""))[:SHOWN],
            "at": timestamp(event.at),
            "actor": event.actor_kind,
        }
        for event in last_of(session, ids, events.is_one_of("message"))
    }


def last_of(session: Session, ids: Sequence[str], *which: Any) -> list[Event]:
    """Read the newest event of a kind of each conversation."""
    if not ids:
        return []
    newest = (
        select(Event.conversation_id, func.max(Event.id).label("id"))
        .where(Event.conversation_id.in_(ids), *which)
        .group_by(Event.conversation_id)
        .subquery()
    )
    query = select(Event).join(
        newest,
        (Event.conversation_id == newest.c.conversation_id) & (Event.id == newest.c.id),
    )
    return list(session.scalars(query))
