"""What one change costs one console while 10, 200 and 1,000 customers wait: statements, bytes, ms.

    python -m benchmarks.desk [--database URL]

said: one who waits writes; joined: one more comes and another leaves; opened: the first look, with
all of it. The milliseconds are the process's own, so that other work on the machine counts little.

Without a database one of SQLite is made in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
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
    print(f"{'waiting':>8} {'change':>8} {'statements':>11} {'bytes':>8} {'ms':>7}")
    for size in SIZES:
        while len(ids) < size:
            ids.append(fill(database, len(ids), now + timedelta(milliseconds=len(ids))))
        console = Console(agent_id, "", lambda *_: {})
        costs: dict[str, list[tuple[int, int, float]]] = {"opened": [], "said": [], "joined": []}
        costs["opened"].append(look(console, database, statements, now))
        for turn in range(ROUNDS):
            with database.write() as session:
                one = ids[turn % min(size, 10)]
                conversations.post(session, one, f"more-{secrets.token_hex(8)}", "还要多久？", now)
            costs["said"].append(look(console, database, statements, now))
            ids.append(fill(database, size * 10 + turn, now + timedelta(seconds=size)))
            with database.write() as session:
                escalations.leave(session, ids.pop(3), CUSTOMER, now)
            costs["joined"].append(look(console, database, statements, now))
        for change, found in costs.items():
            asked, sent, took = (statistics.median(part) for part in zip(*found, strict=True))
            print(f"{size:>8} {change:>8} {asked:>11.0f} {sent:>8.0f} {took * 1000:>7.1f}")


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
    console: Console, database: Database, statements: list[int], now: datetime
) -> tuple[int, int, float]:
    """Bring a console up to date; returns the statements, bytes and seconds of it."""
    statements[0] = 0
    began = time.process_time()
    with database.read() as session:
        frames = console.look(session, now)
    took = time.process_time() - began
    return statements[0], sum(len(one.encode()) for one in frames), took


if __name__ == "__main__":
    main()
