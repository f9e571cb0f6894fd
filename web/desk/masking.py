"""Hide secrets in a text: passwords, codes, card numbers, CVV and ID numbers.

The same rules run in the browser before a message is sent; tests/masking_cases.json holds both to
one table. The words and the mark live in masking.json beside this file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

BLANK = "\ufffc"  # stands for what is hidden already; no rule matches it
NOT_A_CODE = frozenset({"amount", "order_number", "time"})
NUMERALS = {
    char: str(n)
    for n, row in enumerate(
        ("零〇", "一壹幺", "二贰貳两", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in row
}
# Three or more in a row are digits spelled out; one or two (一直, 两次) are words.
SPOKEN = re.compile(
    rf"(?<![0-9])[{''.join(NUMERALS)}](?:[ \t\-]?[{''.join(NUMERALS)}]){{2,}}(?![0-9])"
)
JOIN = r"[\s\-–—_.·/*\u200b-\u200d\u2060\ufeff]{0,3}"
GROUPS = re.compile(r"\d+")
JOINED = re.compile(r"[\s\-–—_.·/*\u200b-\u200d\u2060\ufeff]{1,3}")
DATE = re.compile(r"(19|20)\d\d[\s\-–—_./](0?[1-9]|1[0-2])[\s\-–—_./](0?[1-9]|[12]\d|3[01])")
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
SPELLED = r"(?:[a-z0-9][ \t]){2,31}[a-z0-9](?![a-z0-9])"
VALUES = {
    "password": rf"(?![:=,.;?!()<>\[\]'\"\-])(?:{SPELLED}|[!-~]{{3,64}})",
    "code": rf"(?:[0-9](?:{JOIN}[0-9]){{3,7}}(?![0-9])|(?=[a-z]*[0-9])[a-z0-9]{{4,8}}(?![a-z0-9]))",
    "cvv": r"[0-9](?:[ \t]?[0-9]){2,3}(?![0-9])",
}
# Passwords are looked for twice: first what holds a digit, however many words come before it.
CONDITIONS = {"password": (rf"(?=[!-~]*[0-9]|{SPELLED})", "")}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text to hide: its kind and how many last characters stay."""

    start: int
    end: int
    kind: str
    keep: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled word lists of masking.json."""

    mark: str
    hidden: re.Pattern[str]
    before: dict[str, tuple[re.Pattern[str], ...]]  # keyword … value
    after: dict[str, re.Pattern[str]]  # value 是 keyword
    more: dict[str, re.Pattern[str]]  # 和 value
    link: re.Pattern[str]
    unlike: re.Pattern[str]
    unit: re.Pattern[str]
    money: tuple[str, ...]
    plain: frozenset[str]
    device: tuple[str, ...]


def mask(text: str, expects: str | None = None) -> tuple[str, list[str]]:
    """Hide the secrets of one message.

    expects: what the question before asked for; an amount, order number or time is never taken
    for a bare code. Returns the text with each secret replaced by the mark, and the kinds found
    ("password", "code", "card", "cvv", "id"), each once, in the order of the text.
    """
    words = _words()
    twin = list(_plain(text))
    for hidden in words.hidden.finditer(text):
        twin[hidden.start() : hidden.end()] = BLANK * (hidden.end() - hidden.start())
    spans: list[Span] = []
    for find in (_ids, _cards):
        _hide(twin, spans, find("".join(twin)))
    for kind in ("cvv", "code", "password"):
        _hide(twin, spans, _named("".join(twin), kind, words))
    if expects not in NOT_A_CODE:
        _hide(twin, spans, _bare("".join(twin)))
    spans.sort(key=lambda span: span.start)
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], words.mark]
        at = span.end - span.keep
    parts.append(text[at:])
    return "".join(parts), list(dict.fromkeys(span.kind for span in spans))


def mark() -> str:
    """Return the text that stands for something hidden."""
    return _words().mark


def _hide(twin: list[str], spans: list[Span], found: list[Span]) -> None:
    for span in found:
        spans.append(span)
        twin[span.start : span.end] = BLANK * (span.end - span.start)


def _plain(text: str) -> str:
    """Fold width, case and numerals character by character, so that positions stay."""
    folded = []
    for char in text:
        narrow = unicodedata.normalize("NFKC", char).lower()
        if len(narrow) == 1 and not narrow.isascii() and narrow.isdecimal():
            narrow = str(unicodedata.decimal(narrow))
        folded.append(narrow if len(narrow) == 1 else char)
    return SPOKEN.sub(_digits, "".join(folded))


def _digits(spoken: re.Match[str]) -> str:
    return "".join(NUMERALS.get(char, char) for char in spoken[0])


def _runs(twin: str) -> list[list[tuple[int, int]]]:
    """Group runs of digits that only separators part, as (start, end) pairs."""
    runs: list[list[tuple[int, int]]] = []
    for group in GROUPS.finditer(twin):
        if runs and JOINED.fullmatch(twin, runs[-1][-1][1], group.start()):
            runs[-1].append(group.span())
        else:
            runs.append([group.span()])
    return runs


def _ids(twin: str) -> list[Span]:
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


def _cards(twin: str) -> list[Span]:
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


def _named(twin: str, kind: str, words: Words) -> list[Span]:
    """Find values of one kind that a keyword names, before or after them."""
    found: list[Span] = []
    named = (match for pattern in words.before[kind] for match in pattern.finditer(twin))
    for match in named:
        start, end = match.span("value")
        if kind == "password":
            end = _trim(twin, start, end)
        taken = any(span.start < end and start < span.end for span in found)
        if taken or not _is_value(twin, kind, match["gap"], start, end, words):
            continue
        found.append(Span(start, end, kind))
        while more := words.more[kind].match(twin, end):
            start, end = more.span("value")
            if not any(char.isdecimal() for char in more["value"]):
                break
            found.append(Span(start, end, kind))
    for match in words.after[kind].finditer(twin):
        start, end = match.span("value")
        taken = any(span.start < end and start < span.end for span in found)
        if not taken and any(char.isdecimal() for char in match["value"]):
            found.append(Span(start, end, kind))
    return found


def _trim(twin: str, start: int, end: int) -> int:
    """Leave closing punctuation out of a password."""
    while end > start + 1 and twin[end - 1] in ",.;:!?)]}\"'":
        end -= 1
    return end


def _is_value(twin: str, kind: str, gap: str, start: int, end: int, words: Words) -> bool:
    value = twin[start:end]
    linked = bool(words.link.search(gap))
    if words.unlike.search(gap) or gap.rstrip().endswith(words.money):
        return False
    if words.unit.match(twin, end) and (len(value) < 6 or kind != "code"):
        return False
    if value in words.plain or value.startswith(words.device):
        return False
    if kind != "password":
        return True
    if "://" in value or DATE.match(value):
        return False
    if linked:
        return len(value) >= 3
    return len(value) >= 4 and any(char.isdecimal() for char in value)


def _bare(twin: str) -> list[Span]:
    """Find a message that is nothing but 4 to 8 digits."""
    match = re.fullmatch(r"([^\w\ufffc]*)(\d(?:[\s\-]{0,2}\d){3,7})[^\w\ufffc]*", twin)
    if match is None or DATE.fullmatch(match[2]) or any(sign in match[1] for sign in "¥$"):
        return []
    return [Span(match.start(2), match.end(2), "code")]


@cache
def _words() -> Words:
    raw = json.loads(Path(__file__).with_name("masking.json").read_text(encoding="utf-8"))
    gap = r"(?P<gap>[^0-9。!?;\n\ufffc]{0,12}?)"
    return Words(
        mark=raw["mark"],
        hidden=re.compile(re.escape(raw["mark"]) + r"(?:\d{4}(?!\d))?"),
        before={
            kind: tuple(
                re.compile(_keyword(raw[kind]) + gap + f"(?P<value>{condition}{VALUES[kind]})")
                for condition in CONDITIONS.get(kind, ("",))
            )
            for kind in VALUES
        },
        after={
            kind: re.compile(
                rf"(?<![a-z0-9])(?P<value>{VALUES[kind]})\s*(?:就|才)?是[^0-9\s]{{0,4}}?"
                + _keyword(raw[kind])
            )
            for kind in VALUES
        },
        more={
            kind: re.compile(rf"\s*{_any(raw['and'])}\s*(?P<value>{VALUES[kind]})")
            for kind in VALUES
        },
        link=re.compile(_any(raw["link"])),
        unlike=re.compile(_any(raw["unlike"])),
        unit=re.compile(r"\s*" + _any(raw["unit"]) + r"(?![a-z])"),
        money=tuple(raw["money"]),
        plain=frozenset(raw["plain"]),
        device=tuple(raw["device"]),
    )


def _any(options: list[str]) -> str:
    longest = sorted({_plain(option) for option in options}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(option) for option in longest) + ")"


def _keyword(options: list[str]) -> str:
    """Match a keyword; latin ones only as words of their own, and never "error code"."""
    latin = [option for option in options if option.isascii()]
    rest = [option for option in options if not option.isascii()]
    return rf"(?:{_any(rest)}|(?<![a-z])(?<!error )(?<!qr ){_any(latin)}(?![a-z]))"
