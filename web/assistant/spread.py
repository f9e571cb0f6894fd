"""Several bots: each conversation has one of them, and another one only while that one is away.

Which is whose is a hash of conversation and place, so every web process says the same. The bots
share one memory and keep a turn only from where they found its conversation, so nothing is lost
where two of them hear one conversation for a moment.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tracing.tracer import Tracer
from web.assistant.client import Bot, BotDown

# Of the time that is left, what a bot gets before the next one is asked: one that hangs costs
# its customer a wait, not the answer.
SHARE = 0.6


def open_bots(
    urls: str,
    timeout: float,
    secret: str,
    late: Callable[[], float] = lambda: 0.0,
    tracer: Tracer | None = None,
) -> AnyBot:
    """Return what asks the bots at these addresses, with blanks between; see Bot."""
    bots = [Bot(url, timeout, secret, late=late, tracer=tracer) for url in urls.split()]
    return bots[0] if len(bots) == 1 else Bots(bots, timeout)


class Bots:
    """Asks the bots like one. timeout: seconds for an answer, however many are asked for it."""

    def __init__(
        self,
        bots: Sequence[Bot],
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bots = tuple(bots)
        self._timeout = timeout
        self._clock = clock
        self._lines = _Lines()

    def send(
        self,
        sender: str,
        message: str,
        metadata: Mapping[str, Any],
        event: int | None = None,
        unheard: Sequence[int] = (),
        key: str | None = None,
    ) -> list[Any]:
        """Have one bot answer a message, after the one before it; see Bot.send."""
        deadline = self._clock() + self._timeout
        *others, last = self.order(sender)
        with self._lines.next(sender, self._timeout):
            for bot in others:
                seconds = (deadline - self._clock()) * SHARE
                try:
                    return bot.send(
                        sender, message, metadata, event, unheard, key, seconds, waits=False
                    )
                except BotDown:
                    if event is None:  # heard a second time, it would be another message
                        raise
            return last.send(
                sender, message, metadata, event, unheard, key, deadline - self._clock()
            )

    def order(self, conversation: str) -> list[Bot]:
        """Return the bots in the order in which a conversation asks them.

        With one bot more or less only that one's conversations move.
        """
        places = sorted(range(len(self._bots)), key=lambda place: _weight(place, conversation))
        return [self._bots[place] for place in places]

    def probe(self) -> dict[str, Any]:
        """Ask all: {"ok", "reason" where one would not answer}; ok as long as one would."""
        found = [bot.probe() for bot in self._bots]
        reasons = [
            f"{number}: {one['reason']}" for number, one in enumerate(found, 1) if not one["ok"]
        ]
        shown: dict[str, Any] = {"ok": len(reasons) < len(found)}
        return shown | ({"reason": ", ".join(reasons)} if reasons else {})

    def close(self) -> None:
        """Close the connections."""
        for bot in self._bots:
            bot.close()


AnyBot = Bot | Bots


class _Lines:
    """A line for each conversation in which messages wait for the one before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[threading.Event]] = {}

    @contextmanager
    def next(self, conversation: str, seconds: float) -> Iterator[None]:
        """Wait until it is this message's turn; raises BotDown after so many seconds."""
        mine = threading.Event()
        with self._lock:
            line = self._waiting.setdefault(conversation, deque())
            line.append(mine)
            if line[0] is mine:
                mine.set()
        try:
            if not mine.wait(seconds):
                raise BotDown("the message before is not answered yet")
            yield
        finally:
            with self._lock:
                line.remove(mine)
                if line:
                    line[0].set()
                else:
                    del self._waiting[conversation]


def _weight(place: int, conversation: str) -> bytes:
    return hashlib.blake2b(f"{place}/{conversation}".encode(), digest_size=8).digest()
