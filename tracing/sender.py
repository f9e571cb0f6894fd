"""Sends spans to the collector, beside whoever made them: nobody waits for it, ever.

OTLP over HTTP in its JSON form, by the standard library (docs/decisions/0017).
"""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from tracing.spans import Span, payload

log = logging.getLogger(__name__)
PATH = "/v1/traces"
MOST = 4096  # spans that wait; beyond, the oldest are left out
BATCH = 512
EVERY = 2.0  # seconds
PATIENCE = 5.0  # seconds for the collector's answer
SAY_AGAIN = 300.0  # seconds between lines about a collector that is away
LAST = 1.0  # seconds that the end waits for what is left


class Sender:
    """Keeps spans until they are sent, or given up.

    service: the name of this process among others. every: seconds between two requests.
    """

    def __init__(
        self,
        endpoint: str,
        headers: Mapping[str, str],
        service: str,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(endpoint)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") + PATH
        self._headers = {"Content-Type": "application/json", **headers}
        self._service = service
        self._every = every
        self._clock = clock
        self._said = float("-inf")
        self._waiting: deque[Span] = deque(maxlen=MOST)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="traces", daemon=True)
        self._thread.start()

    def keep(self, span: Span) -> None:
        """Send a span by and by."""
        self._waiting.append(span)

    def close(self) -> None:
        """Send what is left, as far as that takes no time."""
        self._stopped.set()
        self._thread.join(LAST)

    def _go_on(self) -> None:
        while not self._stopped.wait(self._every):
            self._send_all()
        self._send_all()

    def _send_all(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                self._send(batch)
            except (OSError, http.client.HTTPException) as error:
                self._tell(type(error).__name__, len(batch))
                return

    def _send(self, batch: list[Span]) -> None:
        body = json.dumps(payload(self._service, batch)).encode()
        connection = self._connect()
        try:
            connection.request("POST", self._path, body, self._headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 300:
                self._tell(f"answers {answer.status}", len(batch))
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
        trusted = ssl.create_default_context()
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=PATIENCE, context=trusted
        )

    def _tell(self, reason: str, count: int) -> None:
        if self._clock() - self._said >= SAY_AGAIN:
            self._said = self._clock()
            log.warning("the collector of traces failed: %s; %d spans are left out", reason, count)
