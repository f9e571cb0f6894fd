"""Measures that costs do not grow with what is kept: 10,000 conversations and 1,000,000.

`.venv/bin/python -m benchmarks.history [SMALL LARGE]` makes both in SQLite files of their own, with
the same people waiting today, runs each periodic job, list and page, and prints the medians of
their CPU and the ratio. The goal is 1.5. That nothing is read from end to end is held by
tests/web/test_history.py.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.pages import site
from web.desk import (
    agents,
    assignments,
    conversations,
    estimates,
    events,
    progress,
    queue,
    tickets,
    turns,
)
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
NAMED = re.compile(r":(count|at|agent)\b")
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
    "INSERT INTO handlings"
    " (conversation_id, escalation_id, agent_id, began, began_at, queued_at, ended, ended_at)"
    " SELECT printf('%032d', i), i / 10, :agent, 'claim', :at, :at, 'close', :at FROM n"
    " WHERE i % 10 = 0",
    "INSERT INTO turns (conversation_id, event_id, state, started_at)"
    " SELECT printf('%032d', i), 1, 'done', :at FROM n",
    "INSERT INTO tokens (token_hash, conversation_id, who, created_at, expires_at)"
    " SELECT printf('%064d', i), printf('%032d', i), 'anonymous', :at, :at FROM n",
    "INSERT INTO asked (at, place, text, band, confidence, faq_id, outcome, conversation_id)"
    " SELECT :at, 'chat', '怎么提现', 'answer', 0.9, 'withdraw', 'answer', printf('%032d', i)"
    " FROM n",
    "INSERT INTO feedback (faq_id, helpful, at) SELECT 'withdraw', 1, :at FROM n WHERE i % 10 = 0",
    "INSERT INTO attachments (id, conversation_id, width, height, size, at)"
    " SELECT printf('%032d', i), printf('%032d', i), 9, 9, 99, :at FROM n WHERE i % 20 = 0",
)


def make(database: Database, count: int, at: datetime) -> None:
    """Write so many conversations that ended at a time."""
    with database.write() as session:
        agent = agents.add(session, "before", "before", "left long ago", at).id
        for statement in KEPT:
            insert, _, select = statement.partition(" SELECT ")
            full = f"{insert} {NUMBERS} SELECT {select}"
            given = {"count": count, "at": at.replace(tzinfo=None), "agent": agent}
            session.execute(text(full), {name: given[name] for name in NAMED.findall(full)})


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


def main() -> int:
    """Compare; returns 1 when a job or a page is beyond the goal."""
    small, large = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 1_000_000)
    now = datetime.now(UTC)
    made: list[dict[str, Callable[[], Any]]] = []
    with ExitStack() as opened:
        for count in (small, large):
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="history-")))
            database = open_database(f"sqlite:///{folder}/xiaohu.db")
            migrate(database, folder)
            began = time.perf_counter()
            make(database, count, now - timedelta(days=40))
            print(f"made {count} conversations in {time.perf_counter() - began:.1f} s", flush=True)
            one = wait(database, now)
            database.close()
            running = opened.enter_context(site(folder))
            lists = {
                name: partial(_read, running.parts.database, job)
                for name, job in jobs(one, now).items()
            }
            made.append(lists | running.jobs())
        beyond = sum(compare(name, *(side[name] for side in made)) > GOAL for name in made[0])
    return 1 if beyond else 0


def compare(name: str, small: Callable[[], Any], large: Callable[[], Any]) -> float:
    """Print the median CPU ms of a job on both, asked in turns, and return their ratio."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for job, spent in zip((small, large), took, strict=True):
            began = time.thread_time()
            job()
            if number:  # the first fills caches
                spent.append((time.thread_time() - began) * 1000)
    few, many = map(statistics.median, took)
    ratio = many / few if few else 1.0
    print(f"{name:28} {few:8.2f} ms {many:8.2f} ms   × {ratio:.2f}", flush=True)
    return ratio


def _read(database: Database, job: Callable[[Session], Any]) -> None:
    with database.read() as session:
        job(session)


if __name__ == "__main__":
    sys.exit(main())
