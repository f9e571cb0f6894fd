"""Slips of the keys: how a message looks when its writer was in a hurry.

The fit makes them, so that the weights know what a slip does to each similarity; the accuracy
report makes them, to print what they cost.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from search.pinyin import Pinyin

# How often a hurried message has two slips.
TWICE = 0.35
_HAN = re.compile(r"[\u4e00-\u9fff]")


class Slips:
    """Makes slips; a character's homophones come from `texts`, as often as they stand there."""

    def __init__(self, pinyin: Pinyin, texts: Iterable[str]) -> None:
        self._pinyin = pinyin
        self._sounding: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            for char, sound in zip(text, pinyin.letters(text), strict=True):
                if _HAN.match(char):
                    self._sounding[sound].append(char)
        self._others = {sound: set(chars) for sound, chars in self._sounding.items()}

    def homophones(self, text: str, dice: random.Random, count: int = 1) -> str:
        """Replace up to `count` characters by others that sound alike."""
        sounds = self._pinyin.letters(text)
        places = [
            place
            for place, (char, sound) in enumerate(zip(text, sounds, strict=True))
            if _HAN.match(char) and self._others.get(sound, set()) - {char}
        ]
        chars = list(text)
        for place in dice.sample(places, min(count, len(places))):
            other = chars[place]
            while other == chars[place]:
                other = dice.choice(self._sounding[sounds[place]])
            chars[place] = other
        return "".join(chars)

    def dropped(self, text: str, dice: random.Random) -> str:
        """Leave one character out, of at least three."""
        places = _places(text)
        if len(places) < 3:
            return text
        place = dice.choice(places)
        return text[:place] + text[place + 1 :]

    def swapped(self, text: str, dice: random.Random) -> str:
        """Change the order of two neighbours."""
        places = [place for place in _places(text) if place + 1 < len(text)]
        if not places:
            return text
        place = dice.choice(places)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    def doubled(self, text: str, dice: random.Random) -> str:
        """Type one character twice."""
        places = _places(text)
        if not places:
            return text
        place = dice.choice(places)
        return text[:place] + text[place] + text[place:]

    def naming(self, text: str, names: Sequence[str], dice: random.Random) -> str:
        """Drop one of some names in passing: at the beginning, or some characters later."""
        place = min(dice.choice((0, 0, 0, 1, 2, 3)), len(text))
        return text[:place] + dice.choice(names) + text[place:]

    def beside(
        self, text: str, openers: Sequence[str], closers: Sequence[str], dice: random.Random
    ) -> str:
        """Say something before a question, after it, or both."""
        kind = dice.random()
        before = dice.choice(openers) if openers and kind < 0.75 else ""
        after = dice.choice(closers) if closers and kind > 0.5 else ""
        return f"{before}{text}{after}"

    def any(self, text: str, dice: random.Random) -> str:
        """Make a slip of any kind, sometimes two; homophones oftener than the others."""
        for _ in range(2 if dice.random() < TWICE else 1):
            make = dice.choice((self.homophones, self.homophones, self.dropped, self.swapped))
            text = make(text, dice)
        return text


def _places(text: str) -> list[int]:
    return [place for place, char in enumerate(text) if _HAN.match(char)]
