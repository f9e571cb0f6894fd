"""Asks the wallet: signed, within a time, never twice what may not be, and believed only if fit.

What one message needs is asked for within one budget of seconds. A wallet that fails is left alone
for a while, so that nobody waits for it.
"""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from web.assistant.wire import BadAnswer, Wire
from web.health import metrics
from web.wallet import signing
from web.wallet.contract import (
    Account,
    Cards,
    Incident,
    Incidents,
    OneAccount,
    OneRequest,
    OneTransaction,
    Request,
    Transaction,
    Transactions,
    Wish,
)

log = logging.getLogger(__name__)
Found = TypeVar("Found", bound=BaseModel)
FAILURES = 3  # in a row, before the wallet is left alone
PAUSE = 10.0  # seconds that it is left alone
FRESH = 5.0  # seconds for which an answer is not asked for again
KEPT = 500  # answers
BACK = timedelta(days=90)  # how old a transaction may be that is looked for
PAGES, PAGE = 3, 50
AHEAD = timedelta(minutes=5)  # that the wallet's clock may be before ours
FAULTS = (OSError, http.client.HTTPException, RecursionError)


class WalletDown(Exception):
    """The wallet did not answer in time, or is left alone for a while."""


class Unfit(WalletDown):
    """The wallet's answer is not the contract's, or is about somebody else: nothing is believed."""


class NotThere(Exception):
    """The customer has no such thing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer's transactions, the newest first, as they stood at a time."""

    transactions: tuple[Transaction, ...]
    as_of: datetime


class Wallet:
    """The contract's calls. Many may run at once; none blocks the loop.

    budget: seconds that all calls for one message may take together. context: gives what a new
    connection shows and trusts (tls.Credentials), None for the system's.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        budget: float,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        context: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self.budget = budget
        self._secret = secret
        self._clock = clock
        self._now = now
        self._wire = Wire(url, {}, clock, context)
        self._base = urlsplit(url).path.rstrip("/")
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0
        self._kept: dict[str, tuple[float, bytes]] = {}

    def deadline(self) -> float:
        """Return until when what a message needs may take, by the client's clock."""
        return self._clock() + self.budget

    def transactions(self, customer: str, until: float) -> Seen:
        """List a customer's transactions of the last 90 days; raises WalletDown, NotThere."""
        since = (self._now() - BACK).replace(hour=0, minute=0, second=0, microsecond=0)
        found: list[Transaction] = []
        cursor = None
        for _ in range(PAGES):
            query = {"FromDateTime": since.isoformat(), "Limit": str(PAGE)}
            query |= {"Cursor": cursor} if cursor else {}
            path = _of(customer, "transactions") + "?" + urlencode(query)
            page = self._get(path, Transactions, until, customer)
            found += page.Data.Transaction
            cursor = page.Links.Next
            if cursor is None:
                break
        return Seen(tuple(_latest(found)), page.Meta.AsOf)

    def transaction(self, customer: str, wanted: str, until: float) -> tuple[Transaction, datetime]:
        """Read one transaction and as of when; raises WalletDown, NotThere."""
        path = _of(customer, "transactions", wanted)
        told = self._get(path, OneTransaction, until, customer)
        if told.Data.TransactionId != wanted:
            raise self._failed(Unfit("another transaction"))
        return told.Data, told.Meta.AsOf

    def account(self, customer: str, until: float) -> tuple[Account, datetime]:
        """Read the account's state and as of when; raises WalletDown, NotThere."""
        told = self._get(_of(customer, "account"), OneAccount, until, customer)
        return told.Data, told.Meta.AsOf

    def cards(self, customer: str, until: float) -> Cards:
        """List the cards; raises WalletDown, NotThere."""
        return self._get(_of(customer, "cards"), Cards, until, customer)

    def incidents(self, until: float) -> list[Incident]:
        """List what is broken now; raises WalletDown."""
        told = self._get("/incidents", Incidents, until)
        return [one for one in told.Data.Incident if one.Ended is None]

    def request(
        self,
        customer: str,
        wish: Wish,
        key: str,
        until: float,
        transaction: str | None = None,
        note: str | None = None,
    ) -> Request:
        """Ask for something once, however often it is asked under this key.

        Raises WalletDown: whether it was taken is then unknown, and the same key may ask again.
        """
        body = {"Kind": wish} | ({"TransactionId": transaction} if transaction else {})
        body |= {"Note": note} if note else {}
        raw = json.dumps(body).encode()
        answer = self._ask("POST", _of(customer, "requests"), until, raw, key)
        told = self._read(OneRequest, answer, customer)
        if told.Data.Kind != wish:
            raise self._failed(Unfit("another request"))
        self.forget(customer)
        return told.Data

    def requested(self, customer: str, wanted: str, until: float) -> Request:
        """Read how a request stands; raises WalletDown, NotThere."""
        raw = self._ask("GET", _of(customer, "requests", wanted), until)
        return self._read(OneRequest, raw, customer).Data

    def forget(self, customer: str) -> None:
        """Ask anew from now on: something of this customer's has changed."""
        start = _of(customer) + "/"
        with self._lock:
            self._kept = {path: one for path, one in self._kept.items() if start not in path}

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _get(
        self, path: str, kind: type[Found], until: float, customer: str | None = None
    ) -> Found:
        """Read something of a customer's, or of nobody's; only what was believed is kept."""
        with self._lock:
            at, raw = self._kept.get(path, (float("-inf"), b""))
        if self._clock() - at < FRESH:
            return kind.model_validate_json(raw)
        raw = self._ask("GET", path, until)
        told = self._read(kind, raw, customer)
        with self._lock:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[path] = self._clock(), raw
        return told

    def _ask(
        self, method: str, path: str, until: float, body: bytes | None = None, key: str = ""
    ) -> bytes:
        """Ask, and once more where the line broke: reading is safe, and so is the same key."""
        if self._clock() < self._closed_until:
            raise WalletDown("left alone for a while after failures")
        for last in (False, True):
            left = until - self._clock()
            if left <= 0:
                raise self._failed(WalletDown("no time left"))
            signed = signing.headers(
                self._secret, method, self._base + path, self._now(), body or b"", key
            )
            try:
                answer = self._wire.ask(method, path, body, left, signed)
            except BadAnswer as error:
                if error.status == 404:
                    self._went_well()
                    raise NotThere from None
                raise self._failed(WalletDown(str(error))) from None
            except FAULTS as error:
                broken = isinstance(error, ConnectionError | http.client.HTTPException)
                if last or not broken:
                    raise self._failed(WalletDown(type(error).__name__)) from None
            else:
                self._went_well()
                return answer
        raise AssertionError  # the second round returns or raises

    def _read(self, kind: type[Found], raw: bytes, customer: str | None = None) -> Found:
        """Read an answer; raises Unfit where it is not the contract's or about somebody else."""
        try:
            told = kind.model_validate_json(raw)
        except (ValidationError, RecursionError) as error:
            # where it is wrong, never what stands there
            places = error.errors() if isinstance(error, ValidationError) else []
            where = sorted({".".join(str(p) for p in one["loc"] if p != 0)[:60] for one in places})
            raise self._failed(Unfit(f"no {kind.__name__}: {', '.join(where[:3])}")) from None
        if customer is not None and any(name != customer for name in _named(told)):
            raise self._failed(Unfit("somebody else's data"))
        latest = self._now() + AHEAD
        if isinstance(told, Transactions) and any(
            one.DateTime > latest for one in told.Data.Transaction
        ):
            raise self._failed(Unfit("a transaction of the future"))
        return told

    def _went_well(self) -> None:
        with self._lock:
            self._failures = 0

    def _failed(self, error: WalletDown) -> WalletDown:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._failures = 0
                self._closed_until = self._clock() + PAUSE
        metrics.count_wallet_failure(type(error).__name__)
        log.warning("wallet: %s", error)
        return error


def _of(customer: str, *rest: str) -> str:
    return "/".join(("/customers", *(quote(part, safe="") for part in (customer, *rest))))


def _named(told: Any) -> Iterator[str]:
    """List whose data an answer says it is."""
    yield told.Meta.CustomerId
    if isinstance(told, Transactions):
        yield from (one.CustomerId for one in told.Data.Transaction)
    elif not isinstance(told, Cards):
        yield told.Data.CustomerId


def _latest(found: Iterable[Transaction]) -> list[Transaction]:
    """Sort out what came twice or out of order: the highest version is true."""
    latest: dict[str, Transaction] = {}
    for one in found:
        known = latest.get(one.TransactionId)
        if known is None or one.Version > known.Version:
            latest[one.TransactionId] = one
    return sorted(latest.values(), key=lambda one: one.DateTime, reverse=True)
