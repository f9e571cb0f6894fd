"""A process that makes pictures anew for web: `python -m web.pictures.decoder <descriptor>`.

It has a pipe to web and nothing else: no secret, no database, no file to write. What a picture may
cost of processor and memory is the system's to enforce; remaking.py gives it up by the clock too.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from contextlib import suppress

from web.desk import pixels

MEMORY = 2 << 30  # bytes of addresses; a photo of 50 megapixels takes 300 MB of them
IDLE = 60.0  # seconds without a picture after which it ends
LENGTH = 8  # bytes that say how long what follows is
MOST = 64 << 20  # bytes that may follow


def serve(line: socket.socket, seconds: int) -> None:
    """Make one picture after the other; seconds: of the processor, for each."""
    line.settimeout(IDLE)
    while (head := read(line)) is not None and (raw := read(line)) is not None:
        _allow(seconds)
        try:
            told, content = _remade(raw, pixels.Form(**json.loads(head)))
        except pixels.BadPicture as error:
            told, content = {"bad": error.reason}, b""
        send(line, json.dumps(told).encode(), content)


def _remade(raw: bytes, form: pixels.Form) -> tuple[dict[str, object], bytes]:
    made = pixels.remake(raw, form)
    return {"width": made.width, "height": made.height}, made.content


def read(line: socket.socket) -> bytes | None:
    """Read what `send` sent; None at the end, and when nothing came in time."""
    with suppress(TimeoutError):
        head = _exactly(line, LENGTH)
        size = MOST + 1 if head is None else int.from_bytes(head)
        return _exactly(line, size) if size <= MOST else None
    return None


def send(line: socket.socket, *parts: bytes) -> None:
    """Send parts, each with its length before it."""
    for part in parts:
        line.sendall(len(part).to_bytes(LENGTH))
        line.sendall(part)


def _exactly(line: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = line.recv(min(size - len(found), 1 << 20))
        if not part:
            return None
        found += part
    return bytes(found)


def _allow(seconds: int) -> None:
    """Let the next picture take so many seconds of the processor, from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def main() -> None:
    """Serve the socket that was handed down."""
    number, seconds, behind = (int(word) for word in sys.argv[1:4])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # web ends it, not the terminal
    with suppress(OSError):
        os.nice(behind)
    for kind, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(kind, (most, most))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with socket.socket(fileno=number) as line, suppress(ConnectionError):
        serve(line, seconds)


if __name__ == "__main__":
    main()
