"""Entries and questions of any number, made from the content's own: halves recombined, slips."""

from __future__ import annotations

import random
from collections.abc import Sequence

from search.analysis import Analyser
from search.slips import Slips

SEED = 20_261_121
# How many of the made texts hold a slip of the keys.
SLIPPED = 0.3


class Recombined:
    """Makes texts of the beginning of one row and the end of another; seeded."""

    def __init__(self, texts: Sequence[str], analyser: Analyser) -> None:
        self._plain = [analyser.normalise(text) for text in texts]
        self._cut = [words for text in self._plain if (words := analyser.cut(text))]
        self._slips = Slips(analyser.pinyin, self._plain)
        self._dice = random.Random(SEED)  # noqa: S311 - no secret

    def __call__(self, count: int) -> list[str]:
        """Make so many different texts."""
        made: dict[str, None] = {}
        while len(made) < count:
            first, second = self._dice.choices(self._cut, k=2)
            words = first[: (len(first) + 1) // 2] + second[len(second) // 2 :]
            text = "".join(words)
            if self._dice.random() < SLIPPED:
                text = self._slips.any(text, self._dice)
            made[text] = None
        return list(made)
