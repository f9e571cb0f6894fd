"""Rate limits: a bucket of tokens a key. Generous, and for one conversation, not a whole office.

What is counted by address is counted by its range as well: whoever rents one has many addresses.

With Redis the buckets are one for all processes; without it, or while it cannot be reached, each
process keeps its own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import redis
from flask import request
from redis.backoff import NoBackoff
from redis.retry import Retry

from web.desk.guessing import network, wider

log = logging.getLogger(__name__)
PAUSE = 5.0  # seconds without a look at a Redis that did not answer
# A bucket is the moment at which it will be full again; Redis' own clock is the one for all.
TAKE = """
local spoken = redis.call('TIME')
local now = tonumber(spoken[1]) + tonumber(spoken[2]) / 1000000
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + 1 / ARGV[2]
local wait = full - ARGV[1] / ARGV[2] - now
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000))
return '0'
"""


class TooMany(Exception):
    """Too many requests. retry_after: whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class Shared:
    """Buckets that all processes take from."""

    def __init__(self, client: redis.Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._take = client.register_script(TAKE)
        self._clock = clock
        self._rests_until = 0.0

    @classmethod
    def of(cls, redis_url: str) -> Shared | None:
        """Open it; None without Redis."""
        if not redis_url:
            return None
        retry = Retry(NoBackoff(), 0)
        return cls(
            redis.Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=1, retry=retry)
        )

    def take(self, key: str, burst: float, rate: float) -> float | None:
        """Count one; returns the seconds to wait, 0 when it was let in, None without Redis."""
        if self._clock() < self._rests_until:
            return None
        try:
            return float(self._take(keys=[f"xiaohu:limit:{key}"], args=[burst, rate]))
        except (redis.RedisError, OSError) as error:
            log.warning("limits are each process's own for now: %s", type(error).__name__)
            self._rests_until = self._clock() + PAUSE
            return None


class Limit:
    """At most `burst` at once and `rate` a second for each key.

    shared, name: where the buckets of all processes lie, and what these are called there. times:
    how much more a range of addresses has than one of them (`take_here`), 0 for no end.
    """

    def __init__(
        self,
        burst: float,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        keys: int = 50_000,
        *,
        shared: Shared | None = None,
        name: str = "",
        times: int = 0,
    ) -> None:
        self._times = times
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._keys = keys
        self._shared = shared
        self._name = name
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count one request; raises TooMany."""
        self._count(key, 1)

    def take_here(self, about: str = "") -> None:
        """Count one of who asks and of their range of addresses, of each matter; raises TooMany."""
        who = caller()
        self._count(f"{about}{who}", 1)
        if self._times and (near := wider(who)):
            self._count(f"{about}range:{near}", self._times)

    def allows(self, key: str) -> bool:
        """Count one where there is room; what is over is left out in silence."""
        return _allowed(lambda: self.take(key))

    def allows_here(self, about: str = "") -> bool:
        """Count one of who asks where there is room for them and their range of addresses."""
        return _allowed(lambda: self.take_here(about))

    def _count(self, key: str, times: int) -> None:
        burst, rate = self._burst * times, self._rate * times
        wait = None
        if self._shared is not None:
            wait = self._shared.take(f"{self._name}:{key}", burst, rate)
        if wait is None:
            wait = self._take_own(key, burst, rate)
        if wait > 0:
            raise TooMany(max(1, int(wait + 0.999)))

    def _take_own(self, key: str, burst: float, rate: float) -> float:
        now = self._clock()
        with self._lock:
            tokens, since = self._buckets.pop(key, (burst, now))
            tokens = min(burst, tokens + (now - since) * rate)
            enough = tokens >= 1
            self._buckets[key] = (tokens - 1 if enough else tokens, now)
            while len(self._buckets) > self._keys:
                self._buckets.popitem(last=False)
        return 0.0 if enough else (1 - tokens) / rate


def _allowed(take: Callable[[], None]) -> bool:
    try:
        take()
    except TooMany:
        return False
    return True


def caller() -> str:
    """Return the address of who asks, as limits count it: of IPv6 the half that is one customer's.

    One household has 2^64 addresses of IPv6; counted singly, no limit would hold.
    """
    return network(request.remote_addr or "")
