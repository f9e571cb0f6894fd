"""How a text sounds: toneless syllables, alike where ears and accents do not tell them apart."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence

_HAN = re.compile(r"[\u3400-\u9fff]")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))
# The longest syllables: zhuang, shuang, chuang.
LONGEST = 6
Spell = Callable[[str], list[str]]


class Pinyin:
    """Spells runs of characters; made with the lexicon's readings of ambiguous characters."""

    def __init__(self, readings: Mapping[str, str]) -> None:
        self._spell, self._syllables = _speller(readings)

    def letters(self, text: str) -> list[str]:
        """Spell a text as it is typed, a syllable a character; other characters as they are."""
        return self._spell(text)

    def __call__(self, runs: Sequence[str]) -> list[str]:
        """Spell runs, flat and rolled initials merged as many accents do."""
        found: list[str] = []
        for run in runs:
            if _HAN.match(run):
                found.extend(map(_plain, self._spell(run)))
            else:
                found.extend(map(_plain, self.split(run)) if run.isalpha() else [run])
        return found

    def split(self, letters: str) -> list[str]:
        """Split pinyin typed without the characters (tixian: ti, xian); else the word as it is."""
        # ways[n]: the fewest syllables that the first n letters are, the longest first
        ways: list[list[str] | None] = [[], *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - LONGEST), end):
                before = ways[start]
                if before is None or letters[start:end] not in self._syllables:
                    continue
                if ways[end] is None or len(before) + 1 < len(ways[end] or ()):
                    ways[end] = [*before, letters[start:end]]
        return ways[-1] or [letters]


def _speller(readings: Mapping[str, str]) -> tuple[Spell, frozenset[str]]:
    # Its dictionary of 47,000 phrases takes 45 MB in each process; our readings are what is
    # ambiguous here. It decides at import, so it is imported here and not above.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, lazy_pinyin, load_phrases_dict

    load_phrases_dict(
        {word: [[part] for part in sound.split()] for word, sound in readings.items()}
    )

    def letters(text: str) -> str:
        return list(text)  # type: ignore[return-value]  # a list is spread over the result

    def spell(text: str) -> list[str]:
        spelt: list[str] = lazy_pinyin(text, style=Style.NORMAL, errors=letters)
        return spelt

    common = "".join(map(chr, range(0x4E00, 0x9FA6)))
    return spell, frozenset(part for part in spell(common) if part.isascii() and len(part) > 1)


def _plain(syllable: str) -> str:
    for rolled, flat in _FUZZY:
        if syllable.startswith(rolled):
            syllable = flat + syllable[2:]
            break
    # -ang/-an, -eng/-en, -ing/-in sound alike to half of the country
    return syllable[:-1] if syllable.endswith("ng") and len(syllable) > 3 else syllable
