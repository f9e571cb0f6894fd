"""Inboxes: what one side of a call says to the other, kept until it is read. Never in the database.

A message that came before its reader had subscribed waits here; the bus only says that there is
one. Everything is forgotten some minutes after the last message.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, cast

import redis

from web.realtime.bus import Bus

LIFE = 600.0  # seconds after the last message
LONGEST = 1000  # messages of a box; a call has some dozens
START = ""


class InboxFull(Exception):
    """The box has taken as many messages as it may."""


class Inbox:
    """Boxes within one process. A cursor names the messages read so far; START is before all."""

    def __init__(self, bus: Bus, clock: Callable[[], float] = time.monotonic) -> None:
        self._bus = bus
        self._clock = clock
        self._epoch = secrets.token_hex(4)  # cursors of an earlier process point to nothing here
        self._boxes: dict[str, tuple[float, list[Any]]] = {}
        self._lock = threading.Lock()

    def put(self, box: str, messages: list[Any]) -> None:
        """Add messages and wake the reader; raises InboxFull."""
        now = self._clock()
        with self._lock:
            for name in [name for name, (at, _) in self._boxes.items() if now - at > LIFE]:
                del self._boxes[name]
            _, kept = self._boxes.get(box, (now, []))
            if len(kept) + len(messages) > LONGEST:
                raise InboxFull(box)
            self._boxes[box] = now, [*kept, *messages]
        self._bus.publish(f"inbox:{box}")

    def read(self, box: str, cursor: str) -> tuple[list[Any], str]:
        """Return the messages after a cursor, and the cursor after them."""
        with self._lock:
            _, kept = self._boxes.get(box, (0.0, []))
        seen = _seen(cursor, self._epoch)
        return kept[seen:], f"{self._epoch}-{len(kept)}"


class RedisInbox(Inbox):
    """Boxes between processes: the two sides of a call may be served by two of them."""

    def __init__(self, bus: Bus, client: redis.Redis) -> None:
        super().__init__(bus)
        self._client = client

    def put(self, box: str, messages: list[Any]) -> None:
        """Add messages and wake the reader; raises InboxFull, redis.RedisError."""
        key = f"xiaohu:inbox:{box}"
        with self._client.pipeline() as steps:
            steps.rpush(key, *[json.dumps(message) for message in messages])
            steps.expire(key, int(LIFE))
            length = cast(int, steps.execute()[0])
        if length > LONGEST:
            raise InboxFull(box)
        self._bus.publish(f"inbox:{box}")

    def read(self, box: str, cursor: str) -> tuple[list[Any], str]:
        """Return the messages after a cursor, and the cursor after them."""
        seen = _seen(cursor, "redis")
        found = cast(list[bytes], self._client.lrange(f"xiaohu:inbox:{box}", seen, -1))
        return [json.loads(item) for item in found], f"redis-{seen + len(found)}"


def open_inbox(redis_url: str, bus: Bus) -> Inbox:
    """Open the inboxes of a Redis URL, or of this process alone when it is empty."""
    if not redis_url:
        return Inbox(bus)
    client = redis.Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=5)
    return RedisInbox(bus, client)


def _seen(cursor: str, epoch: str) -> int:
    made, _, count = cursor.partition("-")
    return int(count) if made == epoch and count.isdecimal() and len(count) < 9 else 0
