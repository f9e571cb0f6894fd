"""Card and ID numbers in a text whose width and case are folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

GROUPS = re.compile(r"\d+")
JOINED = re.compile(r"[\s\-–—_.·/*\u200b-\u200d\u2060\ufeff]{1,3}")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REGIONS = frozenset(
    str(region)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for region in range(first, last + 1)
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text to hide: its kind and how many last characters stay."""

    start: int
    end: int
    kind: str
    keep: int = 0


def _runs(twin: str) -> list[list[tuple[int, int]]]:
    """Group runs of digits that only separators part, as (start, end) pairs."""
    runs: list[list[tuple[int, int]]] = []
    for group in GROUPS.finditer(twin):
        if runs and JOINED.fullmatch(twin, runs[-1][-1][1], group.start()):
            runs[-1].append(group.span())
        else:
            runs.append([group.span()])
    return runs


def ids(twin: str) -> list[Span]:
    """Find ID numbers: 18 characters with a true date and checksum, or 15 of the old form."""
    found: list[Span] = []
    for run in _runs(twin):
        for start, end, digits in _windows(twin, run):
            last = twin[end : end + 1]
            if len(digits) == 17 and last == "x" and not twin[end + 1 : end + 2].isalnum():
                digits, end = digits + last, end + 1
            clash = found and found[-1].end > start
            if not clash and (_is_id(digits) or _is_old_id(digits)):
                found.append(Span(start, end, "id"))
    return found


def cards(twin: str) -> list[Span]:
    """Find full card numbers: 13 to 19 digits of a card's prefix with a true Luhn digit."""
    found: list[Span] = []
    for run in _runs(twin):
        for start, end, digits in _windows(twin, run):
            clash = found and found[-1].end > start
            if not clash and 13 <= len(digits) <= 19 and _is_card(digits):
                keep = _tail(twin, end, 4)
                found.append(Span(start, end, "card", keep))
    return found


def _windows(twin: str, run: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """List (start, end, digits) of neighbouring groups, at most 19 digits, longest first."""
    windows: list[tuple[int, int, str]] = []
    for first in range(len(run)):
        digits = ""
        here: list[tuple[int, int, str]] = []
        for start, end in run[first:]:
            digits += twin[start:end]
            if len(digits) > 19:
                break
            if len(digits) >= 13:
                here.append((run[first][0], end, digits))
        windows += reversed(here)
    return windows


def _tail(twin: str, end: int, digits: int) -> int:
    """Count the characters that hold the last digits before `end`."""
    at = end
    while digits:
        at -= 1
        digits -= twin[at].isdecimal()
    return end - at


def _is_card(digits: str) -> bool:
    if digits[0] not in "3456" and not 2221 <= int(digits[:4]) <= 2720:
        return False
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_id(digits: str) -> bool:
    if len(digits) != 18 or not _is_day(digits[6:10], digits[10:12], digits[12:14]):
        return False
    total = sum(int(char) * weight for char, weight in zip(digits[:17], ID_WEIGHTS, strict=True))
    return "10x98765432"[total % 11] == digits[17]


def _is_old_id(digits: str) -> bool:
    return (
        len(digits) == 15
        and digits[:2] in REGIONS
        and _is_day("19" + digits[6:8], digits[8:10], digits[10:12])
    )


def _is_day(year: str, month: str, day: str) -> bool:
    if not 1900 <= int(year) <= 2099:
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
