"""Has pictures that people send made anew by processes of their own: bounded, and given up in time.

A decoder can be kept busy for hours by a file of some kilobytes, and holds up whoever shares its
process meanwhile. Few pictures are made at once, the others wait their turn.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from web import offload
from web.desk import documents
from web.desk.documents import Document
from web.desk.pixels import SENT, BadPicture, Form, Picture
from web.offload import BEHIND, Overloaded
from web.pictures import decoder

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE, WAITING = 2, 16
CPU = 12  # seconds of the processor for one picture; the largest that are taken need two
CLOCK = 40.0  # seconds for one picture on a machine that is busy with other things


class _Ended(Exception):
    """The process is gone without an answer."""


class _Decoder:
    """One process. Only one picture at a time is given to it."""

    def __init__(self, cpu: int, clock: float) -> None:
        self._line, theirs = socket.socketpair()
        self._line.settimeout(clock)
        name = "web.pictures.decoder"
        words = [sys.executable, "-m", name, str(theirs.fileno()), str(cpu), str(BEHIND)]
        with theirs:
            # Nothing of web's environment, where its secrets stand.
            self._process = subprocess.Popen(  # noqa: S603
                words, cwd=ROOT, env={}, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL
            )
        self.rest()

    def ask(self, raw: bytes, form: Form) -> Picture:
        """Have a picture made anew; raises BadPicture, and _Ended."""
        try:
            decoder.send(self._line, json.dumps(asdict(form)).encode(), raw)
            head = decoder.read(self._line)
            content = None if head is None else decoder.read(self._line)
        except OSError:
            raise _Ended from None
        if head is None or content is None:
            raise _Ended
        told = json.loads(head)
        if "bad" in told:
            raise BadPicture(told["bad"])
        return Picture(content, told["width"], told["height"])

    def rest(self) -> None:
        """Note since when it has nothing to do."""
        self._resting = time.monotonic()

    @property
    def is_there(self) -> bool:
        """Whether it will take another picture, and is not about to end for want of any."""
        rested = time.monotonic() - self._resting
        return rested < decoder.IDLE / 2 and self._process.poll() is None

    def end(self) -> None:
        """End it, whatever it does."""
        self._line.close()
        self._process.kill()
        self._process.wait()


class Studio:
    """The processes of one web. cpu, clock: seconds that one picture may take."""

    def __init__(self, cpu: int = CPU, clock: float = CLOCK) -> None:
        self._cpu, self._clock = cpu, clock
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._idle: list[_Decoder] = []
        self._taken = 0

    def receive(self, raw: bytes, form: Form = SENT) -> Picture:
        """Have a picture made anew; raises BadPicture, Overloaded."""
        if self._taken >= AT_ONCE + WAITING:
            raise Overloaded(f"{self._taken} pictures are being made already")
        self._taken += 1
        try:
            with self._places:
                return self._made(raw, form)
        finally:
            self._taken -= 1

    def _made(self, raw: bytes, form: Form) -> Picture:
        try:
            with self._one() as one:
                return one.ask(raw, form)
        except _Ended:
            # It took too long, by the clock or by the processor's, or the decoder broke down on it.
            raise BadPicture("time") from None

    @contextmanager
    def _one(self) -> Iterator[_Decoder]:
        """Lend a process, one that rests where there is one; it rests again after an answer."""
        one = self._idle.pop() if self._idle else None
        if one is not None and not one.is_there:
            one.end()
            one = None
        one, answered = one or _Decoder(self._cpu, self._clock), False
        try:
            yield one
            answered = True
        except BadPicture:
            answered = True
            raise
        finally:
            if answered:
                one.rest()
                self._idle.append(one)
            else:
                one.end()

    def close(self) -> None:
        """End what rests."""
        while self._idle:
            self._idle.pop().end()


studio = Studio()


def receive_picture(raw: bytes, form: Form = SENT) -> Picture:
    """Make a picture anew; raises BadPicture, Overloaded."""
    return studio.receive(raw, form)


def receive(raw: bytes, name: str = "") -> Picture | Document:
    """Take a document as it is, or make a picture anew.

    name: as its sender's device says. Raises BadPicture, Overloaded.
    """
    document = offload.computing.run(lambda: documents.take(raw, name))
    return receive_picture(raw) if document is None else document
