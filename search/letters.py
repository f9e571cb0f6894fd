"""Pinyin typed in letters, written in the characters that it was probably meant as.

What the rows of the index say decides, as it does for slips: zenme tuikuan, zen me tui kuan and
zen3me5tui4kuan3 are 怎么退款. Letters that are no pinyin, or that fit nothing known, stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter

from search.pinyin import LONGEST, merged

# Words of letters, each with a tone at most; a number behind is none of it (提现tixian500).
_WORD = r"[a-z]+(?:[1-5](?![0-9]))?"
_PINYIN = re.compile(rf"(?<![a-z0-9]){_WORD}(?:[ '’]?{_WORD})*(?![a-z0-9])")
_PARTS = re.compile(r"[a-z]+")
# Readings followed at a time, and the longest run of letters that is read.
BEAM, MOST = 12, 90
# What another syllable costs: the fewest that fit are meant.
SYLLABLE = 1.0
# Share of the neighbouring characters that have to be known together; beside characters, all.
KNOWN = 0.6
_SINGLE = frozenset("aeo")
_FIT = itemgetter(0)
Fit = Callable[[str], float]


def written(
    text: str, syllables: Collection[str], sounding: Mapping[str, Sequence[str]], fit: Fit
) -> str:
    """Write the pinyin of a normalised text in characters.

    syllables: all there are. sounding: by merged syllable, the characters that rows hold. fit: how
    well two characters go together, 0 where they are not known to.
    """
    if not any("a" <= char <= "z" for char in text):
        return text

    def character(found: re.Match[str]) -> str:
        before, after = text[: found.start()].strip()[-1:], text[found.end() :].strip()[:1]
        words = _PARTS.findall(found[0])
        if sum(map(len, words)) > MOST:
            return found[0]
        meant = _read(words, before, after, syllables, sounding, fit)
        return meant if meant and _is_sure(meant, found[0] == text, fit) else found[0]

    return _PINYIN.sub(character, text)


def _is_sure(meant: str, whole: bool, fit: Fit) -> bool:
    known = [fit(first + second) > 0 for first, second in pairwise(meant)]
    return bool(known) and sum(known) >= (KNOWN if whole else 1) * len(known)


def _read(
    words: Sequence[str],
    before: str,
    after: str,
    syllables: Collection[str],
    sounding: Mapping[str, Sequence[str]],
    fit: Fit,
) -> str | None:
    """Find the characters that fit best (Viterbi, a beam); None where it is no pinyin."""
    # (fit, characters so far), the best first
    readings: list[tuple[float, str]] = [(0.0, before)]
    for word in words:
        ways: list[list[tuple[float, str]]] = [readings, *([] for _ in word)]
        for end in range(1, len(word) + 1):
            found: dict[str, tuple[float, str]] = {}
            for start in range(max(0, end - LONGEST), end):
                syllable = word[start:end]
                if not ways[start] or not (syllable in syllables or syllable in _SINGLE):
                    continue
                for char in sounding.get(merged(syllable), ()):
                    value, path = max(
                        ((value + fit(path[-1:] + char), path) for value, path in ways[start]),
                        key=_FIT,
                    )
                    value -= SYLLABLE
                    if char not in found or value > found[char][0]:
                        found[char] = value, path + char
            ways[end] = sorted(found.values(), key=_FIT, reverse=True)[:BEAM]
        readings = ways[-1]
        if not readings:
            return None
    ends = [(value + fit(path[-1:] + after), path) for value, path in readings]
    return max(ends, key=_FIT)[1][len(before) :]
