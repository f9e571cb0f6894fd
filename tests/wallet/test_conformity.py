"""The contract's own checks: the sandbox keeps it, and a wallet that does not is found out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.wallet.conftest import SECRET, Sandbox
from web.wallet import conformity
from web.wallet.conformity import ACTING, READING, Broken, Probe


def probe_of(sandbox: Sandbox, customer: str = "sandbox-01") -> Probe:
    return Probe(sandbox.url, SECRET, customer, "sandbox-04")


@pytest.mark.parametrize("check", [*READING, *ACTING], ids=lambda check: check.__name__)
def test_the_sandbox_keeps_the_contract(sandbox: Sandbox, check: Callable[[Probe], None]) -> None:
    check(probe_of(sandbox))


def test_every_customer_of_the_sandbox_keeps_it(sandbox: Sandbox) -> None:
    for one in sandbox.store.customers():
        probe = probe_of(sandbox, one["id"])
        probe.other = None
        conformity.lists_transactions(probe)
        conformity.tells_account_cards_and_incidents(probe)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("shape", "Amount"),
        ("foreign", "another customer"),
        ("order", "newest first"),
        ("text", "JSON"),
        ("down", "503"),
        ("large", "too large"),
        ("slow", "TimeoutError"),
    ],
)
def test_a_wallet_that_breaks_it_is_told_where(sandbox: Sandbox, fault: str, why: str) -> None:
    sandbox.breaks(fault)
    with pytest.raises(Broken, match=why):
        conformity.lists_transactions(probe_of(sandbox))


def test_a_run_tells_every_check_and_acts_only_when_asked(sandbox: Sandbox) -> None:
    told = dict(conformity.run(probe_of(sandbox), act=False))
    assert len(told) == len(READING)
    assert set(told.values()) == {None}
    assert requests_of(sandbox) == 0
    assert set(dict(conformity.run(probe_of(sandbox), act=True)).values()) == {None}
    assert requests_of(sandbox) == 2


def requests_of(sandbox: Sandbox) -> int:
    found: Any = sandbox.store.book.rows("SELECT count(*) FROM requests")[0]
    return int(found[0])
