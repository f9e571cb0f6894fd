"""What the shield held of the staff's own messages: who, when and of what kind, never the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.audit.models import AuditEntry
from web.desk.models import Agent, Conversation

SHOWN = timedelta(hours=24)
ALARMING = timedelta(hours=1)
MOST = 20


@dataclass(frozen=True, slots=True)
class Held:
    """One message that was held. conversation: where it was meant to go, None of an editor's.

    seconds: since then. fresh: an alarm still.
    """

    who: str
    kinds: tuple[str, ...]
    conversation: str | None
    seconds: int
    fresh: bool


def held(session: Session, now: datetime) -> list[Held]:
    """List what was held within a day, the newest first."""
    query = (
        select(AuditEntry, Agent.display, Conversation.id)
        .outerjoin(Agent, Agent.name == AuditEntry.who)
        .outerjoin(Conversation, Conversation.id == AuditEntry.object)
        .where(AuditEntry.action == "held", AuditEntry.at >= now - SHOWN)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    )
    return [
        Held(
            who=display or entry.who,
            kinds=tuple(entry.reason.split()),
            conversation=conversation,
            seconds=int((now - entry.at).total_seconds()),
            fresh=entry.at >= now - ALARMING,
        )
        for entry, display, conversation in session.execute(query)
    ]
