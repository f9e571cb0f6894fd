"""How wide a text is in the fonts that phones have, and where it is broken into lines."""

from __future__ import annotations

import unicodedata

# Widths in ems, on the wide side: no font that customers have may make a text stick out.
_NARROW = {" ": 0.3, ".": 0.32, ",": 0.32, "-": 0.42, "/": 0.42, "(": 0.4, ")": 0.4, "•": 0.5}
CAPITAL, SMALL, WIDE = 0.72, 0.6, 1.0
# Nothing begins a line with these, and nothing ends one with those.
CLOSING, OPENING = "，。；：、！？）」』”》%", "（「『“《"


class TooWide(Exception):
    """A text does not fit where it is to stand."""


def width(text: str, size: float) -> float:
    """Return how wide a text is at a size, in the same unit."""
    return size * sum(map(_ems, text))


def fit(text: str, size: float, most: float) -> str:
    """Return a text that fits a line; raises TooWide."""
    if width(text, size) > most:
        raise TooWide(f"「{text}」")
    return text


def lines(text: str, size: float, most: float) -> list[str]:
    """Break a text into lines, as Chinese is broken."""
    found = [""]
    for piece in _pieces(text):
        if found[-1] and width(found[-1] + piece, size) > most:
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    return [fit(line, size, most) for line in found]


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end."""
    pieces: list[str] = []
    for letter in text:
        before = pieces[-1][-1] if pieces else ""
        joined = (
            letter in CLOSING
            or before in tuple(OPENING)
            or (letter.isascii() and letter != " " and before.isascii() and before not in ("", " "))
        )
        if pieces and joined:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _ems(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WFA" and letter not in _NARROW:
        return WIDE
    return _NARROW.get(letter, CAPITAL if letter.isupper() else SMALL)
