"""One form for all ways of typing: width, case, 繁體, dialect words, spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from opencc import OpenCC

_SPACES = re.compile(r"\s+")
# A run of one character longer than two says nothing more: 啊啊啊啊 is 啊啊.
_REPEATS = re.compile(r"(.)\1{2,}")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


class Normaliser:
    """Turns a message or an FAQ's text into the form that everything is compared in."""

    def __init__(self) -> None:
        # Taiwan's phrases first (簡訊 → 短信), then whatever traditional characters are left.
        self._taiwan = OpenCC("tw2sp")
        self._traditional = OpenCC("t2s")

    def __call__(self, text: str) -> str:
        """Normalise: NFKC, simplified characters, lower case, single spaces, short repeats."""
        text = unicodedata.normalize("NFKC", text)
        simplified = self._traditional.convert(text)
        if simplified != text:
            simplified = self._traditional.convert(self._taiwan.convert(text))
        text = _SPACES.sub(" ", simplified.lower()).strip()
        text = _BETWEEN_HAN.sub("", text)
        return _REPEATS.sub(r"\1\1", text)


class Rewriter:
    """Replaces listed words by their standard term, longest first, in one pass.

    A rewritten text is only ever a second view: the text as typed is ranked beside it.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = {wrong: right for wrong, right in table.items() if wrong and wrong != right}
        han = [word for word in self._table if not word.isascii()]
        latin = [word for word in self._table if word.isascii()]
        parts = [re.escape(word) for word in sorted(han, key=len, reverse=True)]
        if latin:
            words = "|".join(re.escape(word) for word in sorted(latin, key=len, reverse=True))
            # 6wx or wxpay is not wx
            parts.append(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")
        self._pattern = re.compile("|".join(parts)) if parts else None

    def __call__(self, text: str) -> str:
        """Return the text with every listed word replaced."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._table[match[0]], text)
