"""HTTP to the bot: one time limit for the whole answer, and a short pause after failures."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from web.health import metrics

log = logging.getLogger(__name__)
LARGEST = 1 << 20  # bytes of an answer
FAILURES = 3  # in a row, before the bot is left alone
PAUSE = 5.0  # seconds that it is left alone
OWN_SHARE = 0.2  # of the time limit, spent being late ourselves, excuses the bot


class BotDown(Exception):
    """The bot did not give a usable answer in time."""


class Bot:
    """The bot's REST channel. Many requests may run at once.

    timeout: seconds for an answer. late: tells by how many seconds this process has been late so
    far, which the bot is not blamed for. most: requests at once.
    """

    def __init__(
        self,
        url: str,
        timeout: float,
        secret: str = "",
        clock: Callable[[], float] = time.monotonic,
        late: Callable[[], float] = lambda: 0.0,
        most: int = 100,
    ) -> None:
        self._url = url
        self._timeout = timeout
        self._clock = clock
        self._late = late
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0
        # The bot is on this machine or nearby: no proxy of the environment is asked.
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=20)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self._http = httpx.Client(timeout=timeout, trust_env=False, limits=limits, headers=headers)

    def send(
        self,
        sender: str,
        message: str,
        metadata: Mapping[str, Any],
        event: int | None = None,
        unheard: Sequence[int] = (),
    ) -> list[Any]:
        """Send one message and return the bot's list of replies; raises BotDown.

        event: the message's number; asked again, the bot returns what it answered first. unheard:
        the events just before it whose replies came too late to be shown.
        """
        if self._clock() < self._closed_until:
            raise BotDown("left alone for a moment after failures")
        body: dict[str, Any] = {"sender": sender, "message": message, "metadata": metadata}
        if event is not None:
            body |= {"event": event, "unheard": list(unheard)}
        answer = self._ask(body, again=event is not None)
        if not isinstance(answer, list):
            self._failed(ValueError("no list"))
            raise BotDown("answered no list")
        with self._lock:
            self._failures = 0
        return answer

    def probe(self) -> dict[str, Any]:
        """Ask whether the bot would answer a message of ours: {"ok", "reason" when not}."""
        try:
            status = self._http.get(self._url + "/probe", timeout=2.0).status_code
        except httpx.HTTPError as error:
            return {"ok": False, "reason": type(error).__name__}
        if status == 200:
            return {"ok": True}
        reasons = {401: "XIAOHU_BOT_SECRET is not the bot's", 503: "not ready"}
        return {"ok": False, "reason": reasons.get(status, f"answers {status}")}

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, body: Mapping[str, Any], *, again: bool) -> Any:
        """Ask once, and once more when it was this process that was late.

        again: the bot answers the same message twice with the same. Raises BotDown.
        """
        late = self._late()
        try:
            with metrics.BOT_SECONDS.time():
                return self._post("/webhooks/rest/webhook", body)
        except (httpx.HTTPError, ValueError, TimeoutError, RecursionError) as error:
            ours = isinstance(error, TimeoutError | httpx.TimeoutException) and (
                self._late() - late > self._timeout * OWN_SHARE
            )
            if ours and again:
                return self._ask(body, again=False)
            if not ours:
                self._failed(error)
            raise BotDown(type(error).__name__) from error

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        deadline = self._clock() + self._timeout
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        with self._http.stream(
            "POST", self._url + path, content=content, headers=headers
        ) as response:
            response.raise_for_status()
            whole = int(response.headers.get("Content-Length") or LARGEST)
            parts, size = [], 0
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                # httpx limits each wait, not their sum: a dripping answer is cut here. One that
                # is there is taken, however late this process comes to read it.
                if size < whole and self._clock() > deadline:
                    raise TimeoutError("answer came too slowly")
                if size > LARGEST:
                    raise ValueError("answer is too large")
        return json.loads(b"".join(parts))

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._failures = 0
                self._closed_until = self._clock() + PAUSE
        log.warning("bot failed: %s", type(error).__name__)
