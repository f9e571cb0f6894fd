"""What agents write for each other; customers never see it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from web.desk import events
from web.desk.conversations import hold
from web.desk.events import Actor
from web.desk.masking import mask
from web.desk.models import Agent, Event
from web.desk.texts import clean


def write(
    session: Session,
    conversation_id: str,
    agent: Agent,
    text: str,
    now: datetime,
    client_id: str | None = None,
) -> Event:
    """Store a note, masked, once for a client id; raises NotFound."""
    hold(session, conversation_id)
    if client_id is not None:
        stored = events.of_client(session, conversation_id, "agent", client_id)
        if stored is not None:
            return stored
    shown = mask(clean(text).strip(), "order_number")[0]
    actor = Actor("agent", agent.display)
    return events.append(
        session, conversation_id, "note", actor, {"text": shown}, now, client_id=client_id
    )
