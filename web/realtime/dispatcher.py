"""Hands waiting cases out to agents as soon as something at the desk has moved."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from web.desk.database import Database
from web.desk.handout import offers
from web.desk.handout.rule import Rule
from web.realtime.bus import Bus
from web.realtime.clock import Clock

log = logging.getLogger(__name__)
PERIOD = 1.0  # seconds after which is looked without any news: offers run out by themselves


class Dispatcher:
    """A thread that offers what waits. Every process has one; the steps' own guards allow it."""

    def __init__(
        self, database: Database, bus: Bus, clock: Clock, rule: Rule, silence: timedelta
    ) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._rule = rule
        self._silence = silence
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; a step that is under way is waited for."""
        self._closed = True
        self._thread.join(10)

    def _run(self) -> None:
        with self._bus.subscribe("queue", "desk") as news:
            while not self._closed:
                news.wait(PERIOD)
                try:
                    changed = offers.step(self._database, self._clock(), self._rule, self._silence)
                except Exception as error:
                    # The database is away; the next look may find it back.
                    log.warning("dispatcher: %s", type(error).__name__)
                    time.sleep(PERIOD)
                    continue
                if changed:
                    self._bus.publish("desk")
