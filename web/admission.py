"""Saying no before it is too late: how much of each kind of work a process takes at once.

What is taken is finished in time; who comes beyond that is told so at once, and when to come again,
instead of waiting for an answer that comes too late for everybody.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from web.desk.guessing import wider

Item = TypeVar("Item")
PAGES = 16  # streams of one conversation


class Busy(Exception):
    """As much of a kind is under way as may be. retry_after: whole seconds."""

    def __init__(self, kind: str, retry_after: int) -> None:
        super().__init__(f"busy with {kind}")
        self.retry_after = retry_after


class Gate:
    """Lets so many in at once. kind: for operators. retry_after: seconds told to the others.

    each: how many of them may be one client's, half of all when None; clients are addresses then,
    and three quarters may be those of one range of them. Whoever fills their part leaves the rest
    to everybody else.
    """

    def __init__(
        self, kind: str, most: int, retry_after: int = 2, *, each: int | None = None
    ) -> None:
        self.kind = kind
        self.most = most
        self.each = max(1, most // 2) if each is None else each
        self.wide = max(self.each, most * 3 // 4) if each is None else None
        self._held: Counter[str] = Counter()
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

    def enter(self, reserve: int = 0, who: str = "") -> None:
        """Go in, to `leave` later; raises Busy.

        reserve: places beyond the limit for this one. who: the client, nobody's part when empty.
        """
        with self._lock:
            parts = self._parts(who)
            full = self._inside >= self.most + reserve
            if full or any(self._held[one] >= most + reserve for one, most in parts.items()):
                self.refused += 1
                raise Busy(self.kind, self._retry_after)
            self._inside += 1
            self._held.update(parts.keys())

    def leave(self, who: str = "") -> None:
        """Make room for another; who: as on the way in."""
        with self._lock:
            self._inside -= 1
            for one in self._parts(who):
                self._held[one] -= 1
                if not self._held[one]:
                    del self._held[one]

    def _parts(self, who: str) -> dict[str, int]:
        """Return whose parts a client takes of, and how much each of them may have."""
        near = wider(who) if self.wide is not None else ""
        own = {who: self.each} if who else {}
        return own if self.wide is None or not near else own | {f"range:{near}": self.wide}

    @contextmanager
    def passing(self, reserve: int = 0, who: str = "") -> Iterator[None]:
        """Be in meanwhile; raises Busy."""
        self.enter(reserve, who)
        try:
            yield
        finally:
            self.leave(who)

    def during(self, items: Iterator[Item], who: str = "") -> Inside[Item]:
        """Be in until a stream of items ends or is closed, begun or not; raises Busy at once."""
        self.enter(who=who)
        return Inside(self, items, who)


class Inside(Generic[Item]):
    """A stream's items, whose place is free again once they end or are closed."""

    def __init__(self, gate: Gate, items: Iterator[Item], who: str) -> None:
        self._gate: Gate | None = gate
        self._who = who
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
        """End it; once is enough."""
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.leave(self._who)
            close = getattr(self._items, "close", None)
            if close is not None:
                close()


class Admission:
    """The gates of one process."""

    def __init__(self, turns: int, streams: int, uploads: int, sign_ins: int) -> None:
        self.turns = Gate("turns", turns)
        self.streams = Gate("streams", streams, retry_after=5)
        # A conversation's customer has a handful of pages; whoever holds hundreds means harm.
        self.pages = Gate("streams", streams, retry_after=5, each=PAGES)
        self.uploads = Gate("uploads", uploads, retry_after=5)
        # Bodies on their way: a slow one keeps nobody from having a picture made anew.
        self.bodies = Gate("bodies", 4 * uploads, retry_after=5)
        self.sign_ins = Gate("sign-ins", sign_ins)

    def all(self) -> tuple[Gate, ...]:
        """List them."""
        return (self.turns, self.streams, self.uploads, self.sign_ins)
