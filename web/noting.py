"""Notes what was asked, how it ranked and what came of it, for the editors' report."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from web.assistant.replies import Escalate, Missed, Reply, Step, Understood
from web.desk import asked

if TYPE_CHECKING:
    from search import Ranking
    from web.services import Services

log = logging.getLogger(__name__)


def note_message(
    session: Session,
    conversation_id: str,
    text: str,
    understood: Understood | None,
    steps: Sequence[Step],
    now: datetime,
) -> None:
    """Note a customer's free text, unless it only replies to what the bot had asked."""
    if understood is None or (understood.topic not in (None, "human") and not _missed(steps)):
        return
    outcome = _outcome(steps)
    if outcome == "flow" and understood.band != "answer":
        return
    asked.record(
        session,
        text,
        understood.band,
        understood.confidence,
        understood.faq_id,
        now,
        place="chat",
        outcome=outcome,
        conversation_id=conversation_id,
    )


def note_search(web: Services, query: str, ranking: Ranking, now: datetime) -> None:
    """Note a search of the help center; a search is never lost over its note.

    Of one address, and of all of them together, only so many: a script would fill the disk and
    drown what customers ask.
    """
    if not (web.notes.allows_here() and web.all_notes.allows("")):
        return
    try:
        with web.database.write() as session:
            asked.record(
                session,
                query,
                ranking.band,
                ranking.confidence,
                ranking.hits[0].id if ranking.hits else None,
                now,
                place="search",
            )
    except SQLAlchemyError:
        log.exception("a search was not noted")


def _missed(steps: Sequence[Step]) -> bool:
    return any(isinstance(step, Missed) for step in steps)


def _outcome(steps: Sequence[Step]) -> str:
    replies = [step for step in steps if isinstance(step, Reply)]
    if any(isinstance(step, Escalate) for step in steps):
        return "human"
    if any(reply.faq_id for reply in replies):
        return "answer"
    if _missed(steps):
        return "unknown"
    if any(button.payload.startswith("/faq") for reply in replies for button in reply.buttons):
        return "offer"
    return "flow"
