"""What customers think of how a case went: one to five, and a word."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from web.desk import events
from web.desk.cases import current
from web.desk.conversations import hold
from web.desk.errors import WrongState
from web.desk.events import Actor
from web.desk.masking import mask
from web.desk.models import Escalation, Event
from web.desk.texts import clean
from web.desk.transitions import ENDED


def rate(
    session: Session,
    conversation_id: str,
    score: int,
    comment: str | None,
    now: datetime,
    client_id: str | None = None,
) -> Event:
    """Rate the case that has ended, once for each time it ended; raises NotFound, WrongState.

    client_id: made by the client; the same one again returns what it did.
    """
    conversation = hold(session, conversation_id)
    stored = events.of_client(session, conversation_id, "customer", client_id)
    if stored is not None:
        return stored
    case = current(session, conversation)
    if case is None or not may_rate(case):
        raise WrongState(f"{conversation_id} has nothing to rate")
    case.score, case.rated_at = score, now
    session.flush()
    words = mask(clean(comment).strip())[0] if comment else ""
    data = {"score": score, "comment": words or None, "number": case.number}
    actor = Actor("customer", conversation.name)
    return events.append(session, conversation_id, "rated", actor, data, now, client_id=client_id)


def may_rate(case: Escalation) -> bool:
    """Tell whether a case has ended and was not rated since."""
    ended = case.state in ENDED and case.ended_at is not None
    return ended and (case.rated_at is None or case.rated_at < case.ended_at)  # type: ignore[operator]
