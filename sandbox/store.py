"""The sandbox's books, on SQLite: documents of the contract, requests, and what is to be told."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox import people

Document = dict[str, Any]
TAKES = {  # how long a request takes until it holds
    "Freeze": timedelta(seconds=2),
    "Unfreeze": timedelta(seconds=2),
    "Verification": timedelta(seconds=4),
    "Refund": timedelta(hours=1),
    "Dispute": timedelta(hours=1),
}
REFUNDED = timedelta(days=3)
SCHEMA = """
CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT, about TEXT, suspicious TEXT);
CREATE TABLE accounts (customer TEXT PRIMARY KEY, shown TEXT);
CREATE TABLE transactions (id TEXT PRIMARY KEY, customer TEXT, at TEXT, shown TEXT);
CREATE INDEX of_customer ON transactions (customer, at);
CREATE TABLE incidents (id TEXT PRIMARY KEY, shown TEXT);
CREATE TABLE requests (id TEXT PRIMARY KEY, customer TEXT, key TEXT, digest TEXT, due TEXT,
  shown TEXT, UNIQUE (customer, key));
CREATE TABLE told (id INTEGER PRIMARY KEY, body TEXT, due TEXT, attempts INTEGER DEFAULT 0,
  done INTEGER DEFAULT 0);
"""


class OtherBody(Exception):
    """An idempotency key came again with another body."""


class Unknown(Exception):
    """There is no such thing, or it is somebody else's."""


class Store:
    """All that the sandbox knows. Used by many threads, one at a time."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row

    def fill(self, now: datetime) -> None:
        """Write the customers as they are at a time; what was there is gone."""
        with self._changing() as db:
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall():
                db.execute(f"DROP TABLE {name}")
            for statement in SCHEMA.split(";"):
                db.execute(statement)
            for one in people.read():
                who = one["id"]
                db.execute(
                    "INSERT INTO customers VALUES (?, ?, ?, ?)",
                    (who, one["name"], one["about"], one.get("suspicious")),
                )
                account = people.account(who, one.get("account", {}), now)
                db.execute("INSERT INTO accounts VALUES (?, ?)", (who, json.dumps(account)))
                for written in one["transactions"]:
                    self.put(people.transaction(who, written, now))
                if "incident" in one:
                    shown = people.incident(one["incident"], now)
                    db.execute(
                        "INSERT INTO incidents VALUES (?, ?)",
                        (shown["IncidentId"], json.dumps(shown)),
                    )

    def customers(self) -> list[Document]:
        """List the customers: id, name, about, suspicious."""
        with self._lock:
            return [dict(row) for row in self._db.execute("SELECT * FROM customers ORDER BY id")]

    def newcomer(self, like: str, mark: str) -> str:
        """Have one more customer, in the situation of another; returns their id."""
        customer = f"{like}-{mark}"
        account = {**self.account(like), "CustomerId": customer}
        with self._changing() as db:
            db.execute("INSERT INTO accounts VALUES (?, ?)", (customer, json.dumps(account)))
            for one in self.transactions(like):
                ids = {"CustomerId": customer, "TransactionId": f"{one['TransactionId']}-{mark}"}
                self.put({**one, **ids})
        return customer

    def account(self, customer: str) -> Document:
        """Return an account; raises Unknown."""
        return self._one("SELECT shown FROM accounts WHERE customer = ?", customer)

    def cards(self, customer: str) -> list[Document]:
        """List the cards that a customer has paid with."""
        found = [one["Card"] for one in self.transactions(customer) if one["Card"]]
        return [json.loads(one) for one in sorted({json.dumps(card) for card in found})]

    def transactions(self, customer: str) -> list[Document]:
        """List a customer's transactions, the newest first; raises Unknown."""
        self.account(customer)
        query = "SELECT shown FROM transactions WHERE customer = ? ORDER BY at DESC, id DESC"
        with self._lock:
            return [json.loads(row[0]) for row in self._db.execute(query, (customer,))]

    def transaction(self, customer: str, wanted: str) -> Document:
        """Return one transaction of a customer's; raises Unknown."""
        query = "SELECT shown FROM transactions WHERE customer = ? AND id = ?"
        return self._one(query, customer, wanted)

    def incidents(self) -> list[Document]:
        """List the incidents."""
        with self._lock:
            return [json.loads(row[0]) for row in self._db.execute("SELECT shown FROM incidents")]

    def put(self, shown: Document) -> None:
        """Write a transaction, new or changed."""
        with self._changing() as db:
            db.execute(
                "INSERT OR REPLACE INTO transactions VALUES (?, ?, ?, ?)",
                (shown["TransactionId"], shown["CustomerId"], shown["DateTime"], json.dumps(shown)),
            )

    def request(self, customer: str, key: str, wish: Document, now: datetime) -> Document:
        """Take a request, or return the one of the same key; raises OtherBody, Unknown."""
        digest = hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()
        with self._changing() as db:
            self.account(customer)
            if wish.get("TransactionId"):
                self.transaction(customer, wish["TransactionId"])
            row = db.execute(
                "SELECT digest, shown FROM requests WHERE customer = ? AND key = ?", (customer, key)
            ).fetchone()
            if row is not None:
                if row["digest"] != digest:
                    raise OtherBody
                return dict(json.loads(row["shown"]))
            number = db.execute("SELECT count(*) FROM requests").fetchone()[0] + 1
            shown = {
                "RequestId": f"rq-{number:04d}",
                "CustomerId": customer,
                "Kind": wish["Kind"],
                "Status": "accepted",
                "StatusReason": None,
                "TransactionId": wish.get("TransactionId"),
                "DateTime": now.replace(microsecond=0).isoformat(),
                "Version": 1,
            }
            due = (now + TAKES[wish["Kind"]]).isoformat()
            row = (shown["RequestId"], customer, key, digest, due, json.dumps(shown))
            db.execute("INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?)", row)
            return shown

    def requested(self, customer: str, wanted: str) -> Document:
        """Return a request of a customer's; raises Unknown."""
        query = "SELECT shown FROM requests WHERE customer = ? AND id = ?"
        return self._one(query, customer, wanted)

    def settle(self, now: datetime) -> int:
        """Complete the requests that are due, and have it told; returns how many."""
        with self._changing() as db:
            rows = db.execute(
                "SELECT id, customer, shown FROM requests WHERE due <= ?", (now.isoformat(),)
            ).fetchall()
            for row in rows:
                shown = json.loads(row["shown"])
                refusal = self._refusal(row["customer"], shown)
                shown |= {
                    "Status": "refused" if refusal else "completed",
                    "StatusReason": refusal,
                    "Version": shown["Version"] + 1,
                    "DateTime": now.replace(microsecond=0).isoformat(),
                }
                db.execute(
                    "UPDATE requests SET shown = ?, due = NULL WHERE id = ?",
                    (json.dumps(shown), row["id"]),
                )
                if refusal is None and shown["Kind"] in ("Freeze", "Unfreeze"):
                    self._hold(row["customer"], shown["Kind"] == "Freeze", now)
                elif refusal is None and shown["Kind"] == "Refund":
                    self._refund(row["customer"], shown["TransactionId"], now)
                self.tell("request.changed", row["customer"], now, Request=shown)
        return len(rows)

    def end_incident(self, wanted: str, now: datetime) -> None:
        """End an incident and have it told; raises Unknown."""
        with self._changing() as db:
            shown = self._one("SELECT shown FROM incidents WHERE id = ?", wanted)
            shown["Ended"] = now.replace(microsecond=0).isoformat()
            db.execute("UPDATE incidents SET shown = ? WHERE id = ?", (json.dumps(shown), wanted))
            self.tell("incident.ended", None, now, Incident=shown)

    def credit_refund(self, customer: str, wanted: str, now: datetime) -> None:
        """Bring a refund to its end and have it told; raises Unknown."""
        with self._changing():
            shown = self.transaction(customer, wanted)
            if shown["Refund"] is None:
                raise Unknown(wanted)
            at = now.replace(microsecond=0).isoformat()
            shown["Refund"]["Steps"].append({"Step": "credited", "DateTime": at})
            shown["Version"] += 1
            self.put(shown)
            self.tell("refund.credited", customer, now, Transaction=shown)

    def tell(self, kind: str, customer: str | None, now: datetime, **parts: Document) -> None:
        """Note an event that the help center is to be told."""
        with self._changing() as db:
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
        with self._lock:
            rows = self._db.execute(query, (now.isoformat(),)).fetchall()
        return [(row["id"], row["body"].encode()) for row in rows]

    def mark_told(self, number: int, now: datetime, *, taken: bool) -> None:
        """Note that an event was taken, or is to be told again after a growing pause."""
        with self._changing() as db:
            attempts = db.execute(
                "UPDATE told SET attempts = attempts + 1, done = ? WHERE id = ? RETURNING attempts",
                (int(taken), number),
            ).fetchone()[0]
            due = now + timedelta(seconds=min(600, 2**attempts))
            db.execute("UPDATE told SET due = ? WHERE id = ?", (due.isoformat(), number))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _refusal(self, customer: str, wish: Document) -> str | None:
        """Return the code of why a request is refused; None where it is carried out."""
        if wish["Kind"] == "Unfreeze" and self.account(customer)["StatusReason"] == "LEGL":
            return "LEGL"
        if wish["Kind"] == "Refund":
            refund = self.transaction(customer, wish["TransactionId"])["Refund"]
            if refund is not None and refund["Steps"][-1]["Step"] != "refused":
                return "AM05"
        return None

    def _refund(self, customer: str, wanted: str, now: datetime) -> None:
        """Begin a refund: the merchant has agreed."""
        shown = self.transaction(customer, wanted)
        at = now.replace(microsecond=0).isoformat()
        shown["Refund"] = {
            "RefundId": f"rf-{wanted}"[:64],
            "Amount": shown["Amount"],
            "ExpectedDateTime": (now + REFUNDED).replace(microsecond=0).isoformat(),
            "Steps": [
                {"Step": step, "DateTime": at} for step in ("requested", "merchant_approved")
            ],
        }
        shown["Version"] += 1
        self.put(shown)

    def _hold(self, customer: str, frozen: bool, now: datetime) -> None:
        shown = self.account(customer)
        shown |= {
            "Status": "frozen" if frozen else "active",
            "StatusReason": "CUST" if frozen else None,
            "Since": now.replace(microsecond=0).isoformat() if frozen else None,
            "Version": shown["Version"] + 1,
        }
        with self._changing() as db:
            db.execute(
                "UPDATE accounts SET shown = ? WHERE customer = ?", (json.dumps(shown), customer)
            )

    def _one(self, query: str, *values: str) -> Document:
        with self._lock:
            row = self._db.execute(query, values).fetchone()
        if row is None:
            raise Unknown
        return dict(json.loads(row[0]))

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
