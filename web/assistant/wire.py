"""HTTP to the bot over kept connections: what a turn needs and no more, by the standard library.

A general client takes as long for a request as a third of the turn's other work.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

LARGEST = 1 << 20  # bytes of an answer
IDLE = 30.0  # seconds after which a kept connection may have been closed by the other side
KEPT = 32  # connections
PART = 1 << 16
NONE: Mapping[str, str] = MappingProxyType({})


class BadAnswer(ValueError):
    """The other side answered something that is no answer. status: when it is an error's."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class Wire:
    """Requests to one server. Many may run at once, each on a connection of its own.

    context: gives what a new connection shows and trusts, where the URL is https; None for the
    system's.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        context: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._context = context
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port
        self._path = parts.path.rstrip("/")
        self._headers = dict(headers)
        self._clock = clock
        self._idle: list[tuple[float, http.client.HTTPConnection]] = []
        self._lock = threading.Lock()

    def get(self, path: str, seconds: float) -> int:
        """Ask, and return the status alone; raises OSError, http.client.HTTPException."""
        try:
            self._ask("GET", path, None, seconds)
        except BadAnswer as answer:
            if answer.status:
                return answer.status
            raise
        return 200

    def post(self, path: str, body: bytes, seconds: float) -> bytes:
        """Send a body and return the answer's within so many seconds.

        Raises OSError (TimeoutError when it took longer), http.client.HTTPException, BadAnswer.
        """
        return self._ask("POST", path, body, seconds)

    def ask(
        self, method: str, path: str, body: bytes | None, seconds: float, headers: Mapping[str, str]
    ) -> bytes:
        """Send a request with headers of its own; raises what `post` raises."""
        return self._ask(method, path, body, seconds, headers)

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        seconds: float,
        headers: Mapping[str, str] = NONE,
    ) -> bytes:
        deadline = self._clock() + seconds
        connection = self._take()
        if connection is not None:
            try:
                return self._exchange(connection, method, path, body, deadline, headers)
            except (ConnectionError, http.client.BadStatusLine):
                pass  # closed by the other side while nobody used it
        return self._exchange(self._open(seconds), method, path, body, deadline, headers)

    def _open(self, seconds: float) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=seconds)
        context = self._context() if self._context is not None else None
        return http.client.HTTPSConnection(self._host, self._port, timeout=seconds, context=context)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        deadline: float,
        own: Mapping[str, str],
    ) -> bytes:
        try:
            self._limit(connection, deadline)
            headers = {**self._headers, **own}
            if body is not None:
                headers = {"Content-Type": "application/json", **headers}
            connection.request(method, self._path + path, body, headers)
            answer = connection.getresponse()
            parts, size = [], 0
            # Each wait is limited to what is left. What is there is taken, however late it is read.
            while part := answer.read1(PART):
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise BadAnswer("answer is too large")
                if answer.length == 0:
                    break
                self._limit(connection, deadline)
            # Read to its end, but some Pythons end an answer only at a read that finds nothing; a
            # connection with an answer still open takes no further request.
            answer.close()
        except BaseException:
            connection.close()
            raise
        if answer.will_close:
            connection.close()
        else:
            self._keep(connection)
        if answer.status >= 300:
            raise BadAnswer(f"answers {answer.status}", answer.status)
        return b"".join(parts)

    def _limit(self, connection: http.client.HTTPConnection, deadline: float) -> None:
        left = deadline - self._clock()
        if left <= 0:
            raise TimeoutError("answer came too slowly")
        connection.timeout = left
        if connection.sock is not None:
            connection.sock.settimeout(left)

    def _take(self) -> http.client.HTTPConnection | None:
        now = self._clock()
        with self._lock:
            while self._idle:
                since, connection = self._idle.pop()
                if now - since < IDLE:
                    return connection
                connection.close()
        return None

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < KEPT:
                self._idle.append((self._clock(), connection))
                return
        connection.close()
