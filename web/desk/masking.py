"""Hide secrets in a text: passwords, codes, card numbers, CVV and ID numbers.

The same rules run in the browser before a message is sent; tests/masking_cases.json holds both to
one table. The words and the mark live in masking.json beside this file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from web.desk import numbers
from web.desk.numbers import Span

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
DATE = re.compile(r"(19|20)\d\d[\s\-–—_./](0?[1-9]|1[0-2])[\s\-–—_./](0?[1-9]|[12]\d|3[01])")
SPELLED = r"(?:[a-z0-9][ \t]){2,31}[a-z0-9](?![a-z0-9])"
VALUES = {
    "password": rf"(?![:=,.;?!()<>\[\]'\"\-])(?:{SPELLED}|[!-~]{{3,64}})",
    "code": rf"(?:[0-9](?:{JOIN}[0-9]){{3,7}}(?![0-9])|(?=[a-z]*[0-9])[a-z0-9]{{4,8}}(?![a-z0-9]))",
    "cvv": r"[0-9](?:[ \t]?[0-9]){2,3}(?![0-9])",
}
# Passwords are looked for twice: first what holds a digit, however many words come before it.
CONDITIONS = {"password": (rf"(?=[!-~]*[0-9]|{SPELLED})", "")}


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
    for find in (numbers.ids, numbers.cards):
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
