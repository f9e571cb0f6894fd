"""Work that blocks or computes, in threads of the system's beside the event loop.

Under gevent one thread answers everybody: whatever waits in the system (a file lock, fsync, a
damaged disk) or computes for long would make all of them wait. Such work goes through one of the
pools below. Their size is the budget; who finds a pool's queue full is told to come again.
Git runs beside them: its processes are waited for by the loop itself, which no other thread can do.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")
RETRY_AFTER = 3  # seconds
# What computes stands behind the loop in the line for a processor: hashing a password alone runs
# four threads, and the loop would get one part in seventeen of the machine. Not further: a thread
# that holds the interpreter's lock while it waits for a processor holds up the loop, too.
BEHIND = 5


class Overloaded(Exception):
    """A pool has as much to do as it takes; retry_after: seconds."""

    retry_after = RETRY_AFTER


class Threads:
    """At most `count` threads, and at most `waiting` pieces of work that wait for one.

    behind: how far they stand behind the loop where both want a processor, as nice(1) counts.
    """

    def __init__(self, count: int, waiting: int, behind: int = 0) -> None:
        self._count = count
        self._behind = behind
        self._most = count + waiting
        self._taken = 0
        self._pools: dict[int, Any] = {}

    def run(self, work: Callable[[], Found]) -> Found:
        """Run work beside the loop, or at once where there is none; raises Overloaded and its own.

        The work must not touch the request: it runs in another thread.
        """
        hub = _loop()
        if hub is None:
            return work()
        if self._taken >= self._most:
            raise Overloaded(f"{self._taken} pieces of work are waiting already")
        pool = self._pools.get(id(hub))
        if pool is None:
            from gevent.threadpool import ThreadPool

            pool = self._pools[id(hub)] = ThreadPool(self._count, hub)
        self._taken += 1
        try:
            found: Found = pool.spawn(self._behind_the_loop, work).get()
        finally:
            self._taken -= 1
        return found

    def _behind_the_loop(self, work: Callable[[], Found]) -> Found:
        # A thread has a place of its own in that line on Linux alone; what it starts inherits it.
        if self._behind and sys.platform == "linux":
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._behind)
        return work()


def _loop() -> Any:
    """Return the hub of the server's loop; None in a plain process, and inside a pool's thread."""
    try:
        from gevent import get_hub, monkey
    except ImportError:
        return None
    if not monkey.is_module_patched("threading"):
        return None
    hub = get_hub()
    return hub if hub.loop.default else None


# Judging, packing, checking a password. Pictures have processes of their own.
computing = Threads(4, 60, BEHIND)
# Ranking long texts is plain Python: two at once would only take the interpreter from the loop
# more often. It stands beside the loop: whoever is put off while it holds the lock holds it longer.
ranking = Threads(1, 60)
# Content files: read, written and synced to the disk.
disk = Threads(4, 200)
# Edits are taken up one after the other, so one thread is enough.
content = Threads(1, 200)


def offload(work: Callable[[], Found]) -> Found:
    """Compute beside the loop; raises Overloaded."""
    return computing.run(work)
