"""Rate limits: a bucket of tokens a key. Generous, and for one conversation, not a whole office."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class TooMany(Exception):
    """Too many requests. retry_after: whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class Limit:
    """At most `burst` at once and `rate` a second for each key."""

    def __init__(
        self,
        burst: float,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        keys: int = 50_000,
    ) -> None:
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._keys = keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one request; raises TooMany."""
        now = self._clock()
        with self._lock:
            tokens, since = self._buckets.pop(key, (self._burst, now))
            tokens = min(self._burst, tokens + (now - since) * self._rate)
            enough = tokens >= 1
            self._buckets[key] = (tokens - 1 if enough else tokens, now)
            while len(self._buckets) > self._keys:
                self._buckets.popitem(last=False)
        if not enough:
            raise TooMany(max(1, int((1 - tokens) / self._rate + 0.999)))
