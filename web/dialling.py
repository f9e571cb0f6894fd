"""Numbers that one may tap to call: those that data/variables.yml or a setting gives, no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# A number of three digits is one to call only in a sentence that speaks of calling: 120 元 is none.
CALLING = "拨|打|电话|热线|报警|急救|致电|求助|咨询|联系|来电|呼叫"
SHORT = 3
AFTER = r"(?![0-9.]|-[0-9]|\s*[元块万次个天分秒小年月日%号笔位人米条名张])"
BEFORE = re.compile(r"[0-9.¥￥$第+\-]$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; number: what to dial, None for text in between."""

    text: str
    number: str | None = None


def numbers(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the digits of every variable that is nothing but a telephone number, longest first."""
    found = {dial(text) for text in variables.values()} - {None}
    return tuple(sorted((str(number) for number in found), key=lambda one: (-len(one), one)))


def dial(text: str) -> str | None:
    """Return what to dial for a number as it is written, or None where the text is no number."""
    digits = re.sub(r"[\s\-–—()（）]", "", text)
    return digits if re.fullmatch(r"\+?[0-9]{3,15}", digits) else None


def pattern(listed: tuple[str, ...]) -> str:
    """Return a pattern of the numbers in any grouping, "" for none; browsers read it too."""
    spelled = [r"[ \-]?".join(re.escape(char) for char in number) for number in listed]
    return f"(?:{'|'.join(spelled)}){AFTER}" if spelled else ""


def pieces(text: str, listed: tuple[str, ...]) -> Iterator[Piece]:
    """Cut a text at the numbers that one may call."""
    at = 0
    source = pattern(listed)
    for match in re.finditer(source, text) if source else ():
        number = dial(match[0])
        short = number is not None and len(number) <= SHORT
        if BEFORE.search(text[: match.start()]) or (short and not re.search(CALLING, text)):
            continue
        if match.start() > at:
            yield Piece(text[at : match.start()])
        yield Piece(match[0], number)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:])
