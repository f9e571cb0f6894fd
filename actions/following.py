"""What is made of content files, made anew beside the turns when one of them changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
Value = TypeVar("Value")
LOOK = 0.2  # seconds between two looks at the files


class Following(Generic[Value]):
    """Calling it gives what was made last. A file that can't be used leaves that as it is."""

    def __init__(
        self,
        make: Callable[[], Value],
        files: Callable[[], list[Path]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """make: may take seconds, and runs in a thread but for the first call, which waits.

        files: those that it is made of.
        """
        self._make = make
        self._files = files
        self._clock = clock
        self._made: tuple[Value, object] | None = None
        self._looked = float("-inf")
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self) -> Value:
        """Return the value; the first call raises what `make` raises."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    stamp = self._stamp()
                    self._made = (self._make(), stamp)
                    self._looked = self._clock()
        value, stamp = self._made
        if self._clock() - self._looked >= LOOK:
            self._looked = self._clock()
            now = self._stamp()
            if now != stamp and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._renew, args=(now,), daemon=True)
                self._thread.start()
        return value

    def wait(self) -> None:
        """Wait for what is being made."""
        if self._thread is not None:
            self._thread.join()

    def _renew(self, stamp: object) -> None:
        assert self._made is not None  # noqa: S101 - the first call saw to it
        try:
            self._made = (self._make(), stamp)
        except Exception:
            # Whatever is wrong with a file, the bot says what it said before.
            log.exception("not taken up")
            self._made = (self._made[0], stamp)

    def _stamp(self) -> object:
        found = []
        for path in self._files():
            try:
                state = path.stat()
                found.append((path.name, state.st_mtime_ns, state.st_size, state.st_ino))
            except OSError:
                found.append((path.name, 0, 0, 0))
        return found
