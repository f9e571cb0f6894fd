"""Claims of what one process sends, renewed while it does: a dead one's lapse within seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)
CLAIM = timedelta(seconds=6)  # a claim that is not renewed for so long was a dead process's
RENEWAL = 2.0  # seconds


def running(now: datetime) -> Callable[[], datetime]:
    """Return what tells the time of a round that began now: its later claims begin later."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


@contextmanager
def renewed(until: Callable[[datetime], None], now: datetime) -> Iterator[None]:
    """Renew a claim while something is on the wire: another server may take its time.

    until: writes down until when it is claimed.
    """
    clock, done = running(now), threading.Event()

    def renew() -> None:
        while not done.wait(RENEWAL):
            try:
                until(clock() + CLAIM)
            except SQLAlchemyError as error:
                log.warning("a claim is not renewed: %s", type(error).__name__)

    thread = threading.Thread(target=renew, name="claim", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
