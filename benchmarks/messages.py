"""Files of customers' messages with the FAQs that answer them, and what the engine finds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from search import Engine, Ranking

OWN = Path(__file__).with_name("dev.jsonl")


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a file."""

    text: str
    tags: tuple[str, ...]
    expect: tuple[str, ...]

    def changed(self, text: str) -> Message:
        """Return the message typed differently."""
        return Message(text, self.tags, self.expect)


@dataclass(frozen=True, slots=True)
class Judged:
    """One message with what was expected and what came."""

    text: str
    tags: tuple[str, ...]
    expect: tuple[str, ...]
    found: Ranking

    @property
    def first(self) -> bool:
        """The first hit is an accepted one."""
        return bool(self.found.hits) and self.found.hits[0].id in self.expect

    @property
    def among_three(self) -> bool:
        """One of the first three hits is an accepted one."""
        return any(hit.id in self.expect for hit in self.found.hits[:3])

    @property
    def reciprocal(self) -> float:
        """1 / place of the first accepted hit, 0 when none of the ten is."""
        for place, hit in enumerate(self.found.hits, 1):
            if hit.id in self.expect:
                return 1 / place
        return 0.0


def read(file: Path) -> list[Message]:
    """Read a file's messages."""
    entries = map(json.loads, filter(str.strip, file.read_text(encoding="utf-8").splitlines()))
    return [
        Message(entry["text"], tuple(entry.get("tags", ())), tuple(entry["expect"]))
        for entry in entries
    ]


def judge(engine: Engine, message: Message) -> Judged:
    """Rank one message."""
    return Judged(message.text, message.tags, message.expect, engine.rank(message.text))


def measure(engine: Engine, file: Path) -> list[Judged]:
    """Rank every message of a file."""
    return [judge(engine, message) for message in read(file)]
