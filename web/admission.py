"""Saying no before it is too late: how much of each kind of work a process takes at once.

What is taken is finished in time; who comes beyond that is told so at once, and when to come again,
instead of waiting for an answer that comes too late for everybody.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Busy(Exception):
    """As much of a kind is under way as may be. retry_after: whole seconds."""

    def __init__(self, kind: str, retry_after: int) -> None:
        super().__init__(f"busy with {kind}")
        self.retry_after = retry_after


class Gate:
    """Lets so many in at once. kind: for operators. retry_after: seconds told to the others."""

    def __init__(self, kind: str, most: int, retry_after: int = 2) -> None:
        self.kind = kind
        self.most = most
        self.refused = 0
        self._told = 0
        self._retry_after = retry_after
        self._inside = 0
        self._lock = threading.Lock()

    @property
    def inside(self) -> int:
        """How many are in."""
        return self._inside

    def newly_refused(self) -> int:
        """Count who was refused since this was asked last."""
        refused, told = self.refused, self._told
        self._told = refused
        return refused - told

    def enter(self, reserve: int = 0) -> None:
        """Go in, to `leave` later; raises Busy. reserve: places beyond the limit for this one."""
        with self._lock:
            if self._inside >= self.most + reserve:
                self.refused += 1
                raise Busy(self.kind, self._retry_after)
            self._inside += 1

    def leave(self) -> None:
        """Make room for another."""
        with self._lock:
            self._inside -= 1

    @contextmanager
    def passing(self, reserve: int = 0) -> Iterator[None]:
        """Be in meanwhile; raises Busy."""
        self.enter(reserve)
        try:
            yield
        finally:
            self.leave()

    def during(self, items: Iterator[Item]) -> Iterator[Item]:
        """Be in until a stream of items ends or is closed, begun or not; raises Busy at once."""
        self.enter()
        return _Inside(self, items)


class _Inside(Generic[Item]):
    def __init__(self, gate: Gate, items: Iterator[Item]) -> None:
        self._gate: Gate | None = gate
        self._items = items

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        try:
            return next(self._items)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.leave()
            close = getattr(self._items, "close", None)
            if close is not None:
                close()


class Admission:
    """The gates of one process."""

    def __init__(self, turns: int, streams: int, uploads: int, sign_ins: int) -> None:
        self.turns = Gate("turns", turns)
        self.streams = Gate("streams", streams, retry_after=5)
        self.uploads = Gate("uploads", uploads, retry_after=5)
        self.sign_ins = Gate("sign-ins", sign_ins)

    def all(self) -> tuple[Gate, ...]:
        """List them."""
        return (self.turns, self.streams, self.uploads, self.sign_ins)
