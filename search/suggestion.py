"""Suggestions while typing: questions that hold what was typed so far, however it was typed.

All questions stand in two long strings, one to a line: as they are written, and spelt, each
syllable with a capital (ZhiFuShiBai). A keystroke is then one search in a string, the lines
ordered so that the first ones found are the ones to show.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search.documents import Faq
from search.generation import Generation
from search.pinyin import Pinyin

_HAN = re.compile(r"[\u3400-\u9fff]")
_LOWER = re.compile(r"[a-z]+")
# What an input method puts between syllables.
_BREAKS = str.maketrans("", "", " '’")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One question to offer; `start` and `end` bound the matched part, both 0 when none shows."""

    faq_id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """What is looked for, normalised and spelt, and the question that is shown for it.

    marked: what is looked for stands in the question, character for character.
    """

    faq_id: str
    text: str
    plain: str
    spelt: str
    marked: bool


class _Shelf:
    """Lines to search, the short ones first."""

    def __init__(self, lines: Iterable[_Line]) -> None:
        self.lines = sorted(lines, key=lambda line: len(line.text))
        self.plain, self._plain_starts = _joined(line.plain for line in self.lines)
        self.spelt, self._spelt_starts = _joined(line.spelt for line in self.lines)

    def holding(self, query: str) -> Iterator[tuple[_Line, int, int]]:
        """Yield the lines that hold a text: those that begin with it first."""
        for wanted, skip in ((f"\n{query}", 1), (query, 0)):
            at = self.plain.find(wanted)
            while at >= 0:
                number = bisect.bisect_right(self._plain_starts, at + skip) - 1
                start = at + skip - self._plain_starts[number]
                yield self.lines[number], start, start + len(query)
                at = self.plain.find(wanted, self._plain_starts[number + 1] - 1)

    def sounding(self, pattern: str) -> Iterator[tuple[_Line, int, int]]:
        """Yield the lines whose spelling a pattern finds: those that begin with it first."""
        for wanted, skip in ((re.compile("\n" + pattern), 1), (re.compile(pattern), 0)):
            found = wanted.search(self.spelt)
            while found is not None:
                number = bisect.bisect_right(self._spelt_starts, found.start() + skip) - 1
                line_start = self._spelt_starts[number]
                before = self.spelt[line_start : found.start() + skip]
                matched = self.spelt[found.start() + skip : found.end()]
                start = _syllables(before)
                yield self.lines[number], start, start + _syllables(matched)
                found = wanted.search(self.spelt, self._spelt_starts[number + 1] - 1)


def _joined(lines: Iterable[str]) -> tuple[str, list[int]]:
    """Join lines, each after a line feed; returns where each starts, and where one more would."""
    texts = list(lines)
    starts = itertools.accumulate((len(text) + 1 for text in texts), initial=1)
    return "\n" + "".join(f"{text}\n" for text in texts), list(starts)


def _syllables(spelt: str) -> int:
    """Count the characters that a piece of spelling stands for: all but small letters begin one."""
    return len(_LOWER.sub("", spelt))


class Suggester:
    """Finds questions by a piece of Chinese, by pinyin, by first letters, or by a mixture."""

    def __init__(self, generation: Generation, before: Suggester | None = None) -> None:
        """Prepare for a generation; `before` lends the spelling of the FAQs that stayed."""
        self._generation = generation
        # The bot never asks for it.
        self._spelt: dict[str, tuple[Faq, list[list[_Line]]]] = before._spelt if before else {}
        self._shelves: list[_Shelf] = []

    def _all(self) -> list[_Shelf]:
        """Return the FAQs' own questions, the similar ones and the keywords."""
        if not self._shelves:
            spelt = {}
            for faq in self._generation.content.faqs.values():
                known = self._spelt.get(faq.id)
                lines = known[1] if known and known[0] == faq else _lines(faq, self._generation)
                spelt[faq.id] = faq, lines
            self._spelt = spelt
            self._shelves = [
                _Shelf(line for _, shelves in spelt.values() for line in shelves[place])
                for place in range(3)
            ]
        return self._shelves

    def __call__(self, typed: str, limit: int) -> list[Suggestion]:
        """Return at most one suggestion per FAQ, the best first."""
        analyser = self._generation.analyser
        query = analyser.normalise(typed).strip()
        if not query:
            return []
        own, similar, keywords = self._all()
        found: dict[str, Suggestion] = {}
        strict = _pattern(query, analyser.pinyin, loose=False)
        loose = _pattern(query, analyser.pinyin, loose=True)
        stages = [own.holding(query), similar.holding(query), keywords.holding(query)]
        if strict and loose:
            stages[1:1] = [own.sounding(strict)]
            stages += [shelf.sounding(strict) for shelf in (similar, keywords)]
            stages += [shelf.sounding(loose) for shelf in (own, similar, keywords)]
        for line, start, end in itertools.chain.from_iterable(stages):
            if line.faq_id not in found:
                if not line.marked:
                    start = end = 0
                found[line.faq_id] = Suggestion(line.faq_id, line.text, start, end)
                if len(found) == limit:
                    break
        return list(found.values())


def _lines(faq: Faq, generation: Generation) -> list[list[_Line]]:
    """Return the question's line, those of the similar ones, and those of the keywords.

    A similar question that is mistyped on purpose is like a keyword: found, but never shown.
    """
    analyser, spelling = generation.analyser, generation.spelling
    mistyped = {text for text in faq.similar if spelling.is_mistyped(analyser.normalise(text))}

    def line(text: str, shown: str) -> _Line:
        plain = analyser.normalise(text)
        spelt = "".join(map(_capital, analyser.pinyin.letters(plain)))
        # Normalising may move the characters.
        return _Line(faq.id, shown, plain, spelt, text == shown and len(text) == len(plain))

    return [
        [line(faq.question, faq.question)],
        [line(text, text) for text in faq.similar if text not in mistyped],
        [line(text, faq.question) for text in (*faq.keywords, *sorted(mistyped))],
    ]


def _capital(syllable: str) -> str:
    return syllable.capitalize() if syllable.isascii() else syllable


def _pattern(query: str, pinyin: Pinyin, loose: bool) -> str:
    """Make a pattern that finds what was typed in spelt lines; "" where too little was.

    loose: of a syllable typed in letters, the beginning is enough (zfsb); characters are taken by
    their sound in any case, for the wrong one of a sound is the commonest slip.
    """
    typed = query.translate(_BREAKS)
    if len(typed) < 2 or not any(char.isalnum() for char in typed):
        return ""
    parts: list[str] = []
    letters = False  # whether the one before was typed as a letter
    for char, syllable in zip(typed, pinyin.letters(typed), strict=True):
        rest = "[a-z]*" if letters and loose else ""
        if _HAN.match(char):
            parts.append(f"{rest}{re.escape(_capital(syllable))}(?![a-z])")
            letters = False
        elif char.isascii() and char.isalpha():
            capital = char.upper()
            parts.append(f"(?:{char}|{rest}{capital})" if letters else capital)
            letters = True
        else:
            parts.append(rest + re.escape(char))
            letters = False
    return "".join(parts)
