"""Measures that costs do not grow with what is kept: 10,000 conversations and 1,000,000.

`.venv/bin/python -m benchmarks.history [SMALL LARGE]` makes both in SQLite files of their own, with
the same people waiting today, runs each periodic job and each list in turns, and prints the medians
and their ratio. The goal is 1.5.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from web.desk import assignments, conversations, estimates, events, progress, queue, tickets, turns
from web.desk.conversations import Visitor, open_for
from web.desk.database import Database, open_database
from web.desk.escalations import escalate
from web.desk.events import CUSTOMER
from web.desk.hours import Hours
from web.migrations import migrate

ROOT = Path(__file__).resolve().parent.parent
GOAL = 1.5
WAITING = 20
ROUNDS = 15
SILENCE = timedelta(seconds=25)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
# Ended long ago: two messages each, one in ten with a case of its own.
KEPT = (
    "INSERT INTO conversations (id, channel, subject, owner, urgent, front, card, last_event,"
    " bot_down, customer_read, agent_read, created_at, updated_at, escalation_id)"
    " SELECT printf('%032d', i), 'app', 'u-' || (i / 3), 'bot', 0, 0, '{}', 2, 0, 0, 0, :at, :at,"
    " CASE WHEN i % 10 = 0 THEN i / 10 END FROM n",
    "INSERT INTO events (conversation_id, id, type, at, actor_kind, data)"
    " SELECT printf('%032d', i), 1, 'message', :at, 'customer', '{\"text\": \"怎么提现\"}' FROM n",
    "INSERT INTO events (conversation_id, id, type, at, actor_kind, cause, data)"
    " SELECT printf('%032d', i), 2, 'message', :at, 'bot', 1, '{\"text\": \"这样提现\"}' FROM n",
    "INSERT INTO escalations"
    " (id, conversation_id, reason, urgent, card, state, created_at, ended_at)"
    " SELECT i / 10, printf('%032d', i), 'asked', 0, '{}', 'closed', :at, :at FROM n"
    " WHERE i % 10 = 0",
)


def make(database: Database, count: int, at: datetime) -> None:
    """Write so many conversations that ended at a time."""
    with database.write() as session:
        for statement in KEPT:
            insert, _, select = statement.partition(" SELECT ")
            full = f"{insert} {NUMBERS} SELECT {select}"
            session.execute(text(full), {"count": count, "at": at.replace(tzinfo=None)})
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def wait(database: Database, now: datetime) -> str:
    """Let people wait; returns the last one's conversation."""
    last = ""
    for number in range(WAITING):
        with database.write() as session:
            opened = open_for(session, Visitor("app", f"today-{number}", "小林"), now)
            last = opened.conversation.id
            escalate(
                session, last, CUSTOMER, now,
                topic="refund", reason="asked", urgent=False, card={},
            )  # fmt: skip
    return last


def jobs(one: str, now: datetime) -> dict[str, Callable[[Session], Any]]:
    """Name what is asked again and again."""
    hours = Hours.read(ROOT / "data" / "hours.yml")
    return {
        "queue length": queue.waiting,
        "desk's list": lambda session: queue.overview(session, 0, now),
        "silent agents": lambda session: assignments.silent(session, now - SILENCE),
        "owed turns": turns.owed,
        "tickets": tickets.count,
        "waiting times": lambda session: estimates.load(session, now, SILENCE),
        "a conversation's events": lambda session: events.after(session, one, 0),
        "a customer's cases": lambda session: progress.cases(
            session, conversations.find(session, one), hours, now
        ),
    }


def measure(database: Database, job: Callable[[Session], Any]) -> float:
    """Return the median ms of a job."""
    took = []
    for _ in range(ROUNDS):
        with database.read() as session:
            began = time.process_time()
            job(session)
            took.append((time.process_time() - began) * 1000)
    return statistics.median(took)


def main() -> int:
    """Compare; returns 1 when a job is beyond the goal."""
    small, large = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 1_000_000)
    now = datetime.now(UTC)
    beyond = 0
    with tempfile.TemporaryDirectory(prefix="history-") as folder:
        opened: list[tuple[Database, dict[str, Callable[[Session], Any]]]] = []
        for count in (small, large):
            database = open_database(f"sqlite:///{folder}/{count}.db")
            migrate(database, Path(folder))
            began = time.perf_counter()
            make(database, count, now - timedelta(days=40))
            print(f"made {count} conversations in {time.perf_counter() - began:.1f} s", flush=True)
            opened.append((database, jobs(wait(database, now), now)))
        for name in opened[0][1]:
            few, many = (measure(database, found[name]) for database, found in opened)
            ratio = many / few if few else 1.0
            beyond += ratio > GOAL
            print(f"{name:26} {few:8.2f} ms {many:8.2f} ms   × {ratio:.2f}", flush=True)
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
