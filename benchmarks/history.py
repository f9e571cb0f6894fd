"""Measures that costs do not grow with what is kept: 10,000 conversations and 1,000,000.

`.venv/bin/python -m benchmarks.history [SMALL LARGE] [--postgres]` makes both in SQLite files of
their own (or each in a PostgreSQL), with the same people waiting today, runs each periodic job,
list and page, and prints the medians of their CPU (PostgreSQL's with it) and the ratio. The goal is
1.5. That nothing is read from end to end is held by tests/web/test_history.py.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.pages import SECRET, site
from benchmarks.past import make
from benchmarks.places import Place, postgres, sqlite
from faq import tips
from web.desk import (
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
from web.desk.sealing import Keys
from web.desk.vault import Vault
from web.migrations import migrate

ROOT = Path(__file__).resolve().parent.parent
GOAL = 1.5
WAITING = 20
ROUNDS = 15
SILENCE = timedelta(seconds=25)


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
    parser = argparse.ArgumentParser(prog="benchmarks.history", description=__doc__)
    parser.add_argument("small", type=int, nargs="?", default=10_000)
    parser.add_argument("large", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    now = datetime.now(UTC)
    path = ROOT / "data" / tips.FILE
    had = tuple(tip.name for tip in tips.read(path, path.read_bytes()).tips)
    made: list[tuple[Place, dict[str, Callable[[], Any]]]] = []
    with ExitStack() as opened:
        for count in (options.small, options.large):
            place = opened.enter_context(postgres() if options.postgres else sqlite())
            database = open_database(place.url)
            migrate(database, place.folder)
            began = time.perf_counter()
            make(database, count, now - timedelta(days=40), had, Keys(Vault((SECRET,))))
            print(f"made {count} conversations in {time.perf_counter() - began:.1f} s", flush=True)
            one = wait(database, now)
            database.close()
            os.sync()  # or the disk is still busy with it while jobs are measured
            running = opened.enter_context(site(place.folder, place.url))
            lists = {
                name: partial(_read, running.parts.database, job)
                for name, job in jobs(one, now).items()
            }
            made.append((place, lists | running.jobs()))
        (few, small), (many, large) = made
        beyond = [
            name for name in small if compare(name, few, small[name], many, large[name]) > GOAL
        ]
    print(f"beyond {GOAL}: {', '.join(beyond) or 'none'}", flush=True)
    return 1 if beyond else 0


def compare(
    name: str, few: Place, small: Callable[[], Any], many: Place, large: Callable[[], Any]
) -> float:
    """Print the median CPU ms of a job on both, asked in turns, and return their ratio."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for place, job, spent in ((few, small, took[0]), (many, large, took[1])):
            took_now = place.spent(job) * 1000
            if number:  # the first fills caches
                spent.append(took_now)
    lower, higher = map(statistics.median, took)
    ratio = higher / lower if lower else 1.0
    print(f"{name:28} {lower:8.2f} ms {higher:8.2f} ms   × {ratio:.2f}", flush=True)
    return ratio


def _read(database: Database, job: Callable[[Session], Any]) -> None:
    with database.read() as session:
        job(session)


if __name__ == "__main__":
    sys.exit(main())
