"""Which transactions a message can mean: by what it says of amount, day and payee, then by age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue import facts
from faq.wallet import Concern
from web.wallet.contract import Transaction, Wish

MOST = 3  # that are offered
RECENT = timedelta(days=30)  # of those that the message says nothing about
CLOSE = timedelta(minutes=10)  # between two charges that may be one charged twice
NAME = 2  # characters of a payee that a message has to hold
AMOUNT, PAYEE, DAY = 8, 5, 3
_DATE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*[月/]\s*(3[01]|[12]\d|0?[1-9])\s*[日号號]?")


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of a transaction. amount: minor units."""

    amount: int | None
    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The transactions to offer, best first. pairs: the other one of two alike, by id.

    named: the message says a payee or an amount of theirs. only: it can be about no other, so that
    nobody need be asked: the one refund there is, and nothing that was said speaks against it.
    """

    found: tuple[Transaction, ...]
    pairs: Mapping[str, Transaction]
    named: bool = False
    only: bool = False


def read(text: str, days: Mapping[str, int], now: datetime, zone: ZoneInfo) -> Said:
    """Read what a message says. days: words for a day, so many before today."""
    told = facts.find(text, {}).facts.get("amount")
    yuan = facts.number_of(told) if told else None
    today = now.astimezone(zone).date()
    day = None
    written = _DATE.search(text)
    if written is not None:
        day = _latest(int(written[1]), int(written[2]), today)
    else:
        named = max((word for word in days if word in text), key=len, default=None)
        if named is not None:
            day = today - timedelta(days=days[named])
    return Said(round(yuan * 100) if yuan is not None else None, day, text)


def deeds(one: Transaction) -> list[Wish]:
    """List what the wallet can be asked for about a transaction."""
    if one.CreditDebitIndicator != "Debit":
        return []
    found: list[Wish] = []
    again = one.Refund is None or one.Refund.Steps[-1].Step == "refused"
    if one.Kind == "payment" and one.Status == "BOOK" and again:
        found.append("Refund")
    if one.Status in ("BOOK", "AUTH", "PDNG"):
        found.append("Dispute")
    return found


def fit(
    concern: Concern, seen: Iterable[Transaction], said: Said, now: datetime, zone: ZoneInfo
) -> Fit:
    """Choose the transactions that a message about this concern can mean."""
    every = list(seen)
    pairs = twins(every)
    able = [one for one in every if _can(concern, one)]
    weighed = [(_weight(said, one, zone), one) for one in able]
    best = max((weight for weight, _ in weighed), default=0)
    if best >= PAYEE:
        found = [one for weight, one in weighed if weight == best]
    else:
        recent = [pair for pair in weighed if now - pair[1].DateTime <= RECENT or pair[0]]
        preferred = [pair for pair in recent if _preferred(concern, pair[1])]
        found = [one for _, one in sorted(preferred or recent, key=lambda pair: -pair[0])]
    if concern.name == "dispute" and best < PAYEE:
        doubled = [one for one in found if one.TransactionId in pairs]
        found = doubled or found
    # of two alike, the later one stands for both
    later = [
        one
        for one in found
        if one.TransactionId not in pairs
        or pairs[one.TransactionId] not in found
        or one.DateTime >= pairs[one.TransactionId].DateTime
    ]
    only = concern.refund and len(later) == 1 and later[0].Refund is not None
    return Fit(tuple(later[:MOST]), pairs, best >= PAYEE, only and _agrees(said, later[0], zone))


def twins(seen: Iterable[Transaction]) -> dict[str, Transaction]:
    """Find charges of the same payee and amount close together: id → the nearest other one."""
    charges = [
        one
        for one in seen
        if one.CreditDebitIndicator == "Debit" and one.Status in ("BOOK", "AUTH", "PDNG")
    ]
    found: dict[str, Transaction] = {}
    for one in charges:
        alike = [
            other
            for other in charges
            if other is not one
            and other.Counterparty.Name == one.Counterparty.Name
            and other.Amount == one.Amount
            and abs(other.DateTime - one.DateTime) <= CLOSE
        ]
        if alike:
            found[one.TransactionId] = min(alike, key=lambda o: abs(o.DateTime - one.DateTime))
    return found


def _can(concern: Concern, one: Transaction) -> bool:
    if one.Kind not in concern.kinds or one.Status not in concern.states:
        return False
    return not concern.debit or one.CreditDebitIndicator == "Debit"


def _preferred(concern: Concern, one: Transaction) -> bool:
    if concern.refund:
        return one.Refund is not None
    if concern.charged:
        return one.ChargeAmount is not None and one.ChargeAmount.MinorUnits > 0
    return False


def _weight(said: Said, one: Transaction, zone: ZoneInfo) -> int:
    fee = one.ChargeAmount.MinorUnits if one.ChargeAmount else None
    weight = AMOUNT if said.amount and said.amount in (one.Amount.MinorUnits, fee) else 0
    if _names(said.text, one.Counterparty.Name):
        weight += PAYEE
    if said.day == one.DateTime.astimezone(zone).date():
        weight += DAY
    return weight


def _agrees(said: Said, one: Transaction, zone: ZoneInfo) -> bool:
    """Tell whether nothing that was said speaks against a transaction."""
    amount = said.amount in (None, one.Amount.MinorUnits)
    return amount and said.day in (None, one.DateTime.astimezone(zone).date())


def _names(text: str, payee: str) -> bool:
    pieces = (payee[at : at + NAME] for at in range(len(payee) - NAME + 1))
    return any(piece in text for piece in pieces)


def _latest(month: int, day: int, today: date) -> date | None:
    """Return the last day of that name that is not in the future."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
