"""Rules on questions: too few, too alike, claimed by two FAQs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
from rapidfuzz import fuzz, process

from faq.findings import Finding
from faq.folder import Folder
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


def bare_of(text: str) -> str:
    """Return a normalised text without punctuation and spaces."""
    return "".join(char for char in text if char.isalnum()) or text


def near(bare: list[str], rows: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (row, other row, likeness %) of unequal texts alike from LIKE on, each pair once."""
    wanted = set(rows)
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        scores = process.cdist(
            [bare[row] for row in part], bare, scorer=fuzz.ratio, score_cutoff=LIKE, dtype=np.uint8
        )
        for place, other in np.argwhere(scores):
            row, column = part[int(place)], int(other)
            if row == column or bare[row] == bare[column] or (column in wanted and row < column):
                continue
            yield row, column, int(scores[place, other])


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
