"""What the bot is told: the message, and the world in which it was written."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from web.desk import estimates, queue, turns
from web.desk.events import SAYS
from web.desk.models import Conversation, Event
from web.desk.sealing import opened

FRESH = 1.0  # seconds that a look at the desk is good for
_EVENT = select(Event.type, *SAYS).where(
    Event.conversation_id == bindparam("of"), Event.id == bindparam("event")
)


class Situation:
    """Describes the world as a conversation meets it: the queue, the hours, the announcements."""

    def __init__(
        self,
        world: Callable[[datetime], Mapping[str, Any]],
        fast_lane: Callable[[], Collection[str]],
        silence: timedelta,
    ) -> None:
        """fast_lane: topics of cases that go before others.

        silence: how long an agent may be silent and counts as online.
        """
        self._world = world
        self._fast_lane = fast_lane
        self._silence = silence
        self._desk: tuple[float, estimates.Load | None] = 0.0, None

    def describe(
        self, session: Session, conversation: Conversation, now: datetime
    ) -> dict[str, Any]:
        """Return the metadata of a message of the conversation."""
        return {
            "channel": conversation.channel,
            "signed_in": conversation.subject is not None,
            "name": conversation.name,
            "queue": self._queue(session, conversation, now),
            "waiting": self._waiting(session, conversation, now),
            **self._world(now),
        }

    def _load(self, session: Session, now: datetime) -> estimates.Load:
        """Look at the desk, at most once a second: it costs more than all else that is told."""
        read_at, load = self._desk
        if load is None or time.monotonic() - read_at >= FRESH:
            load = estimates.load(session, now, self._silence)
            self._desk = time.monotonic(), load
        return load

    def _queue(self, session: Session, conversation: Conversation, now: datetime) -> dict[str, Any]:
        urgent = conversation.card.get("topic") in self._fast_lane()
        waiting = queue.waiting(session)
        place = queue.next_place(session, urgent=True) if urgent else waiting + 1
        load = self._load(session, now)
        return {
            "waiting": waiting,
            "place": place,
            "minutes": load.minutes(place),
            "agents": load.online,
        }

    def _waiting(
        self, session: Session, conversation: Conversation, now: datetime
    ) -> dict[str, Any] | None:
        """Say where somebody who waits for a person stands; None for anybody else."""
        if conversation.owner != "queue":
            return None
        place = queue.place_of(session, conversation)
        load = estimates.load(session, now, self._silence)
        return {
            "place": place,
            "minutes": load.minutes(place),
            "agents": load.online,
            "urgent": conversation.urgent,
        }


def told_of(
    session: Session, conversation_id: str, event_id: int
) -> tuple[str, str, str | None] | None:
    """Find what the bot is told of an event: (what is sent, the text, the payload or None)."""
    if event_id == turns.START:
        return "/start", "", None
    event = session.execute(_EVENT, {"of": conversation_id, "event": event_id}).one_or_none()
    if event is None:
        return None
    kind, data = event.type, opened(session, event)
    if kind == "closed":
        return "/human_left", "", None
    if kind == "attachment":
        return "/picture", "", None
    text = str(data.get("text", ""))
    payload = data.get("payload")
    if payload is not None:
        return payload, text, payload
    # The bot strips white space and reads a leading slash as a command; a customer's is none.
    # The full-width slash means the same to a reader and to search.
    bare = text.lstrip()
    return ("／" + bare[1:] if bare.startswith("/") else text), text, None
