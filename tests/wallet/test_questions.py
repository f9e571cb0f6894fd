"""In each flow the wallet asks half or fewer of the questions that are asked by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.wallet_questions import Situation, Talk, count, read, table
from tests.product import Product
from tests.wallet.conftest import Sandbox, identity

SITUATIONS, TYPED = read()
Rows = list[tuple[Situation, int, int]]


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    found: Rows = []
    yield found
    print(f"\n{table(found)}")


@pytest.mark.parametrize("one", SITUATIONS, ids=lambda one: f"{one.flow}：{one.name}")
def test_the_wallet_never_asks_more(
    one: Situation, product: Product, served: Sandbox, rows: Rows
) -> None:
    served.breaks("")
    hand = count(Talk(product.url), one, TYPED, wallet=False)
    talk = Talk(product.url, identity(served.newcomer(one.like)))
    wallet = count(talk, one, TYPED, wallet=True)
    rows.append((one, hand, wallet))
    assert wallet <= hand, "\n".join(talk.lines)


@pytest.mark.parametrize("flow", sorted({one.flow for one in SITUATIONS}))
def test_in_each_flow_the_wallet_asks_half_or_fewer(rows: Rows, flow: str) -> None:
    own = [row for row in rows if row[0].flow == flow]
    assert sum(row[2] for row in own) * 2 <= sum(row[1] for row in own)


def test_in_all_the_wallet_asks_half_or_fewer(rows: Rows) -> None:
    assert len(rows) in (0, len(SITUATIONS))
    assert sum(row[2] for row in rows) * 2 <= sum(row[1] for row in rows)
