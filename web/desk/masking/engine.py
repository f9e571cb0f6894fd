"""Carry out the table: fold a text, find what the rules find, remember where it stood.

web/widget/static/masking.js does the same step by step; tests hold both to one corpus.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from web.desk.masking.table import BLANK, FIRST_BLANK, compiled, spell

LETTERS = 10_000  # whose plain form is remembered; a text has some hundred different ones
OTHER = "□"  # what patterns need not tell apart
SAID = "囗"  # stands for words beside which a number is harmless
SPACES = frozenset("\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, in its characters, that hides a secret of a kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the table."""

    kind: str
    find: re.Pattern[str]
    whole: bool
    keep: int
    shape: re.Pattern[str] | None
    sum: str
    when: frozenset[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as the patterns see it. places: where each character of `twin` stood in the text."""

    twin: str
    places: tuple[int, ...]
    length: int

    def place(self, at: int) -> int:
        """Return where the character `at` of the twin begins in the text."""
        return self.places[at] if at < len(self.places) else self.length


def fold(text: str) -> Folded:
    """Make width, case, variants and numerals one and drop what cannot be seen."""
    drop = _drop()
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if drop.match(char):
            continue
        for plain in "?" if len(char) > 1 else _plain(char):
            chars.append(plain)
            places.append(place)
    twin = _hidden().sub(lambda match: BLANK * len(match[0]), "".join(chars))
    twin = _spoken_digits(twin)
    for match in _neutral().finditer(twin):
        if not _inside(twin, match.start(), whole=False):
            twin = twin[: match.start()] + SAID * len(match[0]) + twin[match.end() :]
    return Folded(twin, tuple(places), len(text))


def find(folded: Folded, flags: Collection[str]) -> list[Span]:
    """Find the secrets of a text. flags: which of the rules' `when` hold."""
    twin = folded.twin
    spans: list[Span] = []
    for rule in _rules():
        if not rule.when <= set(flags):
            continue
        if rule.needs and not rule.needs.search(twin):
            continue
        if rule.unless and rule.unless.search(twin):
            continue
        at = 0
        while (match := rule.find.search(twin, at)) is not None:
            start, end = match.span(2)
            if (
                _inside(twin, match.start(), whole=rule.whole)
                or _inside(twin, start, whole=False)
                or not _true(rule, match[2])
            ):
                at = match.start() + 1
                continue
            kept = _tail(twin, end, rule.keep)
            spans.append(Span(folded.place(start), folded.place(kept), rule.kind))
            blank = chr(FIRST_BLANK + compiled()["kinds"].index(rule.kind))
            twin = twin[:start] + blank * (end - start) + twin[end:]
            at = end
    return sorted(spans, key=lambda span: span.start)


def matches(name: str, text: str) -> bool:
    """Tell whether a pattern of the table's `talk` stands in a text."""
    return _talk(name).search(fold(text).twin) is not None


def broken_off(text: str) -> str:
    """Return the end of a message at which a secret may go on in the next one, or ""."""
    folded = fold(text)
    at = 0
    while (match := _talk("broken").search(folded.twin, at)) is not None:
        if match[0] and not _inside(folded.twin, match.start(), whole=False):
            return text[folded.place(match.start()) :]
        at = match.start() + 1
        if at > len(folded.twin):
            break
    return ""


def asked(text: str) -> str | None:
    """Return what number an agent's message asks for ("amount" …), None where for none."""
    twin = fold(text).twin
    names: Iterator[str] = iter(compiled()["asked"])
    return next((name for name in names if _asks(name).search(twin)), None)


@lru_cache(LETTERS)
def _plain(char: str) -> str:
    same: dict[str, str] = compiled()["same"]
    if char in SPACES:
        return " "
    plain = []
    for part in unicodedata.normalize("NFKC", char).lower():
        if not part.isascii() and unicodedata.category(part) == "Nd":
            plain.append(str(unicodedata.decimal(part)))
        elif ord(part) > 0xFFFF or 0xD800 <= ord(part) <= 0xF8FF or part == BLANK:
            plain.append(same.get(part, OTHER))
        else:
            plain.append(same.get(part, part))
    return "".join(plain)


def _spoken_digits(twin: str) -> str:
    numerals: dict[str, str] = compiled()["numerals"]
    row = "".join(numerals)
    run = re.compile(rf"[{row}](?:[ \t\-]?[{row}]){{2,}}(?![0-9])")
    parts = list(twin)
    for match in run.finditer(twin):
        if not twin[: match.start()][-1:].isdecimal():
            for at in range(*match.span()):
                parts[at] = numerals.get(parts[at], parts[at])
    return "".join(parts)


def _inside(twin: str, start: int, *, whole: bool) -> bool:
    """Tell whether a match begins in the middle of a word or number."""
    before, first = twin[start - 1 : start], twin[start : start + 1]
    if not before or not before.isascii():
        return False
    if whole:
        return before.isalnum()
    return (before.isdecimal() and first.isdecimal()) or (
        before.isalpha() and first.isascii() and first.isalpha()
    )


def _true(rule: Rule, value: str) -> bool:
    digits = "".join(char for char in value if char in "0123456789x")
    if rule.shape and not rule.shape.match(digits):
        return False
    if rule.sum == "luhn":
        doubled = (int(char) * (1 + place % 2) for place, char in enumerate(reversed(digits)))
        return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
    if rule.sum == "id":
        pairs = zip(digits[:17], ID_WEIGHTS, strict=True)
        total = sum(int(char) * weight for char, weight in pairs)
        return "10x98765432"[total % 11] == digits[17]
    return True


def _tail(twin: str, end: int, keep: int) -> int:
    """Return where the last `keep` digits before `end` begin."""
    at = end
    while keep:
        at -= 1
        keep -= twin[at] in "0123456789"
    return at


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            kind=rule["kind"],
            find=re.compile(spell(rule["find"])),
            whole=rule["whole"],
            keep=rule["keep"],
            shape=_optional(rule["shape"]),
            sum=rule["sum"],
            when=frozenset(rule["when"]),
            needs=_optional(rule["needs"]),
            unless=_optional(rule["unless"]),
        )
        for rule in compiled()["rules"]
    )


def _optional(source: str) -> re.Pattern[str] | None:
    return re.compile(spell(source)) if source else None


@cache
def _drop() -> re.Pattern[str]:
    return re.compile(compiled()["drop"])


@cache
def _hidden() -> re.Pattern[str]:
    mark = "".join(_plain(char) for char in compiled()["mark"])
    return re.compile(re.escape(mark) + r"(?:[0-9](?:[ \-]?[0-9]){3}(?![0-9]))?")


@cache
def _neutral() -> re.Pattern[str]:
    return re.compile(spell(compiled()["neutral"]))


@cache
def _talk(name: str) -> re.Pattern[str]:
    return re.compile(spell(compiled()[name]))


@cache
def _asks(name: str) -> re.Pattern[str]:
    return re.compile(spell(compiled()["asked"][name]))
