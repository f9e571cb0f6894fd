"""The compiled postings against Whoosh's own and against plain sums."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from whoosh import index as whoosh_index

from search import Settings
from search.analysis import FIELDS, Analyser
from search.content import read_content
from search.generation import open_current
from search.index import read_rows, rows_of, write_index
from search.owners import Owners
from search.postings import Field

POSTINGS = [("付", [0, 2]), ("款", [0, 1, 2]), ("退", [1])]


def test_shared_mass_is_the_summed_squared_idf_of_common_terms() -> None:
    field = Field.compile(POSTINGS, 3)
    shared = field.shared(field.query(["付", "退", "付"]))
    idf = np.log1p(3 / np.array([2, 3, 1])) ** 2
    assert shared == pytest.approx([idf[0], idf[2], idf[0]], rel=1e-5)


def test_unknown_terms_weigh_on_the_query_only() -> None:
    field = Field.compile(POSTINGS, 3)
    known, strange = field.query(["付"]), field.query(["付", "鲸"])
    assert strange.mass > known.mass
    assert field.shared(known) == pytest.approx(field.shared(strange))


def test_frequent_terms_add_up_like_the_others() -> None:
    everywhere = ("的", list(range(40)))
    field = Field.compile([everywhere, ("退", [3]), ("款", [3, 7])], 40)
    assert list(field.place) == [0, -1, -1]
    shared = field.shared(field.query(["的", "退", "款"]))
    squares = field.idf**2
    assert shared[0] == pytest.approx(squares[0])
    assert shared[3] == pytest.approx(squares.sum())
    assert shared[7] == pytest.approx(squares[0] + squares[2])


def test_an_empty_query_shares_nothing() -> None:
    field = Field.compile(POSTINGS, 3)
    assert not field.shared(field.query([])).any()


def test_saved_postings_come_back_alike(tmp_path: Path) -> None:
    field = Field.compile(POSTINGS, 3)
    field.save(tmp_path, "words")
    loaded = Field.load(tmp_path, "words")
    assert loaded.terms == field.terms
    for part in ("starts", "rows", "idf", "mass", "scale", "place", "dense"):
        assert np.array_equal(getattr(loaded, part), getattr(field, part))


def test_every_row_and_posting_of_whoosh_is_compiled(settings: Settings, tmp_path: Path) -> None:
    content = read_content(settings.data)
    write_index(tmp_path / "whoosh", content, Analyser(content.lexicon, tmp_path / "words"))
    rows, postings = read_rows(tmp_path / "whoosh")
    found = [(row.kind, row.owner, row.text, row.author) for row in rows]
    assert found == list(rows_of(content))
    with whoosh_index.open_dir(str(tmp_path / "whoosh")).reader() as reader:
        for name in FIELDS:
            field = Field.compile(postings[name], len(rows))
            assert len(field.terms) == len(list(reader.lexicon(name)))
            for term, number in field.terms.items():
                counted = field.starts[number + 1] - field.starts[number]
                assert counted == reader.doc_frequency(name, term)


def test_owners_take_their_best_rows(settings: Settings) -> None:
    generation = open_current(settings)
    owners = generation.compiled.owners
    scores = np.zeros(len(owners.of_row), np.float32)
    scores[owners.starts[1]] = 0.9
    assert owners.best(scores)[1] == pytest.approx(0.9)


def test_rows_of_one_owner_that_stand_apart_are_refused(settings: Settings) -> None:
    rows = list(open_current(settings).rows)
    with pytest.raises(ValueError, match="do not stand together"):
        Owners.of([*rows, rows[0]])
