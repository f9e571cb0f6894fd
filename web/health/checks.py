"""Whether each part works, looked at beside the requests: an answer about it waits for nothing."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from web import announcements
from web.assistant.spread import AnyBot
from web.content import Files
from web.desk import leases
from web.desk.database import Database
from web.realtime.bus import Bus
from web.realtime.clock import Clock

if TYPE_CHECKING:
    from search import Engine

log = logging.getLogger(__name__)
PERIOD = 2.0  # seconds between looks
STALE = 10.0  # seconds after which a look that does not come back counts as a failure
LEAST_FREE = 64 << 20  # bytes of the disk under var/

Check = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found, and when."""

    found: dict[str, Any]
    at: float


class Checks:
    """Looks at each part every few seconds, each in a thread of its own: one may hang.

    A check returns {"ok": bool, …}; one that raises counts as failed.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        period: float = PERIOD,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._period = period
        self._clock = clock
        self._looks: dict[str, Look | None] = dict.fromkeys(checks)
        self._closed = threading.Event()
        self._begun = clock()
        for name, check in checks.items():
            thread = threading.Thread(target=self._watch, args=(name, check), daemon=True)
            thread.name = f"check-{name}"
            thread.start()

    def results(self) -> dict[str, dict[str, Any]]:
        """Show the last look at each part: {"ok", "age": seconds or None before the first, …}."""
        now = self._clock()
        return {name: self._result(look, now) for name, look in self._looks.items()}

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    def _result(self, look: Look | None, now: float) -> dict[str, Any]:
        if look is None:
            return {"ok": False, "age": None, "reason": "not looked at yet"}
        age = now - look.at
        shown = {**look.found, "age": round(age, 1)}
        return shown if age < STALE else {**shown, "ok": False, "reason": "does not answer"}

    def _watch(self, name: str, check: Check) -> None:
        fine = True
        while not self._closed.is_set():
            began = self._clock()
            try:
                found = check()
            except Exception as error:
                found = {"ok": False, "reason": type(error).__name__}
            self._looks[name] = Look(found, began)
            if found["ok"] != fine:
                fine = found["ok"]
                log.warning("%s: %s", name, "works again" if fine else found.get("reason", "down"))
            self._closed.wait(self._period)


def checks_of(
    database: Database,
    bot: AnyBot,
    bus: Bus,
    engine: Engine | None,
    data: Path,
    var: Path,
    now: Clock,
    content: Files,
) -> dict[str, Check]:
    """Return the checks of an app's parts, by name."""

    def write() -> dict[str, Any]:
        leases.prove(database, now())
        return {"ok": True, "kind": database.engine.dialect.name}

    def search() -> dict[str, Any]:
        if engine is None:
            return {"ok": False, "reason": "no index"}
        # Bad files keep nobody from being served: their last good versions are.
        told = [str(problem) for problem in (*engine.problems, *content.problems())]
        return {
            "ok": True,
            "faqs": len(engine.faqs()),
            "generation": engine.generation.name,
            "problems": [*told, *announcements.problems(data)][:50],
        }

    def disk() -> dict[str, Any]:
        free = shutil.disk_usage(var).free
        return {"ok": free >= LEAST_FREE, "free_mb": free >> 20}

    return {
        "database": write,
        "search": search,
        "bot": bot.probe,
        "bus": lambda: {"ok": bus.is_up()},
        "disk": disk,
    }
