"""What an agent's console shows beside the queue: the booked calls, and the call that rings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from web.desk import bookings, callback_list, calls
from web.desk.handout import offers
from web.desk.models import Conversation


def of_agent(
    session: Session, agent_id: int, now: datetime, listing: callback_list.Listing | None = None
) -> dict[str, Any]:
    """Show {"callbacks": rows, the most urgent first, "callbacks_total", "call", "offer"}.

    call, offer: what rings at the agent or goes on there, None without. listing: the agent's, where
    they were shown one already.
    """
    call = calls.of_agent(session, agent_id)
    shown = None
    if call is not None:
        conversation = session.get(Conversation, call.conversation_id)
        name = conversation.name if conversation else None
        shown = {**calls.as_json(session, call), "name": name, "page": call.agent_page}
    listed = (listing or callback_list.Listing(agent_id)).look(session, now)
    total = len(listed) if len(listed) < callback_list.LISTED else callback_list.count(session)
    offer = offers.shown(session, agent_id, now)
    return {"callbacks": listed, "callbacks_total": total, "call": shown, "offer": offer}


def of_customer(session: Session, conversation_id: str) -> dict[str, Any]:
    """Show {"callback", "call"}: what is open in a conversation, with its codes, or None."""
    callback = bookings.current(session, conversation_id)
    call = calls.current(session, conversation_id)
    return {
        "callback": bookings.for_customer(callback) if callback else None,
        "call": calls.as_json(session, call) if call else None,
    }
