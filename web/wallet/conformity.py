"""Checks that a wallet keeps the contract: for our sandbox's tests and for an operator's own.

Each check is a function of a Probe; it returns nothing where the wallet does right and raises
Broken with what is wrong. What acts (freezing) is only done where it is asked for.
"""

from __future__ import annotations

import json
import secrets
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ValidationError

from web.assistant.wire import BadAnswer, Wire
from web.wallet import signing
from web.wallet.contract import (
    Cards,
    Incidents,
    OneAccount,
    OneRequest,
    OneTransaction,
    Transactions,
)

Found = TypeVar("Found", bound=BaseModel)
SECONDS = 5.0  # for one answer
QUICK = 1.5  # seconds in which a page of transactions has to be there


class Broken(Exception):
    """The wallet does not do what the contract says."""


@dataclass
class Probe:
    """A wallet, and one of its customers made for this. other: somebody else, or None.

    context: what a connection shows and trusts; None for the system's.
    """

    url: str
    secret: str
    customer: str
    other: str | None = None
    context: Callable[[], ssl.SSLContext] | None = None

    def __post_init__(self) -> None:
        self._wire = Wire(self.url, {}, context=self.context)
        self._base = urlsplit(self.url).path.rstrip("/")

    def path(self, *rest: str, customer: str | None = None) -> str:
        """Name a path of the customer's."""
        whose = quote(customer or self.customer, safe="")
        return "/".join((f"/customers/{whose}", *(quote(part, safe="") for part in rest)))

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: Any = None,
        key: str = "",
        seconds: float = SECONDS,
        **changes: str,
    ) -> tuple[int, bytes]:
        """Send a signed request; changes: headers that are sent otherwise than signed."""
        raw = None if body is None else json.dumps(body).encode()
        whole = self._base + path
        head = signing.headers(self.secret, method, whole, datetime.now(UTC), raw or b"", key)
        head |= {name.replace("_", "-"): value for name, value in changes.items()}
        return self.send(method, path, raw, head, seconds)

    def send(
        self, method: str, path: str, raw: bytes | None, head: dict[str, str], seconds: float
    ) -> tuple[int, bytes]:
        """Send a request with exactly these headers; returns status and body."""
        try:
            return 200, self._wire.ask(method, path, raw, seconds, head)
        except BadAnswer as answer:
            if not answer.status:
                raise Broken(str(answer)) from None
            return answer.status, b""
        except OSError as error:
            raise Broken(f"{method} {path}: {type(error).__name__}") from None

    def read(self, kind: type[Found], path: str, **options: Any) -> Found:
        """Ask for something and read it by the contract; raises Broken."""
        status, raw = self.ask(path, **options)
        if status != 200:
            raise Broken(f"{path}: answers {status}")
        try:
            return kind.model_validate_json(raw)
        except ValidationError as error:
            wrong = error.errors()[0]
            place = ".".join(map(str, wrong["loc"]))
            raise Broken(f"{path}: {place}: {wrong['msg']}") from None


def refuses_what_is_not_signed(probe: Probe) -> None:
    """No signature, another secret, a changed path, another method: 401."""
    path = probe.path("account")
    for signature in ("", "v1=" + "0" * 64):
        _expect(probe.ask(path, Wallet_Signature=signature)[0], 401, "a wrong signature")
    other = Probe(probe.url, probe.secret + "x", probe.customer)
    _expect(other.ask(path)[0], 401, "another secret")
    whole = urlsplit(probe.url).path.rstrip("/") + path
    head = signing.headers(probe.secret, "GET", whole, datetime.now(UTC))
    _expect(probe.send("GET", probe.path("cards"), None, head, SECONDS)[0], 401, "another path")


def refuses_what_was_sent_before(probe: Probe) -> None:
    """The same nonce a second time: 401."""
    path = probe.path("account")
    whole = urlsplit(probe.url).path.rstrip("/") + path
    head = signing.headers(probe.secret, "GET", whole, datetime.now(UTC))
    _expect(probe.send("GET", path, None, head, SECONDS)[0], 200, "the first time")
    _expect(probe.send("GET", path, None, head, SECONDS)[0], 401, "the same nonce again")


def refuses_what_is_old_or_early(probe: Probe) -> None:
    """A timestamp ten minutes off: 401."""
    path = probe.path("account")
    whole = urlsplit(probe.url).path.rstrip("/") + path
    for minutes in (-10, 10):
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        head = signing.headers(probe.secret, "GET", whole, at)
        status = probe.send("GET", path, None, head, SECONDS)[0]
        _expect(status, 401, f"a clock {minutes} minutes off")


def lists_transactions(probe: Probe) -> None:
    """Each is the customer's own, the newest first, and there in time."""
    path = probe.path("transactions")
    page = probe.read(Transactions, path, seconds=QUICK)
    _own(probe, page.Meta.CustomerId, *(one.CustomerId for one in page.Data.Transaction))
    times = [one.DateTime for one in page.Data.Transaction]
    if times != sorted(times, reverse=True):
        raise Broken(f"{path}: not the newest first")


def gives_pages_without_gap_or_double(probe: Probe) -> None:
    """Page by page comes what comes at once."""
    path = probe.path("transactions")
    whole = [one.TransactionId for one in probe.read(
        Transactions, path + "?Limit=100").Data.Transaction]  # fmt: skip
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None and len(found) <= len(whole):
        following = f"&Cursor={quote(cursor, safe='')}" if cursor else ""
        page = probe.read(Transactions, f"{path}?Limit=1{following}")
        found += [one.TransactionId for one in page.Data.Transaction]
        cursor = page.Links.Next
    if found != whole:
        raise Broken(f"{path}: {len(found)} transactions in pages, {len(whole)} at once")


def gives_one_transaction(probe: Probe) -> None:
    """What the list names can be read by itself; what it does not is 404."""
    for one in probe.read(Transactions, probe.path("transactions")).Data.Transaction[:3]:
        told = probe.read(OneTransaction, probe.path("transactions", one.TransactionId))
        _own(probe, told.Meta.CustomerId, told.Data.CustomerId)
        if told.Data.TransactionId != one.TransactionId:
            raise Broken("another transaction than was asked for")
    status = probe.ask(probe.path("transactions", f"no-{secrets.token_hex(8)}"))[0]
    _expect(status, 404, "a transaction that is not there")


def keeps_customers_apart(probe: Probe) -> None:
    """Somebody else's transaction is 404, as one that is not there."""
    if probe.other is None:
        return
    theirs = probe.read(Transactions, probe.path("transactions", customer=probe.other))
    for one in theirs.Data.Transaction[:3]:
        status = probe.ask(probe.path("transactions", one.TransactionId))[0]
        _expect(status, 404, "somebody else's transaction")


def tells_account_cards_and_incidents(probe: Probe) -> None:
    """By the contract, and the customer's own; of a nobody, 404."""
    account = probe.read(OneAccount, probe.path("account"))
    _own(probe, account.Meta.CustomerId, account.Data.CustomerId)
    _own(probe, probe.read(Cards, probe.path("cards")).Meta.CustomerId)
    probe.read(Incidents, "/incidents")
    nobody = f"nobody-{secrets.token_hex(8)}"
    _expect(probe.ask(probe.path("account", customer=nobody))[0], 404, "a customer of no name")


def tells_no_balance_and_no_whole_card(probe: Probe) -> None:
    """The help center is not to be given what it must not keep."""
    for rest in ("account", "cards", "transactions"):
        _, raw = probe.ask(probe.path(rest))
        text = raw.decode("utf-8", "replace")
        for word in ("Balance", "balance", "CardNumber", "PAN", "Password"):
            if f'"{word}"' in text:
                raise Broken(f"{rest}: tells {word}")


def freezes_once_under_one_key(probe: Probe) -> None:
    """The same key gives the same request, with another body 409; without a key 400."""
    key = f"check-{secrets.token_hex(8)}"
    path = probe.path("requests")
    first = probe.read(OneRequest, path, method="POST", body={"Kind": "Freeze"}, key=key)
    again = probe.read(OneRequest, path, method="POST", body={"Kind": "Freeze"}, key=key)
    if first.Data.RequestId != again.Data.RequestId:
        raise Broken("the same key made two requests")
    _expect(probe.ask(path, method="POST", body={"Kind": "Unfreeze"}, key=key)[0], 409, "that key")
    _expect(probe.ask(path, method="POST", body={"Kind": "Freeze"})[0], 400, "no key")
    told = probe.read(OneRequest, probe.path("requests", first.Data.RequestId))
    _own(probe, told.Meta.CustomerId, told.Data.CustomerId)
    undo = f"check-{secrets.token_hex(8)}"
    probe.read(OneRequest, path, method="POST", body={"Kind": "Unfreeze"}, key=undo)


READING: tuple[Callable[[Probe], None], ...] = (
    refuses_what_is_not_signed,
    refuses_what_was_sent_before,
    refuses_what_is_old_or_early,
    lists_transactions,
    gives_pages_without_gap_or_double,
    gives_one_transaction,
    keeps_customers_apart,
    tells_account_cards_and_incidents,
    tells_no_balance_and_no_whole_card,
)
ACTING: tuple[Callable[[Probe], None], ...] = (freezes_once_under_one_key,)


def run(probe: Probe, *, act: bool) -> Iterator[tuple[str, str | None]]:
    """Run the checks; gives (what is checked, what is wrong or None). act: freeze and unfreeze."""
    for check in (*READING, *(ACTING if act else ())):
        name = check.__name__.replace("_", " ")
        try:
            check(probe)
        except Broken as error:
            yield name, str(error)
        else:
            yield name, None


def _expect(status: int, wanted: int, what: str) -> None:
    if status != wanted:
        raise Broken(f"{what}: answers {status}, not {wanted}")


def _own(probe: Probe, *named: str) -> None:
    if any(name != probe.customer for name in named):
        raise Broken("an answer names another customer")
