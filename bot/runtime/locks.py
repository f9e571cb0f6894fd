"""Locks: one message of a conversation at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore

# Rasa looks once a second whether the message before is done; a turn takes milliseconds.
WAIT_SECONDS = 0.02
# A bot that died with a lock holds the conversation no longer than web waits for an answer, twice.
LIFETIME_SECONDS = 10.0
PREFIX = "xiaohubot"


class _Quick(LockStore):
    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LIFETIME_SECONDS,
        wait_time_in_seconds: float = WAIT_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation's lock; waits in short steps."""
        waiting = super().lock(conversation_id, lock_lifetime, wait_time_in_seconds)
        async with waiting as ticket:
            yield ticket


class QuickLockStore(_Quick, InMemoryLockStore):
    """Locks of this process."""


class QuickRedisLockStore(_Quick, RedisLockStore):
    """Locks that several bots share."""


def open_locks(redis_url: str = "") -> LockStore:
    """Open the locks in Redis, or this process's own when no URL is given."""
    if not redis_url:
        return QuickLockStore()
    url = urlsplit(redis_url)
    return QuickRedisLockStore(
        host=url.hostname or "localhost",
        port=url.port or 6379,
        db=int(url.path.strip("/") or 0),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_ssl=url.scheme == "rediss",
        key_prefix=PREFIX,
        socket_timeout=2.0,
    )
