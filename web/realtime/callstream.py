"""The stream of one side of a call: its states, and what the other browser says."""

from __future__ import annotations

import time
from collections.abc import Iterator

from web.desk import calls, video
from web.desk.database import Database
from web.desk.errors import NotFound
from web.realtime.bus import Bus
from web.realtime.clock import Clock
from web.realtime.console import frame
from web.realtime.inbox import Inbox
from web.realtime.stream import farewell

BEAT = 5.0  # seconds between signs of life; writing one also finds out that the page has gone
REREAD = 2.0


def of_call(
    database: Database,
    bus: Bus,
    inbox: Inbox,
    call_id: str,
    side: str,
    cursor: str,
    clock: Clock,
) -> Iterator[str]:
    """Stream to one side ("customer" or "agent") until the call is over.

    cursor: what the side has read of its inbox, "" for nothing yet. While the stream is open the
    side counts as there.
    """
    box = f"{call_id}:{side}"
    shown = None
    beaten = -BEAT
    with bus.subscribe(f"call:{call_id}", f"inbox:{box}") as news:
        while not news.over:
            frames: list[str] = []
            if time.monotonic() - beaten >= BEAT:
                if beaten > 0:
                    yield ": still here\n\n"  # fails where nobody listens, before the sign of life
                beaten = time.monotonic()
                with database.write() as session:
                    video.sign_of_life(session, call_id, side, clock())
            with database.read() as session:
                try:
                    call = calls.as_json(session, calls.find(session, call_id))
                except NotFound:
                    return
            said, cursor = inbox.read(box, cursor)
            frames += [frame("signal", message, cursor) for message in said]
            if call != shown:
                shown = call
                frames.append(frame("call", call, cursor))
            if frames:
                yield "".join(frames)
            if call["state"] in calls.ENDS:
                return
            news.wait(REREAD)
        yield farewell(news)
