"""One reader of a process looks into the database for all of its customers' streams.

The bus wakes a stream at once. What the bus lost is found here, by one query for hundreds of
conversations, and so are the places in the queue: only those who wait are told, at most once a
second, from one look at the queue for all of them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import queue
from web.desk.database import Database
from web.desk.models import Conversation
from web.realtime.bus import Bus
from web.realtime.clock import Clock

log = logging.getLogger(__name__)
REREAD = 3.0  # seconds after which a change is found without any word from the bus
PLACES = 1.0  # seconds between looks at the queue, at least
AT_ONCE = 500  # conversations of a query


class Outline(NamedTuple):
    """What tells whether a conversation has changed; nothing of a query hangs on it."""

    id: str
    last_event: int
    owner: str
    agent_id: int | None
    customer_read: int
    agent_read: int


COLUMNS = tuple(getattr(Conversation, name) for name in Outline._fields)


@dataclass(eq=False, slots=True)
class Follower:
    """A stream: what it last saw of its conversation, and its place in the queue when it waits."""

    conversation_id: str
    outline: Outline | None = None
    standing: dict[str, Any] | None = None

    @property
    def waits(self) -> bool:
        """Tell whether the conversation is in the queue, as far as the stream knows."""
        return self.outline is not None and self.outline.owner == "queue"


class Reader:
    """Wakes streams whose conversation or place has changed."""

    def __init__(
        self, database: Database, bus: Bus, clock: Clock, silence: timedelta, reread: float = REREAD
    ) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._silence = silence
        self._reread = reread
        self._followers: set[Follower] = set()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    @contextmanager
    def following(self, conversation_id: str) -> Iterator[Follower]:
        """Watch a conversation meanwhile."""
        follower = Follower(conversation_id)
        self._followers.add(follower)
        try:
            yield follower
        finally:
            self._followers.discard(follower)

    def close(self) -> None:
        """Stop."""
        self._closed = True

    def _run(self) -> None:
        looked = reread = time.monotonic()
        with self._bus.subscribe("queue") as news:
            while not self._closed:
                moved = bool(news.wait(min(self._reread, 1.0)))
                now = time.monotonic()
                if moved and now - looked < PLACES:
                    time.sleep(PLACES - (now - looked))  # what moves meanwhile is seen as well
                    now = time.monotonic()
                due = now - reread >= self._reread
                if not moved and not due:
                    continue
                try:
                    self._look_at_the_queue()
                    looked = now
                    if due:
                        self._look_at_all()
                        reread = now
                except Exception as error:
                    # The database is away; the next look may find it back.
                    log.warning("reader: %s", type(error).__name__)
                    time.sleep(1.0)

    def _look_at_the_queue(self) -> None:
        waiting = [one for one in list(self._followers) if one.waits]
        if not waiting:
            return
        with self._database.read() as session:
            standings = queue.standings(session, self._clock(), self._silence)
        for follower in waiting:
            standing = standings.get(follower.conversation_id)
            if standing is not None and standing != follower.standing:
                follower.standing = standing
                self._bus.tell_here(f"place:{follower.conversation_id}")

    def _look_at_all(self) -> None:
        for part in batched(list(self._followers), AT_ONCE):
            ids = {follower.conversation_id for follower in part}
            with self._database.read() as session:
                found = {row.id: tuple(row) for row in session.execute(_outlines(ids))}
            for follower in part:
                seen = follower.outline  # None: it has not looked itself yet
                if seen is not None and found.get(follower.conversation_id) != seen:
                    self._bus.tell_here(f"conversation:{follower.conversation_id}")


def outline_of(session: Session, conversation_id: str) -> Outline | None:
    """Read what tells whether a conversation has changed; None without such a conversation."""
    row = session.execute(_outlines({conversation_id})).one_or_none()
    return None if row is None else Outline(*row)


def _outlines(ids: set[str]) -> Any:
    return select(*COLUMNS).where(Conversation.id.in_(ids))
