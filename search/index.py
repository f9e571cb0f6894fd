"""Whoosh on disk: one generation of the index, a row for every way of asking.

Whoosh holds the editors' own lists. The voices' rows, twice as many and only ever read back, are
added to the postings beside it: Whoosh takes a millisecond to write a row, the postings a tenth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.analysis import RegexTokenizer
from whoosh.fields import STORED, TEXT, Schema

from search.analysis import FIELDS, Analysed, Analyser
from search.content import Content
from search.voices import Voice

# By field: each term with the rows that hold it, ascending.
Postings = dict[str, list[tuple[str, list[int]]]]
# Terms are handed over already split, one tab between them.
_SPLIT = RegexTokenizer(r"[^\t]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One way of asking.

    kind: faq, smalltalk, beyond or human. owner: the FAQ's or topic's id. plain: the text
    normalised. sound: its syllables. author: who wrote it; "" for the editors' own lists.
    """

    kind: str
    owner: str
    text: str
    plain: str
    sound: str
    author: str = ""


def rows_of(content: Content) -> Iterator[tuple[str, str, str, str]]:
    """Yield (kind, owner, text, author) of every row, each owner's rows together, each once."""
    voices: dict[tuple[str, str], list[Voice]] = defaultdict(list)
    for voice in content.voices:
        voices[voice.kind, voice.owner].append(voice)
    for kind, owner, texts in _listed(content):
        seen = dict.fromkeys(texts, "")
        for voice in voices.get((kind, owner), ()):
            for _, text in voice.lines:
                seen.setdefault(text, voice.author)
        for text, author in seen.items():
            yield kind, owner, text, author


def _listed(content: Content) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield (kind, owner, texts) of the editors' own lists."""
    for faq in content.faqs.values():
        yield "faq", faq.id, (faq.question, *faq.similar)
    for kind, topics in (
        ("smalltalk", content.lexicon.smalltalk),
        ("beyond", content.lexicon.beyond),
    ):
        for topic in topics:
            yield kind, topic.id, topic.messages
    yield "human", "human", content.lexicon.human


def write_index(folder: Path, content: Content, analyser: Analyser) -> None:
    """Write the rows as a Whoosh index into an empty folder."""
    folder.mkdir(parents=True)
    fields = {name: TEXT(analyzer=_SPLIT, phrase=False) for name in FIELDS}
    stored = dict.fromkeys(Row.__slots__, STORED)
    schema = Schema(**stored, **fields)
    index = whoosh_index.create_in(str(folder), schema)
    writer = index.writer(limitmb=64)
    for kind, owner, text, author in rows_of(content):
        if author:
            continue
        found = analyser(text)
        writer.add_document(
            kind=kind,
            owner=owner,
            text=text,
            plain=found.text,
            sound=found.sound,
            author="",
            **_terms(found),
        )
    writer.commit()
    index.close()


def _terms(found: Analysed) -> dict[str, str]:
    return {name: "\t".join(terms) for name in FIELDS if (terms := getattr(found, name))}


def read_rows(folder: Path) -> tuple[list[Row], Postings]:
    """Read a generation back.

    Returns the rows in document order and, by field, each term with the rows that hold it.
    """
    index = whoosh_index.open_dir(str(folder), readonly=True)
    try:
        with index.reader() as reader:
            numbers = {doc: row for row, doc in enumerate(reader.all_doc_ids())}
            rows = [Row(**reader.stored_fields(doc)) for doc in numbers]
            postings = {
                name: [
                    (
                        term.decode("utf-8") if isinstance(term, bytes) else term,
                        [numbers[doc] for doc in _docs(reader.postings(name, term))],
                    )
                    for term in reader.lexicon(name)
                ]
                for name in FIELDS
            }
    finally:
        index.close()
    return rows, postings


def with_voices(
    rows: Sequence[Row], postings: Postings, content: Content, analyser: Analyser
) -> tuple[list[Row], Postings]:
    """Add the voices' rows to what was read back, each owner's rows together; numbers them anew."""
    if not content.voices:
        return list(rows), postings
    listed = iter(rows)
    whole: list[Row] = []
    numbers: list[int] = []  # by row that was read back, its new number
    added: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in FIELDS}
    for kind, owner, text, author in rows_of(content):
        if not author:
            numbers.append(len(whole))
            whole.append(next(listed))
            continue
        found = analyser(text)
        for name in FIELDS:
            for term in dict.fromkeys(getattr(found, name)):
                added[name][term].append(len(whole))
        whole.append(Row(kind, owner, text, found.text, found.sound, author))
    merged: Postings = {}
    for name, terms in postings.items():
        new = added[name]
        merged[name] = [
            (term, sorted([*(numbers[row] for row in own), *new.pop(term, ())]))
            for term, own in terms
        ]
        merged[name] += new.items()
    return whole, merged


def _docs(matcher: object) -> Iterable[int]:
    return matcher.all_ids()  # type: ignore[attr-defined, no-any-return]
