"""Finishes the answers that a process owed when it died: greetings, messages, words of farewell.

The database is the list of duties: a turn is written with the message that it answers, and stays
owed until its replies are stored. So nobody's client has to come again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from web.assistant.turn import Assistant
from web.desk import leases, turns
from web.desk.database import Database

log = logging.getLogger(__name__)
LEASE = "owed"
PERIOD = timedelta(seconds=1)
AT_ONCE = 64  # turns of one sweep
SIDE_BY_SIDE = 8  # conversations; customers who are there come first


def sweep(database: Database, assistant: Assistant, now: datetime) -> int:
    """Give every answer whose taker has gone; returns how many were taken.

    One process of all looks; which turn is whose is decided turn by turn.
    """
    if assistant.stopping:
        return 0
    with database.read() as session:
        found = turns.abandoned(session, now, assistant.lease, AT_ONCE)
    if not found or leases.take(database, LEASE, PERIOD, now) is None:
        return 0
    talks: dict[str, list[int]] = {}
    for conversation_id, event_id in found:
        talks.setdefault(conversation_id, []).append(event_id)
    log.info("owed: %d answers in %d conversations", len(found), len(talks))
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(talks)), "owed") as threads:
        return sum(threads.map(lambda talk: _finish(assistant, *talk), talks.items()))


def _finish(assistant: Assistant, conversation_id: str, events: Sequence[int]) -> int:
    """Give a conversation's answers in the order of its messages."""
    taken = 0
    for event_id in sorted(events):
        try:
            taken += assistant.take_over(conversation_id, event_id)
        except Exception as error:
            # Taken again when the lease is over; a later message must not be answered before.
            log.warning("owed: not answered yet: %s", type(error).__name__)
            break
    return taken
