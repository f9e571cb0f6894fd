"""What judges the weights is judged by what was learned without it."""

from __future__ import annotations

import numpy as np
import pytest

from search import Engine
from search.model import BEYOND
from search.sample import FOLDS, folds, held_out


@pytest.mark.parametrize("many", [False, True])
def test_what_judges_a_row_never_learned_it_nor_its_topic(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    compiled = engine.generation.compiled
    if many:
        monkeypatch.setattr("search.sample.MANY", len(compiled.owners.names) - 1)
    rows, fold, topic = folds(compiled, len(compiled.rows))
    parts = list(held_out(rows, fold, topic))
    assert [part for part, _ in parts] == ([0] if many else list(range(FOLDS)))
    of_row = compiled.owners.of_row
    beyond = compiled.owners.kinds[of_row] == BEYOND
    judged = []
    for part, known in parts:
        left_out = rows[fold[rows] == part]
        judged += left_out.tolist()
        assert not np.isin(left_out, known).any()
        topics = {*of_row[rows[(topic[rows] == part) & beyond[rows]]]}
        assert topics.isdisjoint(of_row[known])
    assert sorted(judged) == rows.tolist()
