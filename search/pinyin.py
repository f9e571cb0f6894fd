"""How a text sounds: toneless syllables, alike where ears and accents do not tell them apart."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence

_HAN = re.compile(r"[\u3400-\u9fff]")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))
Spell = Callable[[str], list[str]]


class Pinyin:
    """Spells runs of characters; made with the lexicon's readings of ambiguous characters."""

    def __init__(self, readings: Mapping[str, str]) -> None:
        self._spell = _speller(readings)

    def letters(self, text: str) -> list[str]:
        """Spell a text as it is typed, a syllable a character; other characters as they are."""
        return self._spell(text)

    def __call__(self, runs: Sequence[str]) -> list[str]:
        """Spell runs, flat and rolled initials merged as many accents do."""
        found: list[str] = []
        for run in runs:
            found.extend(map(_plain, self._spell(run)) if _HAN.match(run) else [run])
        return found


def _speller(readings: Mapping[str, str]) -> Spell:
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

    return spell


def _plain(syllable: str) -> str:
    for rolled, flat in _FUZZY:
        if syllable.startswith(rolled):
            syllable = flat + syllable[2:]
            break
    # -ang/-an, -eng/-en, -ing/-in sound alike to half of the country
    return syllable[:-1] if syllable.endswith("ng") and len(syllable) > 3 else syllable
