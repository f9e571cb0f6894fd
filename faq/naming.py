"""Ids that can be read: the pinyin of a title's first words."""

from __future__ import annotations

import re
from collections.abc import Container

from search.normalise import Normaliser
from search.pinyin import Pinyin

MOST = 8  # syllables
LONGEST = 60  # characters
_ASIDE = re.compile(r"[（(【\[].*?[）)】\]]")
_RUNS = re.compile(r"[\u3400-\u9fff]|[a-z]+|[0-9]+")
_ENDING = re.compile(r"[吗呢啊呀吧么]+$")


class Namer:
    """Makes ids; equal titles in equal order get equal ids."""

    def __init__(self) -> None:
        self._normalise = Normaliser()
        self._spell = Pinyin({}).letters

    def __call__(self, title: str, taken: Container[str], otherwise: str) -> str:
        """Spell a title as an id that is not taken: hui-yuan-ka-zen-me-tui.

        otherwise: what an id is called whose title has nothing to spell.
        """
        bare = _ASIDE.sub("", self._normalise(title)) or self._normalise(title)
        runs = _RUNS.findall(_ENDING.sub("", bare.rstrip("?？!！。.… ")))[:MOST]
        spelt = [one if one.isascii() else "".join(self._spell(one)) for one in runs]
        name = "-".join(re.sub(r"[^a-z0-9]", "", one) for one in spelt)[:LONGEST]
        name = re.sub(r"-+", "-", name).strip("-") or otherwise
        found, number = name, 2
        while found in taken:
            found, number = f"{name}-{number}", number + 1
        return found
