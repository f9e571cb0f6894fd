"""Timed work: jobs that look every few seconds for whoever did not come."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)
PERIOD = 2.0  # seconds


class Ticker:
    """Runs jobs one after the other in a thread of its own, until it is closed.

    Every process has one; the jobs' own guards see that two at once do no harm.
    """

    def __init__(self, jobs: Sequence[Callable[[], object]], period: float = PERIOD) -> None:
        self._jobs = tuple(jobs)
        self._period = period
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; a job that runs is waited for."""
        self._closed.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._closed.wait(self._period):
            for job in self._jobs:
                try:
                    job()
                except Exception as error:
                    # The next round may find the database or Redis back.
                    log.warning("tick: %s", type(error).__name__)
