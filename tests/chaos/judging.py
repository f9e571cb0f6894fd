"""What a campaign came to, by the events that are stored at its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from tests.chaos.customers import Talk

SOON = 15.0  # seconds after the last fault's end within which all is answered
LOOK = 0.5
Events = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What a campaign came to; messages, but `disordered`, which counts conversations.

    slowest: seconds from the last fault's end, or a message after it, to the last answer.
    soon: the seconds after which an answer counts as owed.
    """

    acknowledged: int
    lost: int
    doubled: int
    disordered: int
    owed: int
    slowest: float
    soon: float

    @property
    def sound(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.doubled or self.disordered or self.owed)


def judge(
    talks: Sequence[Talk],
    fixed: float,
    now: Callable[[], float] = time.monotonic,
    soon: float = SOON,
) -> Outcome:
    """Wait until all that is owed was given, at most as long as it may take; then count.

    fixed: when the last fault ended, in seconds since 1970. soon: seconds that an answer may take.
    """
    read = settled([talk for talk in talks if talk.id], now, soon)
    waits = [wait for _, events in read for wait in waited(events, fixed)]
    lost = doubled = disordered = 0
    for talk, events in read:
        stored = [event["client_id"] for event in events if event["client_id"] in set(talk.sent)]
        lost += len(talk.acknowledged - set(stored))
        doubled += len(stored) - len(set(stored)) + answered_twice(events)
        wanted = [one for one in talk.sent if one in set(stored)]
        ids = [event["id"] for event in events]
        causes = [event["cause"] for event in events if event["actor"]["kind"] == "bot"]
        causes = [cause for cause in causes if cause is not None]
        in_order = stored == wanted and ids == sorted(set(ids)) and causes == sorted(causes)
        disordered += not in_order
    acknowledged = sum(len(talk.acknowledged) for talk in talks)
    owed = sum(wait is None or wait > soon for wait in waits)
    slowest = max((wait for wait in waits if wait is not None), default=0.0)
    return Outcome(acknowledged, lost, doubled, disordered, owed, slowest, soon)


def settled(
    talks: Sequence[Talk], now: Callable[[], float], soon: float
) -> list[tuple[Talk, Events]]:
    """Read all conversations until nothing is owed, or for as long as it may be."""
    began = now()
    while True:
        late = now() - began > soon
        try:
            read = [(talk, talk.read()) for talk in talks]
        except httpx.HTTPError:
            if late:
                raise
        else:
            if late or not any(unanswered(events) for _, events in read):
                return read
        time.sleep(LOOK)


def unanswered(events: Events) -> list[int]:
    """List the customer's messages that nothing came of; 0 stands for the greeting."""
    caused = {event["cause"] for event in events}
    said = [event for event in events if event["actor"]["kind"] == "customer"]
    owed = [event["id"] for event in said if event["type"] == "message"]
    greeted = any(event["actor"]["kind"] == "bot" and not event["cause"] for event in events)
    return [number for number in owed if number not in caused] + ([] if greeted else [0])


def waited(events: Events, fixed: float) -> list[float | None]:
    """List how long each message waited for its answer since faults were over; None: for good."""
    first: dict[int, float] = {}
    for event in events:
        if event["actor"]["kind"] == "bot" and event["cause"]:
            first.setdefault(event["cause"], moment(event))
    said = [
        event
        for event in events
        if event["actor"]["kind"] == "customer" and event["type"] == "message"
    ]
    waits: list[float | None] = [
        max(0.0, first[event["id"]] - max(fixed, moment(event))) if event["id"] in first else None
        for event in said
    ]
    return waits + ([None] if 0 in unanswered(events) else [])


def moment(event: dict[str, Any]) -> float:
    """Return when an event was stored, in seconds since 1970."""
    return datetime.fromisoformat(event["at"]).timestamp()


def answered_twice(events: Events) -> int:
    """Count what was said more than once in answer to one message."""
    said = Counter(
        (event["cause"], event["data"].get("text"))
        for event in events
        if event["actor"]["kind"] == "bot" and event["type"] == "message"
    )
    return sum(count - 1 for count in said.values())
