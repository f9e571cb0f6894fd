"""Danger to life: told by data/safety/life.yml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from learning.written import load

Normalise = Callable[[str], str]
_BLANKS = re.compile(r"\s+")
SAYS = ("first", "first_nobody", "again", "acute_now", "safe_once", "safe_twice")


@dataclass(frozen=True)
class Life:
    """The words that a cry is known by, and what is said then.

    say: one of SAYS → wordings.
    """

    idioms: tuple[re.Pattern[str], ...]
    cries: tuple[re.Pattern[str], ...]
    acute: re.Pattern[str]
    safe: tuple[str, ...]
    say: Mapping[str, Sequence[str]]
    normalise: Normalise

    @classmethod
    def read(cls, path: Path, normalise: Normalise) -> Life:
        """Read life.yml."""
        return cls.parse(path.read_text(encoding="utf-8"), normalise)

    @classmethod
    def parse(cls, text: str, normalise: Normalise) -> Life:
        """Read the text of a life.yml."""
        written = load(text)
        return cls(
            tuple(map(re.compile, written["idioms"])),
            tuple(map(re.compile, written["cries"])),
            re.compile(written["acute"]),
            tuple(_BLANKS.sub("", normalise(word)) for word in written["safe"]),
            {name: tuple(written[name]) for name in SAYS},
            normalise,
        )

    def cries_for_help(self, text: str) -> bool:
        """Say whether a message speaks of ending a life, one's own or another's."""
        # A blank may stand where a comma would: 我想死 真的
        form = _BLANKS.sub("，", self.normalise(text).strip())
        for idiom in self.idioms:
            form = idiom.sub("", form)
        return any(cry.search(form) for cry in self.cries)

    def is_acute(self, text: str) -> bool:
        """Say whether a message within a crisis speaks of a place or a means at hand."""
        return bool(self.acute.search(_BLANKS.sub("", self.normalise(text))))

    def says_safe(self, text: str) -> bool:
        """Say whether a message says that its writer is safe."""
        form = _BLANKS.sub("", self.normalise(text))
        return not self.cries_for_help(text) and any(word in form for word in self.safe)
