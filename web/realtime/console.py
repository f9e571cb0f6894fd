"""What an agent's console is sent: all of it at first, then what a change has changed.

A change costs the same however many wait: one small query tells which rows are new or other than
before, and only those are read whole and sent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.desk import board, callback_list, events, queue, rows
from web.desk.models import Conversation

PAGE = 200
WHOLE = 30.0  # seconds after which every row is read anew, for what leaves no mark on it
SIDES = ("waiting", "mine")
COUNTED = "waiting_seconds"  # pages count it themselves

Row = dict[str, Any]
Beside = Callable[[Session, int, datetime], dict[str, Any]]


def frame(kind: str, data: Any, number: str | int | None = None) -> str:
    """Write one server-sent event."""
    lines = [f"id: {number}"] if number is not None else []
    lines += [f"event: {kind}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n\n"


class Console:
    """One open console: what it was sent so far, and how to bring it up to date."""

    def __init__(self, agent_id: int, cursor: str, beside: Beside) -> None:
        self.agent_id = agent_id
        self.names: dict[str, str | None] = {}  # of the agent's own customers
        self._beside = beside
        self._seen = read_cursor(cursor)
        self._sent: dict[str, Any] | None = None  # the queue as the console has it
        self._board: dict[str, Any] = {}
        self._listing = callback_list.Listing(agent_id)
        self._marks: dict[str, Any] = {}
        self._rows: dict[str, Row] = {}
        self._read_at = 0.0

    def look(self, session: Session, now: datetime) -> list[str]:
        """Give the frames that bring the console up to date; none where nothing has changed."""
        looked = board.of_agent(session, self.agent_id, now, self._listing)
        looked |= self._beside(session, self.agent_id, now)
        overview = self._overview(session, now)
        frames = self._events(session, overview["mine"])
        frames += self._queue(overview, now)
        news = {key: value for key, value in looked.items() if self._board.get(key, ...) != value}
        if news:
            self._board = looked
            frames.append(frame("board", news, self.cursor))
        return frames

    @property
    def cursor(self) -> str:
        """Name the newest event that was sent of each of the agent's conversations."""
        return " ".join(f"{one}:{last}" for one, last in self._seen.items())

    def _overview(self, session: Session, now: datetime) -> dict[str, Any]:
        found = queue.outline(session, self.agent_id)
        listed = {side: getattr(found, side) for side in SIDES}
        if time.monotonic() - self._read_at >= WHOLE:
            self._read_at = time.monotonic()
            self._marks = {}
        marks = {
            one.id: (*one, _kept(one.preferred_until, now))
            for side in SIDES
            for one in listed[side]
        }
        other = [one for one, mark in marks.items() if self._marks.get(one) != mark]
        fresh = session.scalars(select(Conversation).where(Conversation.id.in_(other))).all()
        self._rows = {one: row for one, row in self._rows.items() if one in marks}
        self._rows |= {row["id"]: row for row in rows.of_conversations(session, fresh, now)}
        self._marks = marks
        unseen = rows.unread(session, [one.id for one in listed["mine"]])
        for one in listed["mine"]:
            row = self._rows.get(one.id)  # none of whom was erased between two statements
            if row is not None and row.get("unread") != unseen.get(one.id, 0):
                self._rows[one.id] = {**row, "unread": unseen.get(one.id, 0)}
        shown = {
            side: [self._rows[one.id] for one in listed[side] if one.id in self._rows]
            for side in SIDES
        }
        return {**shown, "total": found.total, "tickets": found.tickets}

    def _events(self, session: Session, mine: Sequence[Row]) -> list[str]:
        frames = []
        self.names = {row["id"]: row["name"] for row in mine}
        for row in mine:
            one, newest = row["id"], row["last_event"]
            last = self._seen.setdefault(one, newest)
            if last >= newest:
                continue
            for event in events.after(session, one, last, PAGE, staff=True):
                self._seen[one] = event.id
                item = {"conversation": one, "event": events.as_json(event, staff=True)}
                frames.append(frame("event", item, self.cursor))
        for gone in self._seen.keys() - self.names.keys():
            del self._seen[gone]
        return frames

    def _queue(self, overview: dict[str, Any], now: datetime) -> list[str]:
        before, self._sent = self._sent, overview
        steps = {
            side: difference(before[side], overview[side]) if before is not None else None
            for side in SIDES
        }
        if before is None or any(step is None for step in steps.values()):
            whole = {side: [_as_of(row, now) for row in overview[side]] for side in SIDES}
            return [frame("queue", overview | whole, self.cursor)]
        news = {key: overview[key] for key in overview if overview[key] != before[key]}
        for side, step in steps.items():
            news.pop(side, None)
            if step:
                put = [[at, _as_of(row, now)] for at, row in step["put"]]
                news[side] = {"gone": step["gone"], "put": put}
        return [frame("rows", news, self.cursor)] if news else []


def difference(before: Sequence[Row], after: Sequence[Row]) -> dict[str, Any] | None:
    """Say how a list became another: {gone: ids, put: [[place from 0, row], …]}, {} without change.

    Whoever takes out what is gone or put, and puts each row at its place in this order, has the
    list. None where rows changed places without being other rows: then all of it has to be sent.
    """
    known = {row["id"]: row for row in before}
    ids = {row["id"] for row in after}
    gone = [one for one in known if one not in ids]
    put = [(at, row) for at, row in enumerate(after) if _is_other(known.get(row["id"]), row)]
    moved = {row["id"] for _, row in put}
    rest = [row["id"] for row in before if row["id"] in ids and row["id"] not in moved]
    if rest != [row["id"] for row in after if row["id"] not in moved]:
        return None
    return {"gone": gone, "put": put} if gone or put else {}


def read_cursor(cursor: str) -> dict[str, int]:
    """Read what a console says that it has."""
    seen = {}
    for part in cursor.split()[:PAGE]:
        conversation_id, _, last = part.rpartition(":")
        if conversation_id and last.isdecimal() and len(last) < 12:
            seen[conversation_id] = int(last)
    return seen


def _is_other(known: Row | None, row: Row) -> bool:
    if known is None or known is row:
        return known is None
    return {**known, COUNTED: None} != {**row, COUNTED: None}


def _as_of(row: Row, now: datetime) -> Row:
    """Bring what counts by itself up to now: the row may have been read some time ago."""
    since = row["queued_at"]
    return {**row, COUNTED: rows.waited(datetime.fromisoformat(since) if since else None, now)}


def _kept(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
