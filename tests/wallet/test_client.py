"""The client against the sandbox and its faults: right, in time, or nothing at all."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import people
from tests.thorough import examples
from tests.wallet.conftest import SECRET, Sandbox
from web.wallet.client import FAILURES, PAGES, PAUSE, NotThere, Unfit, Wallet, WalletDown

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def wallet_of(sandbox: Sandbox, **options: Any) -> Wallet:
    return Wallet(sandbox.url, SECRET, options.pop("budget", 1.0), **options)


def test_a_failed_payment_is_found_with_its_reason(sandbox: Sandbox) -> None:
    wallet = wallet_of(sandbox)
    seen = wallet.transactions("sandbox-01", wallet.deadline())
    newest = seen.transactions[0]
    assert (newest.Counterparty.Name, newest.Amount.MinorUnits) == ("小巷咖啡", 8650)
    assert (newest.Status, newest.StatusReason) == ("RJCT", "AM04")
    assert datetime.now(UTC) - seen.as_of < timedelta(minutes=1)
    wallet.close()


def test_one_answer_serves_for_seconds_and_not_longer(sandbox: Sandbox) -> None:
    clock = Clock()
    wallet = wallet_of(sandbox, clock=clock)
    before = wallet.account("sandbox-01", wallet.deadline())[0]
    sandbox.store._hold("sandbox-01", True, datetime.now(UTC))
    assert wallet.account("sandbox-01", wallet.deadline())[0] == before
    clock.at += 6
    assert wallet.account("sandbox-01", wallet.deadline())[0].Status == "frozen"
    wallet.close()


@pytest.mark.parametrize("fault", ["shape", "foreign", "text", "large", "down"])
def test_an_answer_that_does_not_fit_is_refused_as_a_whole(sandbox: Sandbox, fault: str) -> None:
    wallet = wallet_of(sandbox)
    sandbox.breaks(fault)
    with pytest.raises(WalletDown):
        wallet.transactions("sandbox-01", wallet.deadline())
    assert len(wallet.transactions("sandbox-01", wallet.deadline()).transactions) == 3
    wallet.close()


@pytest.mark.parametrize("fault", ["twice", "order"])
def test_what_comes_twice_or_out_of_order_is_set_right(sandbox: Sandbox, fault: str) -> None:
    wallet = wallet_of(sandbox)
    sandbox.breaks(fault)
    found = wallet.transactions("sandbox-01", wallet.deadline()).transactions
    assert [one.TransactionId for one in found] == ["tx-01-cafe", "tx-01-metro", "tx-01-book"]
    wallet.close()


def test_a_slow_wallet_is_waited_for_no_longer_than_the_budget(sandbox: Sandbox) -> None:
    wallet = wallet_of(sandbox, budget=0.3)
    sandbox.breaks("slow")
    began = datetime.now(UTC)
    with pytest.raises(WalletDown):
        wallet.transactions("sandbox-01", wallet.deadline())
    assert datetime.now(UTC) - began < timedelta(seconds=2)
    wallet.close()


def test_a_wallet_that_fails_is_left_alone_for_a_while(sandbox: Sandbox) -> None:
    clock = Clock()
    wallet = wallet_of(sandbox, clock=clock)
    sandbox.breaks("down", FAILURES)
    for _ in range(FAILURES):
        with pytest.raises(WalletDown):
            wallet.account("sandbox-01", wallet.deadline())
    with pytest.raises(WalletDown, match="left alone"):
        wallet.account("sandbox-01", wallet.deadline())
    clock.at += PAUSE + 1
    assert wallet.account("sandbox-01", wallet.deadline())[0].Status == "active"
    wallet.close()


def test_somebody_elses_transaction_is_not_there(sandbox: Sandbox) -> None:
    wallet = wallet_of(sandbox)
    with pytest.raises(NotThere):
        wallet.transaction("sandbox-01", "tx-04-shoes", wallet.deadline())
    wallet.close()


def test_freezing_twice_under_one_key_freezes_once(sandbox: Sandbox) -> None:
    wallet = wallet_of(sandbox)
    first = wallet.request("sandbox-11", "Freeze", "conversation-7", wallet.deadline())
    again = wallet.request("sandbox-11", "Freeze", "conversation-7", wallet.deadline())
    assert first == again
    assert first.Status == "accepted"
    assert sandbox.store.settle(datetime.now(UTC) + timedelta(seconds=5)) == 1
    assert wallet.account("sandbox-11", wallet.deadline())[0].Status == "frozen"
    wallet.close()


def test_a_wrong_secret_gets_nothing(sandbox: Sandbox) -> None:
    wallet = Wallet(sandbox.url, SECRET + "x", 1.0)
    with pytest.raises(WalletDown, match="401"):
        wallet.account("sandbox-01", wallet.deadline())
    wallet.close()


class Canned:
    """A wire that answers what it is given."""

    def __init__(self, answer: Any) -> None:
        self.answer = json.dumps(answer).encode()

    def ask(self, *_: Any) -> bytes:
        return self.answer


def page(customer: str = "sandbox-01") -> dict[str, Any]:
    """Write a good page, as the sandbox does."""
    person = next(one for one in people.read() if one["id"] == customer)
    found = [people.transaction(customer, one, NOW) for one in person["transactions"]]
    meta = {"CustomerId": customer, "AsOf": NOW.isoformat()}
    return {"Data": {"Transaction": found}, "Links": {"Next": None}, "Meta": meta}


class Breaking:
    """A wire that breaks so many times before it answers; keeps what it was asked."""

    def __init__(self, breaks: int, answer: Any) -> None:
        self.breaks = breaks
        self.answer = json.dumps(answer).encode()
        self.asked: list[tuple[str, dict[str, str]]] = []

    def ask(self, method: str, path: str, body: bytes | None, left: float, head: Any) -> bytes:
        self.asked.append((method, head))
        if len(self.asked) <= self.breaks:
            raise ConnectionResetError
        return self.answer


def test_where_the_line_broke_it_is_asked_once_more_and_never_a_third_time() -> None:
    wallet = answered(None)
    for breaks, asked in ((1, 2), (9, 2)):
        wire = wallet._wire = Breaking(breaks, page())  # type: ignore[assignment]
        wallet.forget("sandbox-01")
        if breaks == 1:
            assert wallet.transactions("sandbox-01", float("inf")).transactions
        else:
            with pytest.raises(WalletDown):
                wallet.transactions("sandbox-01", float("inf"))
        assert len(wire.asked) == asked  # type: ignore[attr-defined]


def test_what_is_to_be_done_is_asked_again_under_the_same_key_alone() -> None:
    wallet = answered(None)
    told = {
        "Data": {
            "RequestId": "rq-0001",
            "CustomerId": "sandbox-01",
            "Kind": "Freeze",
            "Status": "accepted",
            "DateTime": NOW.isoformat(),
            "Version": 1,
        },
        "Meta": {"CustomerId": "sandbox-01", "AsOf": NOW.isoformat()},
    }
    wire = wallet._wire = Breaking(1, told)  # type: ignore[assignment]
    assert wallet.request("sandbox-01", "Freeze", "key-0001", float("inf")).RequestId == "rq-0001"
    heads = [head for _, head in wire.asked]  # type: ignore[attr-defined]
    assert [head["Idempotency-Key"] for head in heads] == ["key-0001", "key-0001"]
    assert heads[0]["Wallet-Nonce"] != heads[1]["Wallet-Nonce"]


class Paged:
    """A wire with one page after the other, without an end."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def ask(self, _method: str, path: str, *_: Any) -> bytes:
        self.paths.append(path)
        told = page()
        for one in told["Data"]["Transaction"]:
            one["TransactionId"] += f"-{len(self.paths)}"
        told["Links"]["Next"] = f"page-{len(self.paths)}"
        return json.dumps(told).encode()


def test_pages_are_read_one_after_the_other_and_not_for_ever() -> None:
    wallet = answered(None)
    wire = wallet._wire = Paged()  # type: ignore[assignment]
    seen = wallet.transactions("sandbox-01", float("inf"))
    assert len(wire.paths) == PAGES  # type: ignore[attr-defined]
    assert len(seen.transactions) == PAGES * len(page()["Data"]["Transaction"])
    assert ["Cursor=page-1" in path for path in wire.paths] == [False, True, False]  # type: ignore[attr-defined]


def answered(answer: Any) -> Wallet:
    wallet = Wallet("http://wallet.example", SECRET, 1.0, now=lambda: NOW)
    wallet._wire = Canned(answer)  # type: ignore[assignment]
    return wallet


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
OTHERS = st.text(min_size=1, max_size=12).filter(lambda name: name != "sandbox-01")


@given(st.data())
@settings(max_examples=examples(60, 300), deadline=None)
def test_whatever_is_changed_in_an_answer_is_right_or_refused(data: st.DataObject) -> None:
    """Any value of a good page replaced by anything: what comes out is still the customer's own."""
    told = page()
    places = list(walk(told))
    path = data.draw(st.sampled_from(places))
    put(told, path, data.draw(ANYTHING))
    wallet = answered(told)
    try:
        seen = wallet.transactions("sandbox-01", wallet.deadline())
    except (WalletDown, NotThere):
        return
    assert all(one.CustomerId == "sandbox-01" for one in seen.transactions)
    ids = [one.TransactionId for one in seen.transactions]
    assert len(set(ids)) == len(ids)
    times = [one.DateTime for one in seen.transactions]
    assert times == sorted(times, reverse=True)
    assert all(one <= NOW + timedelta(minutes=5) for one in times)


@given(st.permutations(range(6)), st.lists(st.integers(1, 9), min_size=6, max_size=6))
@settings(deadline=None)
def test_of_what_comes_twice_the_highest_version_is_believed(
    order: list[int], versions: list[int]
) -> None:
    told = page()
    first = told["Data"]["Transaction"][0]
    copies = []
    for number in order:
        one = copy.deepcopy(first)
        one["Version"] = versions[number]
        one["Status"] = "BOOK" if versions[number] == max(versions) else "PDNG"
        copies.append(one)
    told["Data"]["Transaction"] = copies
    (found,) = answered(told).transactions("sandbox-01", float("inf")).transactions
    assert (found.Version, found.Status) == (max(versions), "BOOK")


@given(
    st.sampled_from(range(3)), st.text(min_size=1, max_size=12).filter(lambda t: t != "sandbox-01")
)
@settings(deadline=None)
def test_one_row_of_somebody_else_spoils_the_page(row: int, other: str) -> None:
    told = page()
    told["Data"]["Transaction"][row]["CustomerId"] = other
    with pytest.raises(Unfit):
        answered(told).transactions("sandbox-01", float("inf"))


def walk(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """List every place of a document."""
    if path:
        yield path
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in items:
        yield from walk(one, (*path, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new
