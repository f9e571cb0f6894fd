"""How late this process itself is: its loop is busy, or the machine had stopped it.

Who waits for another must not take their own lateness for the other's.
"""

from __future__ import annotations

import threading
import time

BEAT = 0.1  # seconds
TOLERATED = 0.1  # seconds of lateness a beat that count as none


class Pulse:
    """Sleeps short whiles and adds up by how much each took too long."""

    def __init__(self) -> None:
        self._late = 0.0
        self._slept = time.monotonic()
        self._closed = threading.Event()
        threading.Thread(target=self._beat, name="pulse", daemon=True).start()

    def late(self) -> float:
        """Return the seconds by which the process has been late since it began."""
        # The beat that is due may itself not have come to its turn yet.
        return self._late + self._excess(time.monotonic())

    def close(self) -> None:
        """Stop."""
        self._closed.set()

    def _beat(self) -> None:
        while not self._closed.wait(BEAT):
            now = time.monotonic()
            self._late += self._excess(now)
            self._slept = now

    def _excess(self, now: float) -> float:
        over = now - self._slept - BEAT
        return over if over > TOLERATED else 0.0
