"""Answers ready made for agents, as data/canned.yml gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search.errors import BadContent, Problem
from search.kept import load_mapping
from search.reasons import because


@dataclass(frozen=True, slots=True)
class Template:
    """One text; words are what an agent may type to find it."""

    id: str
    title: str
    text: str
    words: tuple[str, ...]

    def fits(self, query: str) -> int:
        """Tell how well a query names it: 0 not at all."""
        if any(word == query for word in (self.title, *self.words)):
            return 3
        if any(query in word or word in query for word in (self.title, *self.words) if word):
            return 2
        return 1 if query in self.text.casefold() else 0


def read(path: Path, raw: bytes) -> list[Template]:
    """Read the templates of a file's bytes; raises BadContent."""
    found = []
    for name, item in load_mapping(path, raw).items():
        said = item if isinstance(item, dict) else {}
        title, text, words = said.get("title"), said.get("text"), said.get("words") or ()
        if not isinstance(title, str) or not isinstance(text, str) or not text.strip():
            raise _bad(path, because("template-parts", name=name))
        if isinstance(words, str) or not isinstance(words, list | tuple):
            raise _bad(path, because("template-words", name=name))
        spoken = tuple(str(word).casefold() for word in words)
        found.append(Template(name, title, text.strip(), spoken))
    return found


def _bad(path: Path, reason: str) -> BadContent:
    fix = "write `id: {title, words, text}` entries"
    return BadContent((Problem(path, 1, reason, fix),))
