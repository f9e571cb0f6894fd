"""Server-sent events: missed ones first, then live, with heartbeats."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from web.desk import attendance, conversations, events, queue
from web.desk.database import Database
from web.realtime.bus import Bus, Subscription
from web.realtime.clock import Clock
from web.realtime.console import PAGE, Beside, Console, frame
from web.realtime.reader import Follower, Reader, outline_of

HEARTBEAT = 15.0  # seconds
BEAT = 6.0  # seconds between an agent's beats
REREAD = 3.0  # seconds after which the database is read without any word from the bus


def farewell(news: Subscription) -> str:
    """End a stream whose process stops: when its reader should come again."""
    return f"retry: {news.again}\n\n"


def of_conversation(
    database: Database,
    bus: Bus,
    reader: Reader,
    conversation_id: str,
    last: int,
    clock: Clock,
    silence: timedelta = attendance.SILENCE,
) -> Iterator[str]:
    """Stream a conversation from the event after `last` on: its state, then events and states.

    Between them come signs that the agent types.
    """
    shown: dict[str, Any] | None = None
    spoke = time.monotonic()
    changed, moved = f"conversation:{conversation_id}", f"place:{conversation_id}"
    signs = f"typing:{conversation_id}:agent:"
    topics = (changed, moved, f"{signs}on", f"{signs}off")
    heard = frozenset({changed})
    with bus.subscribe(*topics) as news, reader.following(conversation_id) as follower:
        while not news.over:
            frames: list[str] = []
            full = False
            state = shown
            if changed in heard:
                found = _look(database, follower, last, clock, silence)
                if found is None:
                    return
                if found.state is not None:
                    state, full, last = found.state, found.full, found.last
                    if shown is None:
                        frames.append(frame("state", state))
                        shown = state
                    frames += found.frames
                found = None
            elif moved in heard and shown is not None and shown["owner"] == "queue":
                state = {**shown, "queue": follower.standing}
            if state is not None and state != shown:
                frames.append(frame("state", state))
                shown = state
            if shown is not None and shown["owner"] == "agent" and (on := _sign(heard, signs)):
                sign = {"actor": "agent", "name": shown["agent"], "on": on == "on"}
                frames.append(frame("typing", sign))
            if frames:
                spoke = time.monotonic()
                yield "".join(frames)
            elif time.monotonic() - spoke >= HEARTBEAT:
                spoke = time.monotonic()
                yield ": still here\n\n"
            if full:
                heard = frozenset({changed})
            else:
                heard = news.wait(max(0.1, HEARTBEAT - (time.monotonic() - spoke)))
        yield farewell(news)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a conversation found: its state, None where nothing is new, and events.

    last: the newest event shown. full: whether there may be more.
    """

    state: dict[str, Any] | None
    last: int
    frames: tuple[str, ...] = ()
    full: bool = False


def _look(
    database: Database, follower: Follower, last: int, clock: Clock, silence: timedelta
) -> Look | None:
    """Read what is new in a follower's conversation; None when there is no such conversation.

    On its own, so that a stream that waits holds no session and no row: it would for hours.
    """
    with database.read() as session:
        # A word may come twice: one small query tells that nothing is new.
        outline = outline_of(session, follower.conversation_id)
        if outline is None:
            return None
        if outline == follower.outline:
            return Look(None, last)
        fresh = events.after(session, follower.conversation_id, last, PAGE)
        conversation = conversations.find(session, follower.conversation_id)
        state = queue.state(session, conversation, clock(), silence)
        full = len(fresh) == PAGE
        frames = tuple(frame("event", events.as_json(event), event.id) for event in fresh)
        follower.standing = state["queue"]
        follower.outline = None if full else outline
        return Look(state, fresh[-1].id if fresh else last, frames, full)


def of_desk(
    database: Database,
    bus: Bus,
    agent_id: int,
    cursor: str,
    clock: Clock,
    beside: Beside = lambda *_: {},
    admits: Callable[[Session], bool] = lambda _: True,
) -> Iterator[str]:
    """Stream to an agent: the queue and the board at once, then what changes in them, and events.

    cursor: the last id that the console got, "" for a fresh one; it names each conversation's last
    event, so that nothing is missed while the connection was down. A beat comes every few seconds
    for the console to answer with a sign of life: timers of a hidden page are slowed down, what
    the network brings is not. Writing alone proves nothing, a dead line takes it for minutes.
    beside: reads what else stands on the board. admits: whether the agent is signed in still; who
    is not gets nothing more over a stream that was opened before.
    """
    console = Console(agent_id, cursor, beside)
    beaten = -BEAT
    with bus.subscribe("desk", "typing:*") as news:
        while not news.over:
            with database.read() as session:
                if not admits(session):
                    return
                frames = console.look(session, clock())
            if time.monotonic() - beaten >= BEAT:
                beaten = time.monotonic()
                frames.append(frame("beat", {}))
            if frames:
                yield "".join(frames)
            heard = news.wait(REREAD)
            # Typing comes often and changes nothing that is read from the database.
            while signs := _signs(heard, console.names):
                yield "".join(frame("typing", sign) for sign in signs)
                others = any(not topic.startswith("typing:") for topic in heard)
                if others or time.monotonic() - beaten >= BEAT:
                    break
                heard = news.wait(REREAD)
        yield farewell(news)


def _sign(heard: frozenset[str], start: str) -> str | None:
    """Read "on" or "off" out of the news; where both came at once the newer one is not known."""
    said = {topic.removeprefix(start) for topic in heard if topic.startswith(start)}
    return "off" if "off" in said else "on" if said else None


def _signs(heard: frozenset[str], names: dict[str, str | None]) -> list[dict[str, Any]]:
    """Show which of an agent's customers type."""
    found = []
    for conversation_id, name in names.items():
        on = _sign(heard, f"typing:{conversation_id}:customer:")
        if on is not None:
            sign = {"conversation": conversation_id, "actor": "customer", "name": name}
            found.append({**sign, "on": on == "on"})
    return found
