"""How long a request's body may take: a grace, and then as long as it keeps coming.

Thousands of bodies of a byte now and then would hold as many connections for ever. Who sends
slowly but steadily, as from a bad network, is waited for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from gevent import Timeout

GRACE = 15.0  # seconds
SLOWEST = 4096  # bytes a second, beyond the grace


class TooSlow(Exception):
    """The body has not come in time."""


class Patient:
    """A body that is waited for so long. body: gunicorn's, whose other names show through."""

    def __init__(
        self,
        body: Any,
        grace: float = GRACE,
        slowest: int = SLOWEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._body = body
        self._grace = grace
        self._slowest = slowest
        self._clock = clock
        self._waited = 0.0
        self._came = 0

    def read(self, size: int | None = None) -> bytes:
        """Read as a file does; raises TooSlow."""
        return self._within(lambda: self._body.read(size))

    def readline(self, size: int | None = None) -> bytes:
        """Read a line; raises TooSlow."""
        return self._within(lambda: self._body.readline(size))

    def readlines(self, size: int | None = None) -> list[bytes]:
        """Read all lines; raises TooSlow."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    def _within(self, read: Callable[[], bytes]) -> bytes:
        left = self._grace + self._came / self._slowest - self._waited
        began = self._clock()
        slow = TooSlow("the body does not come")
        try:
            if left <= 0:
                raise slow
            with Timeout(left, slow):
                found = read()
        except TooSlow:
            self._body.failed = True  # where a next request would begin is unknown
            raise
        finally:
            self._waited += self._clock() - began
        self._came += len(found)
        return found
