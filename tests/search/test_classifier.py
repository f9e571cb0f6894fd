"""Class weights carried over to other owners."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.classifier import Classes, _rounded

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
