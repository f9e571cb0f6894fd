"""What the sandbox knows: customers, accounts, transactions, incidents, and what was asked."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

from sandbox import people
from sandbox.book import SCHEMA, Book, Document, Unknown
from sandbox.outbox import Outbox

TAKES = {  # how long a request takes until it holds
    "Freeze": timedelta(seconds=2),
    "Unfreeze": timedelta(seconds=2),
    "Verification": timedelta(seconds=4),
    "Refund": timedelta(hours=1),
    "Dispute": timedelta(hours=1),
}
REFUNDED = timedelta(days=3)


class OtherBody(Exception):
    """An idempotency key came again with another body."""


class Store:
    """All that the sandbox knows. Used by many threads, one at a time."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.book = Book(path)
        self.outbox = Outbox(self.book)

    def fill(self, now: datetime) -> None:
        """Write the customers as they are at a time; what was there is gone."""
        with self.book.changing() as db:
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
        return [dict(row) for row in self.book.rows("SELECT * FROM customers ORDER BY id")]

    def newcomer(self, like: str, mark: str) -> str:
        """Have one more customer, in the situation of another; returns their id."""
        customer = f"{like}-{mark}"
        account = {**self.account(like), "CustomerId": customer}
        with self.book.changing() as db:
            db.execute("INSERT INTO accounts VALUES (?, ?)", (customer, json.dumps(account)))
            for one in self.transactions(like):
                ids = {"CustomerId": customer, "TransactionId": f"{one['TransactionId']}-{mark}"}
                self.put({**one, **ids})
        return customer

    def account(self, customer: str) -> Document:
        """Return an account; raises Unknown."""
        return self.book.one("SELECT shown FROM accounts WHERE customer = ?", customer)

    def cards(self, customer: str) -> list[Document]:
        """List the cards that a customer has paid with."""
        found = [one["Card"] for one in self.transactions(customer) if one["Card"]]
        return [json.loads(one) for one in sorted({json.dumps(card) for card in found})]

    def transactions(self, customer: str) -> list[Document]:
        """List a customer's transactions, the newest first; raises Unknown."""
        self.account(customer)
        query = "SELECT shown FROM transactions WHERE customer = ? ORDER BY at DESC, id DESC"
        return [json.loads(row[0]) for row in self.book.rows(query, customer)]

    def transaction(self, customer: str, wanted: str) -> Document:
        """Return one transaction of a customer's; raises Unknown."""
        query = "SELECT shown FROM transactions WHERE customer = ? AND id = ?"
        return self.book.one(query, customer, wanted)

    def incidents(self) -> list[Document]:
        """List the incidents."""
        return [json.loads(row[0]) for row in self.book.rows("SELECT shown FROM incidents")]

    def put(self, shown: Document) -> None:
        """Write a transaction, new or changed."""
        with self.book.changing() as db:
            db.execute(
                "INSERT OR REPLACE INTO transactions VALUES (?, ?, ?, ?)",
                (shown["TransactionId"], shown["CustomerId"], shown["DateTime"], json.dumps(shown)),
            )

    def request(self, customer: str, key: str, wish: Document, now: datetime) -> Document:
        """Take a request, or return the one of the same key; raises OtherBody, Unknown."""
        digest = hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()
        with self.book.changing() as db:
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
        return self.book.one(query, customer, wanted)

    def settle(self, now: datetime) -> int:
        """Complete the requests that are due, and have it told; returns how many."""
        with self.book.changing() as db:
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
                self.outbox.tell("request.changed", row["customer"], now, Request=shown)
        return len(rows)

    def end_incident(self, wanted: str, now: datetime) -> None:
        """End an incident and have it told; raises Unknown."""
        with self.book.changing() as db:
            shown = self.book.one("SELECT shown FROM incidents WHERE id = ?", wanted)
            shown["Ended"] = now.replace(microsecond=0).isoformat()
            db.execute("UPDATE incidents SET shown = ? WHERE id = ?", (json.dumps(shown), wanted))
            self.outbox.tell("incident.ended", None, now, Incident=shown)

    def credit_refund(self, customer: str, wanted: str, now: datetime) -> None:
        """Bring a refund to its end and have it told; raises Unknown."""
        with self.book.changing():
            shown = self.transaction(customer, wanted)
            if shown["Refund"] is None:
                raise Unknown(wanted)
            at = now.replace(microsecond=0).isoformat()
            shown["Refund"]["Steps"].append({"Step": "credited", "DateTime": at})
            shown["Version"] += 1
            self.put(shown)
            self.outbox.tell("refund.credited", customer, now, Transaction=shown)

    def close(self) -> None:
        """Close the file."""
        self.book.close()

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
        with self.book.changing() as db:
            db.execute(
                "UPDATE accounts SET shown = ? WHERE customer = ?", (json.dumps(shown), customer)
            )
