"""Counts that take long, in processes of their own: a thread would take the interpreter from chats.

The process is started anew for each: it is asked for by people, and seldom.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from web.offload import BEHIND, Overloaded

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE, WAITING = 1, 8
CLOCK = 600.0  # seconds, after which it is given up


class Failed(Exception):
    """The process ended without an answer; its own log says why."""


class Aside:
    """What is counted beside one web process. clock: seconds that one count may take."""

    def __init__(
        self, at_once: int = AT_ONCE, waiting: int = WAITING, clock: float = CLOCK
    ) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._most = at_once + waiting
        self._clock = clock
        self._taken = 0

    def ask(self, module: str, order: object) -> Any:
        """Have a module's `answer` answer an order in a process; raises Overloaded, Failed.

        Order and answer are pickled: both sides are this program.
        """
        if self._taken >= self._most:
            raise Overloaded(f"{self._taken} counts are under way or wait")
        self._taken += 1
        try:
            with self._places:
                return self._asked(module, pickle.dumps(order))
        finally:
            self._taken -= 1

    def _asked(self, module: str, order: bytes) -> Any:
        words = [sys.executable, "-W", "ignore", "-m", __name__, module, str(BEHIND)]
        try:
            # The order holds what the process needs to know, so secrets stand in no list of words.
            done = subprocess.run(  # noqa: S603
                words, cwd=ROOT, input=order, stdout=subprocess.PIPE, timeout=self._clock
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"{module}: no answer after {self._clock:g} s") from None
        if done.returncode:
            raise Failed(f"{module}: ended with {done.returncode}")
        return pickle.loads(done.stdout)  # noqa: S301 (our own process wrote it)


aside = Aside()


def main() -> int:
    """Answer one order on stdin; the module's name and its place in the line are arguments."""
    import importlib
    import os

    module, behind = sys.argv[1:]
    os.nice(int(behind))
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not spoil the answer
    order = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 (web wrote it)
    with os.fdopen(out, "wb") as answer:
        pickle.dump(importlib.import_module(module).answer(order), answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
