"""One form for all ways of typing: width, case, 繁體, dialect words, spaces."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from opencc import OpenCC

from learning.written import load

# What dialects say otherwise; made part of every index.
DIALECTS = Path(__file__).with_name("dialects.yml")

_SPACES = re.compile(r"\s+")
# Characters that stand for another in every word that customers write: 帐 is 账 here.
_FOLDED = str.maketrans("帐馀", "账余")
# What shows nothing beside the format characters: fillers, joiners, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f]")
# Latin letters with marks: pinyin is typed with its tones.
_MARKED = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_UMLAUT = "\u0308"
# What may stand at the end of any question and changes none; less than so many characters is left.
_TAIL = re.compile(r"[\W_啊呀呢吧哦哈嘛啦呗哟诶唉噢喔吗么]+$")
_NOT_TAIL = re.compile(r"(?:什么|怎么|那么|这么|多么|要么|对吧|好吧|算了吧|不好吗)[\W_]*$")
SHORTEST = 4
KEPT = 64  # texts
# A run of one character longer than two says nothing more: 啊啊啊啊 is 啊啊.
_REPEATS = re.compile(r"(.)\1{2,}")
_LATIN = re.compile(r"[a-z0-9]")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


class Normaliser:
    """Turns a message or an FAQ's text into the form that everything is compared in."""

    def __init__(self) -> None:
        # Taiwan's phrases first (簡訊 → 短信), then whatever traditional characters are left.
        self._taiwan = OpenCC("tw2sp")
        self._traditional = OpenCC("t2s")
        self._dialects = _dialects()
        # A message is asked for by each of its views.
        self._kept = functools.lru_cache(maxsize=KEPT)(self._normalised)

    def __call__(self, text: str) -> str:
        """Normalise: NFKC, simplified characters, lower case, single spaces, short repeats.

        Words of dialects become the standard ones: 点样退款 is 怎么退款.

        What cannot be seen goes, and so do the tones of pinyin; ü is v, as it is typed.
        """
        return self._kept(text)

    def _normalised(self, text: str) -> str:
        if not text.isascii():
            text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
            text = "".join(char for char in text if unicodedata.category(char) != "Cf")
            text = _MARKED.sub(_unmarked, text)
        simplified = self._traditional.convert(text)
        if simplified != text:
            simplified = self._traditional.convert(self._taiwan.convert(text))
        text = _SPACES.sub(" ", simplified.translate(_FOLDED).lower()).strip()
        text = _BETWEEN_HAN.sub("", text)
        return self._dialects(_REPEATS.sub(r"\1\1", text))


class Rewriter:
    """Replaces listed words by their standard term, longest first, in one pass.

    A word listed as its own term stays whole, whatever shorter word it begins with.

    A rewritten text is only ever a second view: the text as typed is ranked beside it.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = {wrong: right for wrong, right in table.items() if wrong}
        # By first character; tried at every place, thousands of words cost no more than a few.
        self._words: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._table, key=lambda word: (word.isascii(), -len(word))):
            self._words[word[0]].append(word)

    def __call__(self, text: str) -> str:
        """Return the text with every listed word replaced."""
        found: list[str] = []
        kept = at = 0
        while at < len(text):
            word = self._at(text, at) if text[at] in self._words else None
            if word is None:
                at += 1
                continue
            found += (text[kept:at], self._table[word])
            at += len(word)
            kept = at
        return "".join((*found, text[kept:])) if found else text

    def _at(self, text: str, at: int) -> str | None:
        for word in self._words[text[at]]:
            if text.startswith(word, at) and not (word.isascii() and _goes_on(text, at, word)):
                return word
        return None


@functools.cache
def _dialects() -> Rewriter:
    written: dict[str, dict[str, str]] = load(DIALECTS.read_text(encoding="utf-8"))
    return Rewriter({word: plain for words in written.values() for word, plain in words.items()})


def _goes_on(text: str, at: int, word: str) -> bool:
    """Tell whether letters stand right before or after a latin word: 6wx or wxpay is not wx."""
    before = at > 0 and _LATIN.match(text, at - 1)
    return bool(before or _LATIN.match(text, at + len(word)))


def _unmarked(found: re.Match[str]) -> str:
    parts = unicodedata.normalize("NFD", found[0])
    return "v" if parts[0] in "uU" and _UMLAUT in parts else parts[0]


def without_tail(text: str) -> str:
    """Drop what a normalised question may end with and mean the same: 退款吗？ is 退款."""
    found = _TAIL.search(text)
    if found is None:
        return text
    short = found.start()
    if _NOT_TAIL.search(text):
        short = len(text.rstrip("".join({char for char in found[0] if not char.isalnum()})))
    return text[:short] if short >= SHORTEST else text
