"""What a customer has had with us before, for the agent who has them now; cases by their number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.desk import rows, subjects, tags
from web.desk.errors import NotFound
from web.desk.events import timestamp
from web.desk.handlings import Handling
from web.desk.models import Conversation, Escalation

MOST = 20
LOOKED_AT = 2000
NUMBER = re.compile(r"[0-9A-Z]{4,16}")


def of_customer(session: Session, conversation: Conversation) -> list[dict[str, Any]]:
    """List the customer's other cases, the newest first, with who had each in hand.

    A signed-in customer's are those of all their conversations; of anybody else only this
    conversation is known to be theirs.
    """
    same = Conversation.id == conversation.id
    if conversation.subject is not None:
        same = or_(same, Conversation.subject.in_(subjects.known_as(session, conversation.subject)))
    query = (
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(same, Escalation.id != (conversation.escalation_id or 0))
        .order_by(Escalation.id.desc())
        .limit(MOST)
    )
    return _shown(session, session.scalars(query).all())


def search(session: Session, typed: str) -> list[dict[str, Any]]:
    """Find cases whose card, tags or topic hold all of these words, the newest first, untitled.

    What was said is sealed case by case: the newest LOOKED_AT cases are opened and looked through.
    """
    wanted = typed.casefold().split()
    if not wanted:
        return []
    newest = session.scalars(select(Escalation).order_by(Escalation.id.desc()).limit(LOOKED_AT))
    found = []
    cases = newest.all()
    labels = tags.of_cases(session, [case.id for case in cases])
    for case in cases:
        text = " ".join([*map(str, case.card.values()), *labels.get(case.id, ()), case.topic or ""])
        if all(word in text.casefold() for word in wanted):
            found.append(case)
        if len(found) == MOST:
            break
    return [{**row, "title": ""} for row in _shown(session, found)]


def _shown(session: Session, cases: Sequence[Escalation]) -> list[dict[str, Any]]:
    had: dict[int, list[int]] = {}
    handled = select(Handling.escalation_id, Handling.agent_id).where(
        Handling.escalation_id.in_([case.id for case in cases])
    )
    for case_id, agent_id in session.execute(handled.order_by(Handling.id)):
        had.setdefault(case_id, []).append(agent_id)
    known = rows.names(session, {one for ids in had.values() for one in ids})
    return [
        {
            "number": case.number,
            "conversation": case.conversation_id,
            "topic": case.topic,
            "title": rows.about(case.card)[:80],
            "state": case.state,
            "opened_at": timestamp(case.created_at),
            "ended_at": timestamp(case.ended_at) if case.ended_at else None,
            "score": case.score,
            "agents": list(dict.fromkeys(known.get(one, "") for one in had.get(case.id, ()))),
        }
        for case in cases
    ]


def find(session: Session, number: str) -> str:
    """Find the conversation of a case by the number that its customer was told; raises NotFound."""
    wish = number.strip().upper()
    if NUMBER.fullmatch(wish):
        query = select(Escalation.conversation_id).where(Escalation.number == wish)
        found = session.scalars(query).one_or_none()
        if found is not None:
            return found
    raise NotFound("no case of that number")
