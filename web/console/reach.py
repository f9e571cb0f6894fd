"""Lets an agent open what is theirs, and anything else with a reason that is recorded."""

from __future__ import annotations

from datetime import timedelta

from flask import request

from web.audit import chain
from web.console.login import agent
from web.desk import conversations, reach, reasons
from web.desk.errors import NeedsReason
from web.services import services, utc_now
from web.wallet import proposals

LASTS = timedelta(minutes=30)  # for which a reason once given holds for one conversation


def need_to_know(conversation_id: str) -> None:
    """Raise NeedsReason where the agent has no business and has given no reason; NotFound.

    Raises ThinReason for a reason that says nothing, also where none was needed: it would stand in
    the record and hold for later. What is read with a reason is written down by web/audit/watch.py.
    """
    web, me = services(), agent()
    reason = request.args.get("reason", "")
    if reason.strip():
        reasons.require(reason)
        return
    with web.database.read() as session:
        if reach.is_theirs(session, conversations.find(session, conversation_id), me):
            return
        if web.helper is not None and proposals.is_open(session, conversation_id, me.id):
            return
        if chain.gave_reason(session, me.name, conversation_id, utc_now() - LASTS):
            return
    raise NeedsReason(f"{conversation_id} is neither theirs nor waiting")
