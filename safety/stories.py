"""How likely a message tells of a fraud, by the stories of data/safety/stories.

A linear classifier on groups of characters. Each file is one author's: `## fraud` holds what people
write who are being defrauded or have just been, `## harmless` what only sounds like it. What most
speaks for a message is told by `reasons`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from learning.binary import Binary
from learning.text import bared

FRAUD, HARMLESS = "fraud", "harmless"
# Stories are read by their beginning and end; the middle of a long one says nothing else.
LONGEST = 80
# Which sum or day it was says nothing.
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Story:
    """What one author wrote: a message, and whether it tells of a fraud."""

    text: str
    author: str
    fraud: bool


class Stories:
    """Judges messages by stories.

    normalise: brings a text into the form that is compared. kept: a folder for the weights, under
    what they were fitted on; None keeps nothing.
    """

    def __init__(
        self, stories: list[Story], normalise: Callable[[str], str], kept: Path | None = None
    ) -> None:
        self._normalise = normalise
        self._binary = Binary(
            [self._form(story.text) for story in stories],
            [story.fraud for story in stories],
            kept,
        )

    @classmethod
    def of(
        cls, folder: Path, normalise: Callable[[str], str], kept: Path | None = None
    ) -> Stories | None:
        """Learn a folder's stories; None where it has none."""
        found = list(read(folder))
        return cls(found, normalise, kept) if found else None

    def evidence(self, text: str) -> float:
        """Return what speaks for a fraud, as log odds; above 0 it is likelier than not."""
        return self._binary.evidence(self._form(text))

    def reasons(self, text: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the groups of characters that speak most for a fraud, with what they count."""
        return self._binary.reasons(self._form(text), most)

    def _form(self, text: str) -> str:
        form = _NUMBERS.sub("0", bared(self._normalise(text)))
        return form if len(form) <= 2 * LONGEST else form[:LONGEST] + form[-LONGEST:]


def read(folder: Path) -> Iterator[Story]:
    """Read a folder of stories, one author a file; raises ValueError for a line without a part."""
    for path in sorted(folder.glob("*.txt")):
        fraud: bool | None = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text = line.strip()
            if text.startswith("## "):
                part = text[3:].strip()
                if part not in (FRAUD, HARMLESS):
                    raise ValueError(
                        f"{path.name}:{number}: {part!r} is neither fraud nor harmless"
                    )
                fraud = part == FRAUD
            elif text and not text.startswith("#"):
                if fraud is None:
                    raise ValueError(f"{path.name}:{number}: a story before `## {FRAUD}`")
                yield Story(text, path.stem, fraud)
