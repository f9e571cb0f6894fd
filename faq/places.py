"""Where things stand in an FAQ file: lines of fields, of entries, of answer text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import yaml

from search.documents import LOADER


@dataclass(frozen=True, slots=True)
class Places:
    """Lines, counted from 1.

    fields: of each field's name. entries: of each text of a list field, by (field, text).
    body: of the first line below the front matter. lines: the whole file.
    """

    lines: tuple[str, ...]
    body: int = 1
    fields: dict[str, int] = field(default_factory=dict)
    entries: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=16_384)
    def of(cls, text: str) -> Places:
        """Find the places of a file's text; a broken one has lines only."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        lines = tuple(text.split("\n"))
        head, fence, _ = text.removeprefix("---\n").partition("\n---\n")
        if not fence or not text.startswith("---\n"):
            return cls(lines)
        found = cls(lines, body=head.count("\n") + 4)
        try:
            node = yaml.compose(head, Loader=LOADER)
        except (yaml.YAMLError, ValueError):
            return found
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = str(key.value)
                found.fields.setdefault(name, key.start_mark.line + 2)
                for entry in value.value if isinstance(value, yaml.SequenceNode) else ():
                    text = str(entry.value).strip()
                    found.entries.setdefault((name, text), entry.start_mark.line + 2)
        return found

    def line(self, name: str, text: str | None = None) -> int:
        """Return the line of a field, or of one of its entries."""
        own = self.fields.get(name, 1)
        return self.entries.get((name, text), own) if text is not None else own

    def answer(self) -> list[tuple[int, str]]:
        """Return the lines of the answer with their numbers."""
        return list(enumerate(self.lines[self.body - 1 :], self.body))
