"""What others would get on the same rows: Whoosh with jieba, rapidfuzz, TF-IDF with a classifier.

Each ranks FAQs by their best row, or by their class; none says when no FAQ fits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import jieba
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from whoosh.analysis import RegexTokenizer
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Or, Term

from benchmarks.intervals import interval, mean
from benchmarks.messages import Judged
from search import Engine
from search.index import Row

Rank = Callable[[str], Sequence[str]]
_SPLIT = RegexTokenizer(r"[^\t]+")


def report(engine: Engine, judged: Mapping[Path, Sequence[Judged]]) -> None:
    """Print every baseline's accuracy on each file, and by how much the engine is ahead on all."""
    rows = [row for row in engine.generation.rows if row.kind == "faq"]
    inside = [one for part in judged.values() for one in part if one.inside]
    print("\nbaselines on the same rows     R@1     R@3     MRR")
    for name, make in (
        ("Whoosh + jieba", whoosh),
        ("rapidfuzz", rapidfuzz),
        ("TF-IDF + logistic", classifier),
    ):
        rank = make(rows)
        places = [_place(rank(one.message.text), one.message.expect) for one in inside]
        start = 0
        for file, part in judged.items():
            count = sum(one.inside for one in part)
            here = places[start : start + count]
            start += count
            print(
                f"  {name:18} {file.stem:10} {mean([place == 1 for place in here]):6.1%}"
                f"  {mean([place <= 3 for place in here]):6.1%}"
                f"  {mean([1 / place for place in here if place <= 10]):6.1%}"
            )
        gains = [one.first - (place == 1) for one, place in zip(inside, places, strict=True)]
        found, low, high = interval(gains, mean)
        print(
            f"    the engine: {found * 100:+.1f} points of R@1 [{low * 100:.1f}, {high * 100:.1f}]"
        )


def _place(ranked: Sequence[str], expect: Sequence[str]) -> int:
    places = [place for place, faq_id in enumerate(ranked, 1) if faq_id in expect]
    return places[0] if places else 1_000_000


def whoosh(rows: Sequence[Row]) -> Rank:
    """Stock Whoosh over stock jieba's words, the texts as typed."""
    with tempfile.TemporaryDirectory(prefix="jieba-") as folder:
        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = str(Path(folder))  # jieba trusts any cache in a shared folder
        tokenizer.initialize()
    index = RamStorage().create_index(Schema(words=TEXT(analyzer=_SPLIT, phrase=False)))
    writer = index.writer()
    for row in rows:
        writer.add_document(words="\t".join(tokenizer.lcut(row.text.lower())))
    writer.commit()
    searcher = index.searcher()

    def rank(text: str) -> list[str]:
        query = Or([Term("words", word) for word in set(tokenizer.lcut(text.lower()))])
        hits = searcher.search(query, limit=None)
        return list(dict.fromkeys(rows[hit.docnum].owner for hit in hits))

    return rank


def rapidfuzz(rows: Sequence[Row]) -> Rank:
    """rapidfuzz's own choice of ratio against every row."""
    texts = [row.text for row in rows]

    def rank(text: str) -> list[str]:
        scores = process.cdist([text], texts, scorer=fuzz.WRatio)[0]
        return list(dict.fromkeys(rows[at].owner for at in np.argsort(-scores, kind="stable")))

    return rank


def classifier(rows: Sequence[Row]) -> Rank:
    """TF-IDF of characters and pairs under one logistic regression an FAQ."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    model = OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))
    model.fit(vectors.fit_transform(row.text for row in rows), [row.owner for row in rows])

    def rank(text: str) -> list[str]:
        scores = model.decision_function(vectors.transform([text]))[0]
        return [str(model.classes_[at]) for at in np.argsort(-scores)]

    return rank
