"""What the bot says between the answers: data/phrases/*.yml, a name and its wordings."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, ItemsView
from dataclasses import dataclass
from pathlib import Path

from learning.written import load

Button = dict[str, str]
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing to say. wordings: alike in meaning. buttons: {title, payload}."""

    wordings: tuple[str, ...]
    buttons: tuple[Button, ...] = ()

    def pick(self, said: Collection[str]) -> str:
        """Return the first wording that was not said yet; the last when all were.

        said: marks of what was said, as `mark` makes them, of the wordings as written.
        """
        fresh = (wording for wording in self.wordings if mark(wording) not in said)
        return next(fresh, self.wordings[len(said) % len(self.wordings)])


class Phrases:
    """All phrases by name."""

    def __init__(self, phrases: dict[str, Phrase]) -> None:
        self._phrases = phrases

    @classmethod
    def read(cls, folder: Path) -> Phrases:
        """Read a folder of YAML files; raises ValueError where two say the same name."""
        found: dict[str, Phrase] = {}
        for path in sorted(folder.glob("*.yml")):
            written = load(path.read_text(encoding="utf-8")) or {}
            for name, one in written.items():
                if isinstance(one, list):
                    one = {"say": one}
                buttons = tuple(dict(button) for button in one.get("buttons") or ())
                if str(name) in found:
                    raise ValueError(f"{path.name} says {name} again")
                found[str(name)] = Phrase(tuple(map(str, one["say"])), buttons)
        return cls(found)

    def __getitem__(self, name: str) -> Phrase:
        return self._phrases[name]

    def items(self) -> ItemsView[str, Phrase]:
        """Return each name with what is said."""
        return self._phrases.items()

    def __contains__(self, name: object) -> bool:
        return name in self._phrases


def mark(text: str) -> str:
    """Return a short mark of a text, to tell later that it was said."""
    return hashlib.blake2b(text.encode(), digest_size=_DIGITS // 2).hexdigest()
