"""The sandbox's customers, as the contract shows them at the time of the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_name("people.yml")
CURRENCY = "CNY"
_SPAN = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read(path: Path = PATH) -> list[dict[str, Any]]:
    """Read the customers as they are written."""
    people: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return people


def span(text: str) -> timedelta:
    """Read "40m", "3h" or "2d"; raises ValueError."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no span")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def moment(now: datetime, ago: str | None = None, ahead: str | None = None) -> str | None:
    """Write a time before or after another one; None where neither is given."""
    if ago is None and ahead is None:
        return None
    at = now - span(ago) if ago is not None else now + span(str(ahead))
    return at.replace(microsecond=0).isoformat()


def transaction(customer: str, one: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Show a transaction as the contract does."""
    kind = "Person" if one.get("person") else "Bank" if one.get("bank") else "Merchant"
    card = one.get("card")
    return {
        "TransactionId": one["id"],
        "CustomerId": customer,
        "Kind": one["kind"],
        "CreditDebitIndicator": "Credit" if one["kind"] in ("topup", "refund") else "Debit",
        "Counterparty": {"Name": one["to"], "Kind": kind},
        "Amount": amount(one["amount"]),
        "ChargeAmount": amount(one["charge"]) if "charge" in one else None,
        "DateTime": moment(now, one["ago"]),
        "Status": one["status"],
        "StatusReason": one.get("reason"),
        "ExpectedDateTime": moment(now, ahead=one.get("in")),
        "Card": {"Issuer": card[0], "LastFour": card[1]} if card else None,
        "Refund": _refund(one.get("refund"), now),
        "Version": 1,
    }


def account(customer: str, one: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Show an account as the contract does."""
    return {
        "CustomerId": customer,
        "Status": one.get("status", "active"),
        "StatusReason": one.get("reason"),
        "Since": moment(now, one.get("ago")),
        "Version": 1,
    }


def incident(one: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Show an incident as the contract does."""
    return {
        "IncidentId": one["id"],
        "Kinds": list(one["kinds"]),
        "Started": moment(now, one["ago"]),
        "Ended": None,
    }


def amount(minor: int) -> dict[str, Any]:
    """Show an amount."""
    return {"MinorUnits": minor, "Currency": CURRENCY}


def _refund(one: Mapping[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "RefundId": one["id"],
        "Amount": amount(one["amount"]),
        "ExpectedDateTime": moment(now, ahead=one.get("in")),
        "Steps": [
            {"Step": step, "DateTime": moment(now, ago)} for step, ago in one["steps"].items()
        ],
    }
