"""How a text was probably meant: slips of the keys corrected by what the rows of the index say.

A character that follows and precedes nothing known is replaced by the one that sounds alike and
fits best between its neighbours; two characters that fit better the other way round change places.
What comes out is a second reading beside the text as typed, never instead of it. Words of the
dictionary are no slips, and what has no word around it to go by is left as it is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log1p, sqrt
from operator import itemgetter
from pathlib import Path

from search.analysis import Analysed, Analyser
from search.letters import written

# What a replaced character has to gain by fitting, and a swapped pair. Chosen on rows held out by
# author: lower corrects more slips, and more of what was none.
REPLACED, SWAPPED = 1.0, 1.5
# Readings that are followed at a time while a stretch of characters is replaced.
BEAM = 8
# A longer text is told, not searched for: 「您是不是想找…」 would only repeat it.
SHORT = 30
# A run longer than this is left as it stands, and so is one of fewer characters, which are no more
# than one word with nothing beside it, unless the result is one of the rows' common words.
LONGEST, FEWEST = 120, 4
# Rows from which on a pair is common.
COMMON = 3
_FIT = itemgetter(0)
_HAN = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Spelling:
    """What follows what.

    pairs: two neighbouring characters → number of rows that hold them. chars: the same of single
    characters. sounding: syllable → the characters of `pairs` that are read so. analyser: spells,
    and knows stock words, which are no slips. least: rows from which on a pair is no slip either.
    """

    pairs: Mapping[str, int]
    chars: Mapping[str, int]
    sounding: Mapping[str, str]
    analyser: Analyser
    least: int = 1

    @classmethod
    def of(cls, plains: Iterable[str], analyser: Analyser) -> Spelling:
        """Count the pairs of normalised texts."""
        return cls({}, {}, {}, analyser).extended(plains)

    def extended(self, plains: Iterable[str]) -> Spelling:
        """Return a spelling that has also counted these normalised texts."""
        pairs, chars = Counter(self.pairs), Counter(self.chars)
        for plain in plains:
            runs = _RUN.findall(plain)
            pairs.update({pair for run in runs for pair in _pairs(run)})
            chars.update(set("".join(runs)))
        sounding = dict(self.sounding)
        for pair in sorted(pairs.keys() - self.pairs.keys()):
            # Spelt as pairs, for 还 in 还款 is another sound than 还 alone.
            for char, sound in zip(pair, self.analyser.pinyin([pair]), strict=True):
                known = sounding.get(sound, "")
                sounding[sound] = known if char in known else known + char
        return replace(self, pairs=dict(pairs), chars=dict(chars), sounding=sounding)

    def __call__(self, text: str, words: Iterable[str] | None = None) -> str:
        """Return a normalised text as it was probably meant; mostly as it stands.

        words: the text in words, where they are at hand; they are what takes longest.
        """
        return _RUN.sub(lambda found: self._corrected(found.group(), words), text)

    def written(self, raw: str) -> str:
        """Normalise a text, its pinyin written in characters."""
        text = self.analyser.normalise(raw)
        return written(text, self.analyser.pinyin.syllables, self.sounding, self._fit)

    def read(self, raw: str) -> tuple[Analysed, Analysed | None]:
        """Analyse a text as typed, and as it was probably meant; None where that is as typed.

        Pinyin is a way of typing characters: typed so, they are read as these.
        """
        typed = self.analyser(self.written(raw))
        meant = self(typed.text, typed.words)
        return typed, self.analyser(meant) if meant != typed.text else None

    def sure(self, query: str) -> str | None:
        """Return what a short query was surely meant to be; None as typed, or in doubt.

        In doubt is what breaks a word of the query, or brings a pair that is not common.
        Traditional characters are left alone: nobody is to be corrected in simplified ones.
        """
        plain = self.analyser.normalise(query)
        if len(plain) > SHORT or set(_HAN.findall(query)) - set(plain):
            return None
        meant = self(self.analyser.corrected(plain, words=False))
        if meant == plain:
            return None
        words = [word for word in self.analyser.cut(plain) if len(word) > 1]
        whole = self.analyser.cut(meant)
        if not all(any(word in other for other in whole) for word in words):
            return None
        known = {pair for run in _RUN.findall(plain) for pair in _pairs(run)}
        new = {pair for run in _RUN.findall(meant) for pair in _pairs(run)} - known
        return meant if all(map(self._is_common, new)) else None

    def is_mistyped(self, row: str) -> bool:
        """Tell whether a row of the index is itself written with slips, as customers write."""
        return self.analyser.corrected(row) != row or replace(self, least=COMMON)(row) != row

    def _corrected(self, run: str, words: Iterable[str] | None) -> str:
        if len(run) > LONGEST or all(map(self._is_known, _pairs(run))):
            return run
        corrected = self._reading(run, frozenset())
        if corrected == run:
            return run
        split = self.analyser.cut(run) if words is None else words
        whole = {pair for word in split if len(word) > 2 for pair in _pairs(word)}
        if not whole.isdisjoint(_pairs(run)):
            corrected = self._reading(run, whole)
        alone = len(run) < FEWEST and not all(map(self._is_common, _pairs(corrected)))
        return run if alone else corrected

    def _reading(self, run: str, words: Container[str]) -> str:
        """Swap and replace what fits better so; words: pairs that belong together."""
        # With nothing at both ends: no character stands before the first one.
        chars = ["", *run, ""]
        self._swap(chars, words)
        sounds = self.analyser.pinyin(["".join(chars)])
        for start, end in self._strangers(chars, words):
            if end - start < len(run):
                stretch = list(zip(chars[start:end], sounds[start - 1 : end - 1], strict=True))
                chars[start:end] = self._replaced(chars[start - 1], stretch, chars[end])
        return "".join(chars)

    def _swap(self, chars: list[str], words: Container[str]) -> None:
        """Change the order, in place, of what fits better the other way round."""
        at = 1
        while at < len(chars) - 2:
            before, first, second, after = chars[at - 1 : at + 3]
            strange = first + second not in words and not self._is_known(first + second)
            if strange and second + first in self.pairs:
                now = self._fit(before + first) + self._fit(second + after)
                then = self._fit(before + second) + self._fit(second + first)
                if then + self._fit(first + after) - now >= SWAPPED:
                    chars[at : at + 2] = second, first
                    at += 1
            at += 1

    def _strangers(self, chars: list[str], words: Container[str]) -> Iterator[tuple[int, int]]:
        """Find the stretches of characters that fit neither what precedes nor what follows."""
        pairs = [first + second for first, second in pairwise(chars)]
        known = [pair in words or self._is_known(pair) for pair in pairs]
        start = 0
        for at in range(1, len(chars)):
            strange = at < len(known) and not known[at - 1] and not known[at]
            if strange and not start:
                start = at
            elif not strange and start:
                yield start, at
                start = 0

    def _replaced(self, before: str, stretch: list[tuple[str, str]], after: str) -> str:
        """Write (character, sound) anew with what fits best (Viterbi, a beam)."""
        # (fit, characters so far), the best first
        readings: list[tuple[float, str]] = [(0.0, before)]
        for char, sound in stretch:
            following = []
            for other in (char, *self.sounding.get(sound, "").replace(char, "")):
                found = [(fit + self._fit(path[-1:] + other), path) for fit, path in readings]
                fit, path = max(found, key=_FIT)
                following.append((fit - (other != char) * REPLACED, path + other))
            following.sort(key=_FIT, reverse=True)
            readings = following[:BEAM]
        ends = [(fit + self._fit(path[-1:] + after), path) for fit, path in readings]
        return max(ends, key=_FIT)[1][len(before) :]

    def _fit(self, pair: str) -> float:
        """Say how well two characters go together; an end of the run fits nothing.

        Half the logarithm of how many rows hold the pair, and up to thrice that where the two are
        rarely apart (the cosine of the rows that hold either).
        """
        count = self.pairs.get(pair)
        if count is None:
            return 0.0
        either = self.chars[pair[0]] * self.chars[pair[1]]
        return log1p(count) * (0.5 + count / sqrt(either))

    def _is_common(self, pair: str) -> bool:
        return self._is_known(pair, COMMON)

    def _is_known(self, pair: str, least: int | None = None) -> bool:
        known = self.pairs.get(pair, 0) >= (least or self.least) or self.analyser.is_word(pair)
        return len(pair) == 2 and known  # a single character is an end of the run

    def save(self, folder: Path) -> None:
        """Write spelling.json."""
        kept = {"pairs": self.pairs, "chars": self.chars, "sounding": self.sounding}
        (folder / "spelling.json").write_text(
            json.dumps(kept, ensure_ascii=False, sort_keys=True), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path, analyser: Analyser) -> Spelling:
        """Read what `save` wrote."""
        kept = json.loads((folder / "spelling.json").read_text(encoding="utf-8"))
        return cls(kept["pairs"], kept["chars"], kept["sounding"], analyser)


def _pairs(run: str) -> Iterator[str]:
    return (first + second for first, second in pairwise(run))
