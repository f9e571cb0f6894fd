"""What the help center is to be told: events in their order, until it has taken them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sandbox.book import Book, Document


class Outbox:
    """The events of a book."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def tell(self, kind: str, customer: str | None, now: datetime, **parts: Document) -> None:
        """Note an event that the help center is to be told."""
        with self._book.changing() as db:
            number = db.execute("SELECT count(*) FROM told").fetchone()[0] + 1
            body = {
                "EventId": f"ev-{int(now.timestamp())}-{number}",
                "Type": kind,
                "DateTime": now.replace(microsecond=0).isoformat(),
                "CustomerId": customer,
                **parts,
            }
            db.execute(
                "INSERT INTO told (body, due) VALUES (?, ?)", (json.dumps(body), now.isoformat())
            )

    def untold(self, now: datetime) -> list[tuple[int, bytes]]:
        """List what is due to be told: (number, body)."""
        query = "SELECT id, body FROM told WHERE NOT done AND due <= ? ORDER BY id"
        rows = self._book.rows(query, now.isoformat())
        return [(row["id"], row["body"].encode()) for row in rows]

    def mark_told(self, number: int, now: datetime, *, taken: bool) -> None:
        """Note that an event was taken, or is to be told again after a growing pause."""
        with self._book.changing() as db:
            attempts = db.execute(
                "UPDATE told SET attempts = attempts + 1, done = ? WHERE id = ? RETURNING attempts",
                (int(taken), number),
            ).fetchone()[0]
            due = now + timedelta(seconds=min(600, 2**attempts))
            db.execute("UPDATE told SET due = ? WHERE id = ?", (due.isoformat(), number))
