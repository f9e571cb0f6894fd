"""The compiled lookup and the engines people would pick instead, behind one face.

All get the same texts split into the same words, and the same OR of a question's words; all say
which entries they found, by the numbers that these have for whoever asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import tantivy
from whoosh import index as whoosh_index
from whoosh.analysis import RegexTokenizer
from whoosh.fields import STORED, TEXT, Schema
from whoosh.query import Or, Term

from search.lookup import Lookup

Words = Sequence[str]
Ask = Callable[[Words], object]
BEST = 5
_SPLIT = RegexTokenizer(r"[^\t]+")


def whoosh(folder: Path, entries: Sequence[Words]) -> Ask:
    """Stock Whoosh, best five."""
    folder.mkdir()
    schema = Schema(number=STORED, words=TEXT(analyzer=_SPLIT, phrase=False))
    index = whoosh_index.create_in(str(folder), schema)
    writer = index.writer(limitmb=128)
    for number, words in enumerate(entries):
        writer.add_document(number=number, words="\t".join(words))
    writer.commit()
    searcher = index.searcher()

    def ask(words: Words) -> object:
        query = Or([Term("words", word) for word in set(words)])
        return [(hit["number"], hit.score) for hit in searcher.search(query, limit=BEST)]

    return ask


def compiled(folder: Path, snapshot: Path) -> Ask:
    """Compile Whoosh's postings in `folder`, and ask what was saved and mapped again."""
    index = whoosh_index.open_dir(str(folder), readonly=True)
    with index.reader() as reader:
        Lookup.compile(reader, "words").save(snapshot, "words")
    lookup = Lookup.load(snapshot, "words")
    return lambda words: lookup.top(words, BEST)


def tantivy_py(folder: Path, entries: Sequence[Words]) -> tuple[Ask, Ask]:
    """tantivy in one segment, the query made of terms, not parsed.

    Returns what finds the entries' numbers, and what finds addresses in the index only.
    """
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(num_threads=1)
    for number, words in enumerate(entries):
        writer.add_document(tantivy.Document(number=number, words=" ".join(words)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(words: Words) -> list[tuple[float, tantivy.DocAddress]]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "words", word, "freq"))
            for word in set(words)
        ]
        return searcher.search(tantivy.Query.boolean_query(terms), BEST, count=False).hits

    def ask(words: Words) -> object:
        return [(searcher.doc(address)["number"][0], score) for score, address in search(words)]

    return ask, search


def bm25s_numpy(entries: Sequence[Words]) -> Ask:
    """bm25s as it comes, all scores worked out beforehand."""
    retriever = bm25s.BM25()
    retriever.index([list(words) for words in entries], show_progress=False)
    best = min(BEST, len(entries))

    def ask(words: Words) -> object:
        return retriever.retrieve([list(words)], k=best, show_progress=False, n_threads=0)

    return ask


def fts5(folder: Path, entries: Sequence[Words]) -> Ask:
    """SQLite FTS5, the words joined by blanks."""
    folder.mkdir()
    database = sqlite3.connect(folder / "entries.db")
    database.execute("CREATE VIRTUAL TABLE entries USING fts5(words, detail='none')")
    database.executemany("INSERT INTO entries VALUES (?)", [(" ".join(one),) for one in entries])
    database.execute("INSERT INTO entries(entries) VALUES ('optimize')")
    database.commit()
    statement = "SELECT rowid, rank FROM entries WHERE entries MATCH ? ORDER BY rank LIMIT ?"

    def ask(words: Words) -> object:
        wanted = " OR ".join(f'"{word}"' for word in set(words))
        return database.execute(statement, (wanted, BEST)).fetchall()

    return ask
