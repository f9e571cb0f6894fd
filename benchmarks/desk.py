"""What one change costs one console while 10, 200 and 1,000 customers wait: statements, bytes, ms.

    python -m benchmarks.desk [--database URL]

Without a database one of SQLite is made in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from web.desk import agents, board, conversations, escalations, queue
from web.desk.contacts import Callback
from web.desk.conversations import Visitor, open_for
from web.desk.database import Database, open_database
from web.desk.events import BOT
from web.migrations import migrate

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
    there = 0
    print(f"{'waiting':>8} {'statements':>11} {'bytes':>8} {'ms':>7}")
    for size in SIZES:
        for number in range(there, size):
            fill(database, number, now + timedelta(milliseconds=number))
        there = size
        statements[0] = 0
        took, sent = look(lambda: read(database, agent_id, now))
        print(f"{size:>8} {statements[0] // ROUNDS:>11} {sent:>8} {took * 1000:>7.1f}")


def fill(database: Database, number: int, now: datetime) -> None:
    """Add a customer who waits, and for each tenth one who has booked a call."""
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


def read(database: Database, agent_id: int, now: datetime) -> int:
    """Read what a console is sent at a change; returns its bytes."""
    with database.read() as session:
        shown = queue.overview(session, agent_id, now), board.of_agent(session, agent_id, now)
    return len(json.dumps(shown, ensure_ascii=False).encode())


def look(act: Callable[[], int]) -> tuple[float, int]:
    """Return the median of the seconds, and the bytes."""
    took, sent = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        sent = act()
        took.append(time.perf_counter() - began)
    return statistics.median(took), sent


if __name__ == "__main__":
    main()
