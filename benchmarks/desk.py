"""What one change costs one console while 10, 200 and 1,000 customers wait.

    python -m benchmarks.desk [--database URL]

said: one who waits writes; joined: one more comes and another leaves; opened: the first look, with
all of it. Printed are statements, bytes, calls of Python functions, and milliseconds of the
process's own, so that other work on the machine counts little; then what the last size costs over
the first.

Without a database one of SQLite is made in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import secrets
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from web.desk import agents, conversations, escalations
from web.desk.bookings import Callback
from web.desk.conversations import Visitor, open_for
from web.desk.database import Database, open_database
from web.desk.events import BOT, CUSTOMER
from web.migrations import migrate
from web.realtime.console import Console

SIZES = (10, 200, 1000)
ROUNDS = 20
CARD = {"problem": "退款三天没到账", "amount": "128 元", "order_number": "20261120-7"}


def main() -> None:
    """Fill a desk step by step and measure each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", help="an empty database's URL")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(wish.database or f"sqlite:///{folder}/desk.db")
        migrate(database, Path(folder))
        try:
            measure(database)
        finally:
            database.close()


def measure(database: Database) -> None:
    """Print a line for each size."""
    now = datetime.now(UTC)
    with database.write() as session:
        agent = agents.add(session, "anna", "安娜", secrets.token_urlsafe(12), now)
        session.flush()
        agent_id = agent.id
    statements = [0]

    def note(*_: Any) -> None:
        statements[0] += 1

    event.listen(database.engine, "before_cursor_execute", note)
    ids: list[str] = []
    print(f"{'waiting':>8} {'change':>8} {'statements':>11} {'bytes':>8} {'calls':>8} {'ms':>7}")
    told: dict[str, list[list[float]]] = {}
    for size in SIZES:
        while len(ids) < size:
            ids.append(fill(database, len(ids), now + timedelta(milliseconds=len(ids))))
        console = Console(agent_id, "", lambda *_: {})
        costs: dict[str, list[tuple[float, ...]]] = {"opened": [], "said": [], "joined": []}
        costs["opened"].append(look(console, database, statements, now))
        counted = Console(agent_id, "", lambda *_: {})
        costs["opened"].append(look(counted, database, statements, now, counts=True))
        for turn in range(ROUNDS):
            with database.write() as session:
                one = ids[turn % min(size, 10)]
                conversations.post(session, one, f"more-{secrets.token_hex(8)}", "还要多久？", now)
            costs["said"].append(look(console, database, statements, now))
            costs["said"].append(look(counted, database, statements, now, counts=True))
            ids.append(fill(database, size * 10 + turn, now + timedelta(seconds=size)))
            with database.write() as session:
                escalations.leave(session, ids.pop(3), CUSTOMER, now)
            costs["joined"].append(look(console, database, statements, now))
            costs["joined"].append(look(counted, database, statements, now, counts=True))
        for change, found in costs.items():
            asked, sent, calls, took = (
                statistics.median(one for one in part if one) for part in zip(*found, strict=True)
            )
            told.setdefault(change, []).append([asked, sent, calls, took])
            print(f"{size:>8} {change:>8} {asked:>11.0f} {sent:>8.0f} {calls:>8.0f} {took:>7.1f}")
    for change in ("said", "joined"):
        over = [last / first for first, last in zip(told[change][0], told[change][-1], strict=True)]
        print(f"{SIZES[-1]} over {SIZES[0]}, {change}: ", end="")
        print("statements {:.2f}, bytes {:.2f}, calls {:.2f}, ms {:.2f}".format(*over))


def fill(database: Database, number: int, now: datetime) -> str:
    """Add a customer who waits, each tenth with a booked call; returns the conversation."""
    with database.write() as session:
        one = open_for(session, Visitor("app"), now).conversation.id
        conversations.post(session, one, f"said-{number:06d}", "我的退款没到", now)
        escalations.escalate(
            session, one, BOT, now, topic="refund", reason="asked", urgent=False, card=CARD
        )
        if number % 10 == 0:
            session.add(
                Callback(
                    conversation_id=one,
                    who="-",
                    number="",
                    number_hash="-",
                    number_shown="138****",
                    code="",
                    state="booked",
                    slot=now,
                    due_at=now,
                    created_at=now,
                )
            )
    return one


def look(
    console: Console,
    database: Database,
    statements: list[int],
    now: datetime,
    *,
    counts: bool = False,
) -> tuple[float, ...]:
    """Bring a console up to date; returns its statements, bytes, calls and milliseconds.

    counts: count the calls, which takes time, instead of measuring the time; the other one is 0.
    """
    statements[0] = 0
    counter = cProfile.Profile(builtins=False)
    began = time.process_time()
    if counts:
        counter.enable()
    with database.read() as session:
        frames = console.look(session, now)
    counter.disable()
    took = (time.process_time() - began) * 1000
    calls = pstats.Stats(counter).total_calls if counts else 0  # type: ignore[attr-defined]
    return statements[0], sum(len(one.encode()) for one in frames), calls, 0 if counts else took


if __name__ == "__main__":
    main()
