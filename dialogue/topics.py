"""The grid of objects and aspects: what a message is about, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from learning.text import bared
from learning.written import load

Normalise = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names: objects in their order, aspects likewise, and how much else it says.

    rest: letters that are neither; few of them mean that the message leans on what was said.
    """

    objects: tuple[str, ...]
    aspects: tuple[str, ...]
    rest: int


class Topics:
    """Finds objects and aspects by their words, the longest first.

    objects, aspects: name → words. filler: words that say nothing of their own.
    """

    def __init__(
        self,
        objects: Mapping[str, Iterable[str]],
        aspects: Mapping[str, Iterable[str]],
        filler: Iterable[str],
        normalise: Normalise,
    ) -> None:
        self._normalise = normalise
        self.objects = tuple(objects)
        self.aspects = tuple(aspects)
        words: dict[str, tuple[str, str]] = {}
        for kind, group in (("object", objects), ("aspect", aspects)):
            for name, texts in group.items():
                for text in texts:
                    words.setdefault(self._form(text), (kind, name))
        for text in filler:
            words.setdefault(self._form(text), ("filler", ""))
        self._words = words
        self._names = {name: str(next(iter(texts))) for name, texts in objects.items()}
        self._longest = max(map(len, words), default=1)

    @classmethod
    def read(cls, path: Path, normalise: Normalise) -> Topics:
        """Read topics.yml."""
        written = load(path.read_text(encoding="utf-8"))
        return cls(written["objects"], written["aspects"], written["filler"], normalise)

    def word_of(self, object_: str | None) -> str | None:
        """Return the word that names an object, the first that the file lists."""
        return self._names.get(object_ or "")

    def name(self, text: str) -> Named:
        """Return what a text names."""
        form = self._form(text)
        objects: list[str] = []
        aspects: list[str] = []
        rest = place = 0
        while place < len(form):
            for size in range(min(self._longest, len(form) - place), 0, -1):
                found = self._words.get(form[place : place + size])
                if found is not None:
                    kind, name = found
                    names = {"object": objects, "aspect": aspects}.get(kind)
                    if names is not None and name not in names:
                        names.append(name)
                    place += size
                    break
            else:
                rest += 1
                place += 1
        # 怎么 beside 多久 only makes the question: the sharper aspect is meant
        sharp = [name for name in aspects if name != "how"] or aspects
        return Named(tuple(objects), tuple(sharp), rest)

    def _form(self, text: str) -> str:
        return bared(self._normalise(text))
