"""The compiled lookup against Whoosh's own scoring."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.query import Or, Term

from search.lookup import Lookup
from tests.thorough import examples

WORDS = ("支付", "失败", "退款", "提现", "的", "了", "银行卡", "到账")
# The first words come often enough to be dense.
TEXTS = st.lists(st.sampled_from(WORDS + WORDS[4:6] * 4), min_size=1, max_size=40)
CORPORA = st.lists(st.lists(TEXTS, min_size=1, max_size=30), min_size=1, max_size=3)


def _index(segments: list[list[list[str]]], deleted: set[int]) -> FileIndex:
    """Write each list of texts as a segment of its own, then delete some by their number."""
    schema = Schema(number=ID(unique=True), body=TEXT(analyzer=SpaceSeparatedTokenizer()))
    index = RamStorage().create_index(schema)
    number = 0
    for texts in segments:
        writer = index.writer()
        for words in texts:
            writer.add_document(number=str(number), body=" ".join(words))
            number += 1
        writer.commit(merge=False)
    if gone := [str(number) for number in deleted]:
        writer = index.writer()
        for name in gone:
            writer.delete_by_term("number", name)
        writer.commit(merge=False)
    return index


def _expected(index: FileIndex, terms: list[str]) -> dict[int, float]:
    with index.searcher() as searcher:
        query = Or([Term("body", term) for term in set(terms)])
        return {hit.docnum: hit.score for hit in searcher.search(query, limit=None)}


def _agree(index: FileIndex, terms: list[str], k: int) -> None:
    expected = _expected(index, terms)
    with index.reader() as reader:
        lookup = Lookup.compile(reader, "body")
        docs = list(reader.all_doc_ids())
    scores = lookup.scores(terms)
    assert len(scores) == len(docs)
    for row, doc in enumerate(docs):
        assert scores[row] == pytest.approx(expected.get(doc, 0.0), abs=1e-4)
    best = lookup.top(terms, k)
    wanted = sorted(range(len(docs)), key=lambda row: (-scores[row], row))
    assert [row for row, _ in best] == [row for row in wanted if scores[row] > 0][:k]


@settings(deadline=None, max_examples=examples(25, 60))
@given(CORPORA, st.lists(st.sampled_from((*WORDS, "鲸鱼")), max_size=6), st.data())
def test_scores_agree_with_whoosh_over_segments_and_after_deletions(
    segments: list[list[list[str]]], terms: list[str], data: st.DataObject
) -> None:
    count = sum(map(len, segments))
    deleted = data.draw(st.sets(st.integers(0, count - 1), max_size=count - 1))
    _agree(_index(segments, deleted), terms, data.draw(st.integers(1, 12)))


@pytest.mark.parametrize("k", [1, 5, 40])
def test_the_best_are_exact_over_many_rows(k: int) -> None:
    dice = np.random.default_rng(5)
    names = [f"w{number}" for number in range(60)]
    chances = 1 / np.arange(1, 61)
    texts = [
        dice.choice(names, size=dice.integers(1, 20), p=chances / chances.sum()).tolist()
        for _ in range(453)
    ]
    index = _index([texts], {3, 200})
    for _ in range(10):
        _agree(index, dice.choice(names, size=4).tolist(), k)


def test_nothing_known_finds_nothing() -> None:
    index = _index([[["支付"], ["退款"]]], set())
    with index.reader() as reader:
        lookup = Lookup.compile(reader, "body")
    assert lookup.top([], 3) == []
    assert lookup.top(["鲸鱼"], 3) == []
    assert not lookup.scores(["鲸鱼"]).any()


def test_a_saved_lookup_comes_back_alike(tmp_path: Path) -> None:
    index = _index([[["支付", "失败"], ["退款"], ["支付", "的"]]], set())
    with index.reader() as reader:
        lookup = Lookup.compile(reader, "body")
    lookup.save(tmp_path, "answers")
    loaded = Lookup.load(tmp_path, "answers")
    assert loaded.terms == lookup.terms
    assert loaded.top(["支付", "的"], 3) == lookup.top(["支付", "的"], 3)
