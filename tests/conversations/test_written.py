"""Of written dialogues as many turns of each kind are right as when they were last measured.

They are longer and wilder than the scripted ones, and a few of their turns go wrong; a new fit
moves near ties either way. What falls below the floors of written.yml is a kind of conversation
that got worse: `python -m benchmarks.dialogues FILE --failures` prints the turns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.dialogues import DEV, Tally, hold
from tests.product import ROOT, Product

EACH = 20
FLOORS: dict[str, int] = yaml.safe_load(
    Path(__file__).with_name("written.yml").read_text(encoding="utf-8")
)


def _written() -> dict[str, list[dict[str, Any]]]:
    """Read the dialogues by kind, the first EACH of those that all authors wrote."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in (*sorted((ROOT / "benchmarks" / "conversations").glob("*.jsonl")), DEV):
        for line in file.read_text(encoding="utf-8").splitlines():
            dialogue = json.loads(line)
            found[dialogue["kind"]].append(dialogue)
    return {kind: dialogues[:EACH] for kind, dialogues in found.items()}


WRITTEN = _written()


def test_every_kind_that_was_written_has_its_floor() -> None:
    assert set(FLOORS) == set(WRITTEN)


def _kinds() -> Iterator[object]:
    for kind, floor in FLOORS.items():
        yield pytest.param(kind, floor, id=kind)


@pytest.mark.parametrize(("kind", "floor"), list(_kinds()))
def test_as_many_turns_are_right_as_before(kind: str, floor: int, product: Product) -> None:
    tally = Tally()
    for dialogue in WRITTEN[kind]:
        hold(dialogue, product.url, tally, failures=True)
    share = tally.kinds[kind]
    print(kind, share)
    assert 100 * share.right / share.of >= floor, f"{kind}: {share}"
