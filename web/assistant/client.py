"""HTTP to the bot: one time limit for the whole answer, and a short pause after failures.

A bot that is starting is no failure: the message waits for it, within the same time limit.
"""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracing.context import digest
from tracing.spans import Kind
from tracing.tracer import Tracer
from web.assistant.wire import BadAnswer, Wire
from web.health import metrics

log = logging.getLogger(__name__)
WEBHOOK = "/webhooks/rest/webhook"
PROBE = 2.0  # seconds
FAULTS = (OSError, http.client.HTTPException, ValueError, RecursionError)
FAILURES = 3  # in a row, before the bot is left alone
PAUSE = 5.0  # seconds that it is left alone
STARTING = 503  # the status of a bot that listens and has not loaded its model yet
LOOK = 0.2  # seconds between looks at a bot that is starting, however many messages wait
LEAST = 0.5  # seconds that are left for the answer of a bot that was waited for
OWN_SHARE = 0.2  # of the time limit, spent being late ourselves, excuses the bot


class BotDown(Exception):
    """The bot did not give a usable answer in time."""


class Bot:
    """The bot's REST channel. Many requests may run at once.

    timeout: seconds for an answer. late: tells by how many seconds this process has been late so
    far, which the bot is not blamed for.
    """

    def __init__(
        self,
        url: str,
        timeout: float,
        secret: str = "",
        clock: Callable[[], float] = time.monotonic,
        late: Callable[[], float] = lambda: 0.0,
        tracer: Tracer | None = None,
    ) -> None:
        self._timeout = timeout
        self._clock = clock
        self._late = late
        self._tracer = tracer or Tracer()
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0
        self._looking = threading.Lock()
        self._looked = float("-inf"), False  # when, and whether the bot was starting then
        self._wire = Wire(url, {"Authorization": f"Bearer {secret}"} if secret else {}, clock)

    def send(
        self,
        sender: str,
        message: str,
        metadata: Mapping[str, Any],
        event: int | None = None,
        unheard: Sequence[int] = (),
        key: str | None = None,
        seconds: float | None = None,
        *,
        waits: bool = True,
    ) -> list[Any]:
        """Send one message and return the bot's list of replies; raises BotDown.

        event: the message's number; asked again, the bot returns what it answered first. unheard:
        the events just before it whose replies came too late to be shown. key: what the bot seals
        its memory of the conversation under, and does not keep. seconds: for the answer, where
        there are fewer than the time limit. waits: for a bot that is starting.
        """
        if self._clock() < self._closed_until:
            raise BotDown("left alone for a moment after failures")
        body: dict[str, Any] = {"sender": sender, "message": message, "metadata": metadata}
        if event is not None:
            body |= {"event": event, "unheard": list(unheard)}
        if key is not None:
            body["key"] = key
        limit = self._timeout if seconds is None else min(seconds, self._timeout)
        with self._tracer.span("bot", Kind.CLIENT) as span:
            if span is not None:
                span.note(xiaohu__conversation=digest(sender), xiaohu__event=event)
            answer = self._ask(body, limit, waits=waits, again=event is not None)
        if not isinstance(answer, list):
            self._failed(ValueError("no list"))
            raise BotDown("answered no list")
        with self._lock:
            self._failures = 0
        return answer

    def probe(self) -> dict[str, Any]:
        """Ask whether a message of ours would be answered: {"ok", "reason" when not}."""
        if self._clock() < self._closed_until:
            return {"ok": False, "reason": "left alone for a moment after failures"}
        try:
            status = self._wire.get("/probe", PROBE)
        except FAULTS as error:
            return {"ok": False, "reason": type(error).__name__}
        if status == 200:
            return {"ok": True}
        reasons = {
            401: "XIAOHU_BOT_SECRET is not the bot's",
            STARTING: "starting",
            429: "overloaded",
        }
        return {"ok": False, "reason": reasons.get(status, f"answers {status}")}

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _ask(self, body: Mapping[str, Any], limit: float, *, waits: bool, again: bool) -> Any:
        """Ask once, and once more when it was this process that was late.

        again: the bot answers the same message twice with the same. Raises BotDown.
        """
        content = json.dumps(body, ensure_ascii=False).encode()
        late = self._late()
        try:
            return json.loads(self._post(content, limit, waits=waits))
        except FAULTS as error:
            if isinstance(error, BadAnswer) and error.status == STARTING:
                raise BotDown("is starting") from error
            spent = self._late() - late
            ours = isinstance(error, TimeoutError) and spent > limit * OWN_SHARE
            if ours and again:
                return self._ask(body, limit, waits=waits, again=False)
            if not ours:
                self._failed(error)
            raise BotDown(type(error).__name__) from error

    def _post(self, content: bytes, limit: float, *, waits: bool) -> bytes:
        """Post a message; a bot that is starting gets it once it is ready. Raises FAULTS."""
        deadline = self._clock() + limit
        while True:
            try:
                with metrics.BOT_SECONDS.time():
                    left, trace = deadline - self._clock(), self._tracer.brought()
                    return self._wire.ask("POST", WEBHOOK, content, left, trace)
            except BadAnswer as error:
                if error.status != STARTING or not waits:
                    raise
                while self._clock() + LOOK < deadline - LEAST and self._starts():
                    time.sleep(LOOK)
                if self._clock() + LOOK >= deadline - LEAST:
                    raise

    def _starts(self) -> bool:
        """Tell whether the bot is still starting, asked for all who wait at once."""
        with self._looking:
            at, starting = self._looked
            if self._clock() - at >= LOOK:
                try:
                    starting = self._wire.get("/probe", PROBE) == STARTING
                except FAULTS:
                    starting = False
                self._looked = self._clock(), starting
            return starting

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._failures = 0
                self._closed_until = self._clock() + PAUSE
        log.warning("bot failed: %s", type(error).__name__)
