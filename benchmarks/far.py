"""A line to a server far away: every connection begins a round trip late and starts slowly."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FIRST = 14_600  # bytes that a server sends before the first acknowledgement: ten segments
CHUNK = 16_384
Arrival = tuple[float, bytes]


class Line:
    """Forwards connections to a port of this machine as TCP would over a long way.

    rtt: seconds. The handshake costs one, each direction half of one, and what a server sends at
    once begins with ten segments and doubles with every round trip that it goes on.
    """

    def __init__(self, port: int, rtt: float) -> None:
        self._port = port
        self._rtt = rtt

    async def take(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        await asyncio.sleep(self._rtt)
        far, there = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.gather(self._carry(near, there, slow=False), self._carry(far, back))
        finally:
            for end in (there, back):
                with contextlib.suppress(OSError):
                    end.close()

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, slow: bool = True
    ) -> None:
        under_way: asyncio.Queue[Arrival] = asyncio.Queue()
        await asyncio.gather(self._read(source, under_way, slow), self._deliver(under_way, sink))

    async def _read(
        self, source: asyncio.StreamReader, under_way: asyncio.Queue[Arrival], slow: bool
    ) -> None:
        now = asyncio.get_running_loop().time
        window, left, since = FIRST, FIRST, now()
        with contextlib.suppress(OSError):
            while data := await source.read(min(CHUNK, left) if slow else CHUNK):
                under_way.put_nowait((now() + self._rtt / 2, data))
                if now() - since >= self._rtt:
                    left, since = window, now()  # all of it was acknowledged meanwhile
                left -= len(data)
                if slow and left <= 0:
                    await asyncio.sleep(max(0.0, since + self._rtt - now()))
                    window *= 2
                    left, since = window, now()
        under_way.put_nowait((now() + self._rtt / 2, b""))

    async def _deliver(self, under_way: asyncio.Queue[Arrival], sink: asyncio.StreamWriter) -> None:
        now = asyncio.get_running_loop().time
        with contextlib.suppress(OSError):
            while True:
                due, data = await under_way.get()
                await asyncio.sleep(max(0.0, due - now()))
                if not data:
                    break
                sink.write(data)
                await sink.drain()
            sink.write_eof()


@contextmanager
def far(port: int, rtt: float) -> Iterator[int]:
    """Give a port of this machine behind which the given one is rtt seconds away and back."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # browsers drop connections; that is no fault
    ready: list[asyncio.Server] = []
    up = threading.Event()

    async def begin() -> None:
        ready.append(await asyncio.start_server(Line(port, rtt).take, "127.0.0.1", 0))
        up.set()

    def run() -> None:
        loop.run_until_complete(begin())
        loop.run_forever()
        lines = asyncio.all_tasks(loop)
        for line in lines:
            line.cancel()
        loop.run_until_complete(asyncio.gather(*lines, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    up.wait(10)
    try:
        yield ready[0].sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
