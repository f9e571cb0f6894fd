"""An edit taken up in a fraction of a second: changed rows spliced into a fitted generation.

The model stays but for the class weights, which learn the new rows by some steps from where they
are. A fit of everything follows in the background and replaces the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from search.analysis import FIELDS, Analysed, Analyser
from search.content import Content
from search.features import Compiled, look_up
from search.generation import Generation
from search.index import Row, rows_of
from search.lexicon import Lexicon
from search.model import Model
from search.owners import Owners
from search.postings import Field
from search.reading import reread

Key = tuple[str, str]
# New rows of voices that an edit brings in at once. They come by the thousand too, whose steps
# would take a minute: these are there when the fit is.
VOICED = 500


def splice(base: Generation, content: Content, analyser: Analyser, name: str) -> Generation:
    """Return a generation of `content`, made from a fitted one.

    analyser: of the content's lexicon. Equal inputs give equal results, in every process.
    """
    texts: dict[Key, list[str]] = {}
    for row in base.rows:
        texts.setdefault((row.kind, row.owner), []).append(row.text)
    wanted = _wanted(content, {key: set(own) for key, own in texts.items()})
    stale = _touched(base, analyser)
    kept = {key for key, own in texts.items() if [*wanted.get(key, ())] == own} - stale
    keep = np.array([(row.kind, row.owner) in kept for row in base.rows], bool)
    found = [
        (key, text, analyser(text)) for key in wanted if key not in kept for text in wanted[key]
    ]
    rows = [row for row, stays in zip(base.rows, keep, strict=True) if stays]
    rows += [Row(*key, text, seen.text, seen.sound, wanted[key][text]) for key, text, seen in found]
    fields = {
        field: _spliced(
            base.compiled.fields[field], keep, [getattr(seen, field) for *_, seen in found]
        )
        for field in FIELDS
    }
    compiled = Compiled(fields, Owners.of(rows), rows)
    known = {key: set(own) for key, own in texts.items()}
    new = [(key, seen) for key, text, seen in found if text not in known.get(key, ())]
    return replace(
        base,
        name=name,
        content=content,
        analyser=analyser,
        rows=tuple(rows),
        compiled=compiled,
        model=_carried(base, compiled, new),
        articles=reread(base.articles, (base.content, base.analyser), content, analyser),
        spelling=replace(base.spelling, analyser=analyser).extended(seen.text for _, seen in new),
    )


def _wanted(content: Content, fitted: dict[Key, set[str]]) -> dict[Key, dict[str, str]]:
    """List, by owner, its rows with their authors; more than VOICED new ones of voices wait."""
    wanted: dict[Key, dict[str, str]] = {}
    voiced: list[tuple[Key, str]] = []
    for kind, owner, text, author in rows_of(content):
        wanted.setdefault((kind, owner), {})[text] = author
        if author and text not in fitted.get((kind, owner), ()):
            voiced.append(((kind, owner), text))
    if len(voiced) > VOICED:
        for key, text in voiced:
            del wanted[key][text]
    return wanted


def _touched(base: Generation, analyser: Analyser) -> set[Key]:
    """Find the owners whose rows another lexicon splits or spells differently."""
    before, after = base.analyser.lexicon, analyser.lexicon
    if before is after:
        return set()
    changed = {analyser.normalise(word) for word in _changed(before, after)} - {""}
    if not changed:
        return set()
    pattern = re.compile("|".join(re.escape(word) for word in sorted(changed)))
    return {
        (row.kind, row.owner)
        for row in base.rows
        if pattern.search(row.plain) or pattern.search(base.analyser.standard(row.plain))
    }


def _changed(before: Lexicon, after: Lexicon) -> set[str]:
    """List the words that one of two lexicons has and the other has not, or has differently."""
    pairs: list[tuple[Iterable[tuple[str, object]], Iterable[tuple[str, object]]]] = [
        (before.words, after.words),
        (before.synonyms.items(), after.synonyms.items()),
        (before.typos.items(), after.typos.items()),
        (before.readings.items(), after.readings.items()),
    ]
    return {word for old, new in pairs for word, _ in set(old) ^ set(new)}


def _spliced(field: Field, keep: np.ndarray, added: Sequence[Sequence[str]]) -> Field:
    """Drop the rows that are not kept and append new ones; the old terms keep their numbers."""
    number = np.cumsum(keep, dtype=np.int32) - 1
    first = int(keep.sum())
    stays = keep[field.rows]
    terms = np.repeat(np.arange(len(field.idf), dtype=np.int32), field.counts())[stays]
    names = dict(field.terms)
    new = [
        (names.setdefault(term, len(names)), first + place)
        for place, own in enumerate(added)
        for term in dict.fromkeys(own)
    ]
    pairs = np.array(new, np.int32).reshape(-1, 2)
    terms = np.concatenate([terms, pairs[:, 0]])
    flat = np.concatenate([number[field.rows[stays]], pairs[:, 1]]).astype(np.int32)
    order = np.argsort(terms, kind="stable")
    counts = np.bincount(terms, minlength=len(names))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return Field.assemble(names, starts, flat[order], first + len(added))


def _carried(base: Generation, compiled: Compiled, new: list[tuple[Key, Analysed]]) -> Model:
    """Take over the fitted weights, with the class weights taught the new rows."""
    model = base.model
    hashing = model.hashing.extended(base.compiled.fields, compiled.fields)
    column = {key: at for at, key in enumerate(base.compiled.owners.names)}
    sources = np.array([column.get(key, -1) for key in compiled.owners.names], np.int64)
    place = {key: at for at, key in enumerate(compiled.owners.names)}
    truth = np.array([place[key] for key, _ in new], np.int64)
    vectors = [hashing.vector(compiled.fields, look_up(compiled, seen)) for _, seen in new]
    classes = model.classes.taught(sources, vectors, truth)
    meaning = model.meaning
    if meaning is not None:
        meaning = meaning.taught(sources, [seen.text for _, seen in new], truth)
    return Model(hashing, classes, model.weights, model.gate, meaning)
