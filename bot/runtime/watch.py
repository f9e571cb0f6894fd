"""Bounds a turn in time: a customer gets an answer even when the bot would hang.

Nearly all of a turn runs without a pause, so waiting for it with a limit would come too late: an
alarm of the operating system ends the stretch of code that takes too long, wherever it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import signal
import threading
import time
from collections.abc import Coroutine, Generator, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
CLEAN_UP = 0.2  # seconds that a turn given up gets to let go of its locks


class TurnTooLong(Exception):
    """A turn was given up, and nothing of it was kept."""


class _Alarm(BaseException):
    """Raised inside the code that takes too long; no `except Exception` there swallows it."""


async def within(seconds: float, turn: Coroutine[Any, Any, T]) -> T:
    """Run a turn for so many seconds at most; raises TurnTooLong.

    Outside of the main thread only the pauses of a turn are bounded.
    """
    try:
        return await asyncio.wait_for(_run(turn, time.monotonic() + seconds), seconds)
    except (asyncio.TimeoutError, _Alarm):
        raise TurnTooLong from None


async def _run(turn: Coroutine[Any, Any, T], deadline: float) -> T:
    return await _Stretches(turn, deadline)


class _Stretches:
    """Runs a coroutine with the alarm set from each of its pauses to the next."""

    def __init__(self, turn: Coroutine[Any, Any, T], deadline: float) -> None:
        self._turn = turn
        self._deadline = deadline

    def __await__(self) -> Generator[Any, Any, Any]:
        resume = functools.partial(self._turn.send, None)
        while True:
            try:
                with _alarm(max(self._deadline - time.monotonic(), CLEAN_UP)):
                    waits_for = resume()
            except StopIteration as done:
                return done.value
            try:
                yield waits_for
            except BaseException as error:  # cancelled: the turn has to hear of it
                resume = functools.partial(self._turn.throw, error)
            else:
                resume = functools.partial(self._turn.send, None)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    over = False

    def ring(_number: int, _frame: Any) -> None:
        if not over:
            raise _Alarm

    before = signal.signal(signal.SIGALRM, ring)
    others = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, *others)
        signal.signal(signal.SIGALRM, before)
