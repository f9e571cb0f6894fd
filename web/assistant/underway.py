"""The turns that this process is giving an answer to just now."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

Turn = tuple[str, int]  # conversation, event


class UnderWay:
    """Counts turns in and out; a process that stops hands over what is left."""

    def __init__(self) -> None:
        self._turns: Counter[Turn] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def keeping(self, turn: Turn) -> Iterator[None]:
        """Count a turn as under way meanwhile."""
        with self._lock:
            self._turns[turn] += 1
        try:
            yield
        finally:
            with self._lock:
                self._turns[turn] -= 1
                if not self._turns[turn]:
                    del self._turns[turn]

    def now(self) -> list[Turn]:
        """List what is under way."""
        with self._lock:
            return list(self._turns)
