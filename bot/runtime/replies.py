"""What the bot answered to an event, kept so that a second asking is answered with the same.

Web asks again when it died, or gave up waiting, between asking and storing the answer. By then the
conversation may have moved on, and the message would be taken for the answer to the next question.
So replies are kept in the transaction that moves the conversation on, with the state before it:
when web tells that a customer never heard them, the conversation goes back to there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from bot.runtime import sealing
from bot.runtime.tables import conversations, replies

Reply = dict[str, Any]
KEPT = 2 * 24 * 3600.0  # seconds; web asks again within seconds of being back
# What web's reports need to know of how a message was understood.
UNDERSTOOD = ("band", "confidence", "topic")
NOTHING = "[]"  # never a real answer: that names at least how the message was understood


class AnsweredMeanwhile(Exception):
    """Another process answered the event first; what this one did must be dropped."""


class MovedMeanwhile(Exception):
    """Another process moved the conversation on from where this one found it."""


@dataclass
class Asking:
    """The event that is being answered.

    said: gives the replies so far. before: the conversation's state then, None for a new one.
    found: whether that was looked up. answer: the replies as they were kept.
    """

    event: int
    said: Callable[[], list[Reply]]
    before: str | None = None
    found: bool = False
    answer: list[Reply] | None = None


# Built once: building a statement takes longer than carrying it out.
_mine = replies.c.conversation == sa.bindparam("of")
FIND = sa.select(replies.c.said).where(_mine, replies.c.event == sa.bindparam("number"))
_KEEP = replies.insert()

ASKING: ContextVar[Asking | None] = ContextVar("asking", default=None)


def opened(kept: str | None, conversation: str) -> list[Reply] | None:
    """Read the replies that were kept for an event; None when none were."""
    said = sealing.unshut(kept, conversation)
    if said is None:
        return None if kept is None else []  # it was answered, but with what can't be read
    return json.loads(said)


def keep(connection: Connection, conversation: str, asking: Asking, now: float) -> None:
    """Keep the replies to an event; raises AnsweredMeanwhile."""
    row = {
        "conversation": conversation,
        "event": asking.event,
        "said": sealing.shut(json.dumps(asking.answer, ensure_ascii=False), conversation),
        "before": asking.before,
        "at": now,
    }
    try:
        connection.execute(_KEEP, row)
    except sa.exc.IntegrityError:
        raise AnsweredMeanwhile from None


def unsay(connection: Connection, conversation: str, unheard: Sequence[int], now: float) -> None:
    """Take a conversation back to before the newest events, whose replies nobody heard.

    One of them whose message still waits somewhere is marked as answered with nothing: it must
    not be acted on after the message that is asked now.
    """
    mine = replies.c.conversation == conversation
    query = sa.select(replies.c.event, replies.c.said, replies.c.before)
    found = connection.execute(query.where(mine, replies.c.event.in_(unheard))).all()
    moved = sorted((event, before) for event, said, before in found if said != NOTHING)
    if moved:
        _restore(connection, conversation, moved[0][1], now)
        events = [event for event, _ in moved]
        change = replies.update().where(mine, replies.c.event.in_(events))
        connection.execute(change.values(said=NOTHING, before=None))
    new = set(unheard) - {event for event, _, _ in found}
    if new:
        row = {"conversation": conversation, "said": NOTHING, "at": now}
        connection.execute(replies.insert(), [{**row, "event": event} for event in new])


def forget(connection: Connection, before: float, limit: int) -> None:
    """Delete the oldest replies from before a time, so many at most."""
    old = sa.select(replies.c.conversation, replies.c.event).where(replies.c.at < before)
    for conversation, event in connection.execute(old.order_by(replies.c.at).limit(limit)).all():
        mine = (replies.c.conversation == conversation) & (replies.c.event == event)
        connection.execute(replies.delete().where(mine))


def prove(connection: Connection, now: float) -> None:
    """Write a row of nobody's and delete it."""
    nobody = {"conversation": "", "event": time.monotonic_ns(), "said": NOTHING, "at": now}
    connection.execute(replies.insert().values(nobody))
    connection.execute(replies.delete().where(replies.c.conversation == ""))


def with_understanding(said: list[Reply], tracker: DialogueStateTracker) -> list[Reply]:
    """Add to the replies what the message was understood as, for web's reports.

    {"custom": {"understood": {band, confidence, topic, faq}}}; null where nothing was ranked.
    """
    latest = tracker.latest_message
    found = (latest.parse_data or {}).get("understanding") if latest else None
    shown = None
    if found and "band" in found:
        nearest = next(iter(found.get("hits") or ()), [None])
        shown = {**{name: found.get(name) for name in UNDERSTOOD}, "faq": nearest[0]}
    return [*said, {"recipient_id": tracker.sender_id, "custom": {"understood": shown}}]


def _restore(connection: Connection, conversation: str, state: str | None, now: float) -> None:
    mine = conversations.c.id == conversation
    if state is None:
        connection.execute(conversations.delete().where(mine))
    else:
        connection.execute(conversations.update().where(mine).values(state=state, touched=now))
