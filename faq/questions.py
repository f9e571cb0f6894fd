"""Rules on questions: too few, too alike, claimed by two FAQs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from faq.findings import Finding
from faq.folder import Folder
from learning.text import bared
from search.documents import Faq

LEAST = 8
LONGEST = 30
# Two texts from this likeness on (rapidfuzz ratio over bare characters) say the same.
LIKE = 92
BLOCK = 1024


def check(folder: Folder, normalise: Callable[[str], str]) -> Iterator[Finding]:
    """Check how FAQs are asked. normalise: the ranking's own."""
    for faq in folder.content.faqs.values():
        yield from of_one(folder, faq)
    yield from repeats(folder, normalise)


def of_one(folder: Folder, faq: Faq) -> Iterator[Finding]:
    """Check one FAQ's questions by themselves."""
    if len(faq.similar) < LEAST:
        values = {"count": len(faq.similar), "least": LEAST}
        line = folder.line(faq, "similar")
        yield Finding(faq.path, line, "too-few", "warning", "similar", values)
    if len(faq.question) > LONGEST:
        values = {"count": len(faq.question), "most": LONGEST}
        line = folder.line(faq, "question")
        yield Finding(faq.path, line, "long-question", "warning", "question", values)
    if not faq.related:
        yield Finding(faq.path, folder.line(faq, "related"), "no-related", "warning", "related")


def repeats(
    folder: Folder, normalise: Callable[[str], str], only: str | None = None
) -> Iterator[Finding]:
    """Find texts that stand twice or nearly so; `only` keeps those of one FAQ."""
    listed = folder.questions()
    bare = [bare_of(normalise(text)) for _, _, text in listed]
    same: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(bare):
        same[text].append(number)
    for group in same.values():
        for at in group[1:] if len(group) > 1 else ():
            yield from _same(folder, listed, group[0], at, only)
    for first, second, score in near(bare, _numbers(listed, only)):
        yield from _near(folder, listed, first, second, score)


@lru_cache(maxsize=200_000)  # as many as the normal forms that checking.py keeps
def bare_of(text: str) -> str:
    """Return a normalised text without punctuation and spaces."""
    return bared(text) or text


def near(bare: list[str], rows: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (row, other row, likeness %) of unequal texts alike from LIKE on, each pair once."""
    wanted = set(rows)
    by_length: dict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(bare):
        by_length[len(text)].append(number)
    for length, own in by_length.items():
        part = [row for row in own if row in wanted]
        if not part:
            continue
        # Lengths too unlike for LIKE are left out; two wanted rows are compared from the shorter.
        others = [
            other
            for size, found in by_length.items()
            if 200 * min(size, length) >= LIKE * (size + length)
            for other in found
            if size >= length or other not in wanted
        ]
        for start in range(0, len(part), BLOCK):
            yield from _alike(bare, part[start : start + BLOCK], others, wanted)


def _alike(
    bare: list[str], part: list[int], others: list[int], wanted: set[int]
) -> Iterator[tuple[int, int, int]]:
    scores = process.cdist(
        [bare[row] for row in part],
        [bare[other] for other in others],
        scorer=fuzz.ratio,
        score_cutoff=LIKE,
        dtype=np.uint8,
    )
    for place, column in np.argwhere(scores):
        row, other = part[int(place)], others[int(column)]
        if bare[row] == bare[other]:
            continue
        if other in wanted and row < other:
            if len(bare[row]) == len(bare[other]):
                continue  # the other way round it comes again
            row, other = other, row
        yield row, other, int(scores[place, column])


def _numbers(listed: list[tuple[Faq, str, str]], only: str | None) -> list[int]:
    return [row for row, (faq, _, _) in enumerate(listed) if only in (None, faq.id)]


def _same(
    folder: Folder, listed: list[tuple[Faq, str, str]], first: int, second: int, only: str | None
) -> Iterator[Finding]:
    other, (faq, field, text) = listed[first][0], listed[second]
    if faq.id == other.id:
        if only in (None, faq.id):
            line = folder.line(faq, field, text)
            yield Finding(
                faq.path,
                line,
                "repeated",
                "warning",
                field,
                {"text": text},
                fixable=field == "similar",
            )
        return
    for mine, theirs in (((faq, field, text), other), (listed[first], faq)):
        if only in (None, mine[0].id):
            line = folder.line(mine[0], mine[1], mine[2])
            values = {"text": mine[2], "other": theirs.question}
            yield Finding(mine[0].path, line, "claimed-twice", "error", mine[1], values)


def _near(
    folder: Folder, listed: list[tuple[Faq, str, str]], first: int, second: int, score: int
) -> Iterator[Finding]:
    faq, field, text = listed[first]
    other, _, like = listed[second]
    rule = "alike" if faq.id == other.id else "near-duplicate"
    values = {"text": text, "like": like, "other": other.question, "score": score}
    yield Finding(faq.path, folder.line(faq, field, text), rule, "warning", field, values)
