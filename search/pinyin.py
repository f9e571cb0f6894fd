"""How a text sounds: toneless syllables, alike where ears and accents do not tell them apart."""

from __future__ import annotations

import functools
import os
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

_HAN = re.compile(r"[\u3400-\u9fff]")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))
# The longest syllables: zhuang, shuang, chuang.
LONGEST = 6
Spell = Callable[[str], list[str]]


class Pinyin:
    """Spells runs of characters; made with the lexicon's readings of ambiguous characters."""

    def __init__(self, readings: Mapping[str, str]) -> None:
        self._table: _Table = _table()
        self._readings = {word: sound.split() for word, sound in readings.items() if word}
        self._words: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._readings, key=len, reverse=True):
            self._words[word[0]].append(word)

    def letters(self, text: str) -> list[str]:
        """Spell a text as it is typed, a syllable a character; other characters as they are."""
        found: list[str] = []
        at = 0
        while at < len(text):
            word = self._word(text, at) if text[at] in self._words else None
            if word is None:
                found.append(self._table[text[at]])
                at += 1
            else:
                found += self._readings[word]
                at += len(word)
        return found

    def _word(self, text: str, at: int) -> str | None:
        return next((word for word in self._words[text[at]] if text.startswith(word, at)), None)

    def __call__(self, runs: Sequence[str]) -> list[str]:
        """Spell runs, flat and rolled initials merged as many accents do."""
        found: list[str] = []
        for run in runs:
            if _HAN.match(run):
                found.extend(map(merged, self.letters(run)))
            else:
                found.extend(map(merged, self.split(run)) if run.isalpha() else [run])
        return found

    @property
    def syllables(self) -> frozenset[str]:
        """All syllables of more than one letter."""
        return self._table.syllables

    def split(self, letters: str) -> list[str]:
        """Split pinyin typed without the characters (tixian: ti, xian); else the word as it is."""
        syllables = self._table.syllables
        # ways[n]: the fewest syllables that the first n letters are, the longest first
        ways: list[list[str] | None] = [[], *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - LONGEST), end):
                before = ways[start]
                if before is None or letters[start:end] not in syllables:
                    continue
                if ways[end] is None or len(before) + 1 < len(ways[end] or ()):
                    ways[end] = [*before, letters[start:end]]
        return ways[-1] or [letters]


class _Table(dict[str, str]):
    """Character → syllable; rare characters are spelt when they come, others are themselves."""

    def __init__(self, spell: Spell) -> None:
        common = "".join(map(chr, range(0x4E00, 0x9FA6)))
        super().__init__(zip(common, spell(common), strict=True))
        self.syllables = frozenset(
            part for part in self.values() if part.isascii() and len(part) > 1
        )
        self._spell = spell

    def __missing__(self, char: str) -> str:
        if not _HAN.match(char):
            return char
        self[char] = syllable = self._spell(char)[0]
        return syllable


@functools.cache
def _table() -> _Table:
    # Its dictionary of 47,000 phrases takes 45 MB in each process; our readings are what is
    # ambiguous here. It decides at import, so it is imported here and not above.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, lazy_pinyin

    def letters(text: str) -> str:
        return list(text)  # type: ignore[return-value]  # a list is spread over the result

    def spell(text: str) -> list[str]:
        spelt: list[str] = lazy_pinyin(text, style=Style.NORMAL, errors=letters)
        return spelt

    return _Table(spell)


def merged(syllable: str) -> str:
    """Return a syllable as many accents speak it: initials flat, the end of a nose as one."""
    for rolled, flat in _FUZZY:
        if syllable.startswith(rolled):
            syllable = flat + syllable[2:]
            break
    # -ang/-an, -eng/-en, -ing/-in sound alike to half of the country
    return syllable[:-1] if syllable.endswith("ng") and len(syllable) > 3 else syllable
