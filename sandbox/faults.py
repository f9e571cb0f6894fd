"""What goes wrong on purpose: the faults that the help center has to bear."""

from __future__ import annotations

import json
import threading
import time

from flask import Response, g

SLOW = 5.0  # seconds: longer than the help center waits
KINDS = ("", "slow", "down", "shape", "foreign", "twice", "order", "text", "large")


class Faults:
    """The next so many answers go wrong in one way; "" for none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kind = ""
        self._times = 0

    def set(self, kind: str, times: int) -> None:
        """Have so many answers go wrong; raises ValueError for an unknown way."""
        if kind not in KINDS:
            raise ValueError(kind)
        with self._lock:
            self._kind, self._times = kind, times if kind else 0

    def before(self) -> Response | None:
        """Break a request before it is answered; None where it goes on."""
        if self._take("slow"):
            g.late = True
            time.sleep(SLOW)
        elif self._take("down"):
            return Response("", 503)
        return None

    def after(self, response: Response) -> None:
        """Break an answer, unless it is late: what was set meanwhile is meant for another one."""
        if "late" in g:
            return
        if self._take("text"):
            response.set_data("not JSON")
            return
        if self._take("large"):
            response.set_data(b" " * (1 << 21))
            return
        told = json.loads(response.get_data())
        found = told["Data"].get("Transaction") if isinstance(told.get("Data"), dict) else None
        if self._take("foreign"):
            for one in found or [told["Data"]]:
                one["CustomerId"] = "somebody-else"
        elif self._take("shape"):
            for one in found or [told["Data"]]:
                for name in ("Amount", "Status", "Version"):
                    one[name] = "?"
        elif found and self._take("twice"):
            told["Data"]["Transaction"] = [*found, *({**one, "Version": 0} for one in found)][:100]
            for one in told["Data"]["Transaction"]:
                one["Version"] += 1
        elif found and self._take("order"):
            told["Data"]["Transaction"] = found[::-1]
        response.set_data(json.dumps(told))

    def _take(self, kind: str) -> bool:
        with self._lock:
            if self._kind != kind or self._times <= 0:
                return False
            self._times -= 1
            return True
