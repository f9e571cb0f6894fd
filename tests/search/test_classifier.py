"""Class weights: learned among few owners or many, carried over to others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.classifier import Classes, _rounded, learn
from search.hashing import Vector

OWNERS = 6
LEVELS = np.random.default_rng(1).integers(-127, 128, (16, OWNERS)).astype(np.int8)


@given(sources=st.lists(st.integers(-1, OWNERS - 1), max_size=9))
def test_owners_keep_their_weights_wherever_they_stand_and_new_ones_have_none(
    sources: list[int],
) -> None:
    classes = Classes(LEVELS, np.ones(16, np.float32))
    carried = classes.taught(np.array(sources, np.int64), [], np.zeros(0, np.int64))
    assert carried.levels.shape == (16, len(sources))
    for place, source in enumerate(sources):
        wanted = LEVELS[:, source] if source >= 0 else np.zeros(16)
        assert (carried.levels[:, place] == wanted).all()


def test_weights_are_rounded_alike_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.random.default_rng(3).normal(size=(50, 7)).astype(np.float32)
    weights[20] = 0
    whole = _rounded(weights)
    monkeypatch.setattr("search.classifier.BLOCK", 8)
    levels, scale = _rounded(weights)
    assert np.array_equal(levels, whole[0])
    assert np.array_equal(scale, whole[1])
    assert np.abs(levels * scale[:, None] - weights).max() <= scale.max()


def test_among_many_owners_a_window_of_the_others_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = np.random.default_rng(7)
    owners, dimensions = 300, 512
    own = [draw.choice(dimensions, 6, replace=False) for _ in range(owners)]
    truth = np.repeat(np.arange(owners, dtype=np.int32), 6)

    def said() -> list[Vector]:
        """Put four of the owner's words beside three of anybody's, a row each."""
        rows = []
        for owner in truth.tolist():
            picked = np.concatenate([draw.choice(own[owner], 4), draw.choice(dimensions, 3)])
            places = np.unique(picked)
            rows.append((places, np.full(len(places), len(places) ** -0.5, np.float32)))
        return rows

    rows, others = said(), said()

    def right(classes: Classes) -> float:
        found = [int(classes.log_shares(vector).argmax()) for vector in others]
        return float(np.mean(np.array(found) == truth))

    def fitted() -> Classes:
        return learn([[row] for row in rows], truth, dimensions, owners)

    among_all = right(fitted())
    monkeypatch.setattr("search.classifier.MANY", owners - 1)
    monkeypatch.setattr("search.classifier.OTHERS", 60)
    among_some = fitted()
    assert among_all > 0.9
    assert right(among_some) > among_all - 0.03
    assert np.array_equal(fitted().levels, among_some.levels)
