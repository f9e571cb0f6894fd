"""Files of customers' messages with the FAQs that answer them, and what the engine finds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from search import Engine, Ranking

OWN = Path(__file__).with_name("dev.jsonl")
CHITCHAT = "chitchat"


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a file.

    expect: ids of the FAQs that answer it, the best first; none, no FAQ does. ok: ids that do no
    harm where none does. then: ids that answer it once they exist. lane: whether it has to open the
    fast lane (must, may, no); None where that was not asked.
    """

    text: str
    tags: tuple[str, ...]
    expect: tuple[str, ...]
    ok: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    lane: str | None = None

    def changed(self, text: str) -> Message:
        """Return the message typed differently."""
        return dataclasses.replace(self, text=text)

    def among(self, faqs: Container[str]) -> Message:
        """Return the message as it is judged where these FAQs exist."""
        if any(faq_id in faqs for faq_id in self.then):
            return dataclasses.replace(self, expect=(*self.then, *self.ok), then=())
        return dataclasses.replace(self, ok=(*self.ok, *self.then))


@dataclass(frozen=True, slots=True)
class Judged:
    """One message with what came."""

    message: Message
    found: Ranking

    @property
    def inside(self) -> bool:
        """An FAQ answers the message."""
        return bool(self.message.expect)

    @property
    def outside(self) -> bool:
        """No FAQ answers it, and it is no small talk either."""
        return not self.message.expect and CHITCHAT not in self.message.tags

    @property
    def first(self) -> bool:
        """The first hit is an accepted one."""
        return bool(self.found.hits) and self.found.hits[0].id in self.message.expect

    @property
    def among_three(self) -> bool:
        """One of the first three hits is an accepted one."""
        return any(hit.id in self.message.expect for hit in self.found.hits[:3])

    @property
    def reciprocal(self) -> float:
        """1 / place of the first accepted hit, 0 when none of the ten is."""
        for place, hit in enumerate(self.found.hits, 1):
            if hit.id in self.message.expect:
                return 1 / place
        return 0.0

    @property
    def right(self) -> bool:
        """The first hit answers the message, or does no harm where nothing answers it."""
        accepted = self.message.expect or self.message.ok
        return bool(self.found.hits) and self.found.hits[0].id in accepted

    @property
    def answered(self) -> bool:
        """The first hit was given as the answer."""
        return self.found.band == "answer" and bool(self.found.hits)

    @property
    def shown(self) -> tuple[str, ...]:
        """Ids that the customer is shown: one as the answer, three on offer, or none."""
        count = {"answer": 1, "offer": 3}.get(self.found.band, 0)
        return tuple(hit.id for hit in self.found.hits[:count])


def read(file: Path) -> list[Message]:
    """Read a file's messages."""
    entries = map(json.loads, filter(str.strip, file.read_text(encoding="utf-8").splitlines()))
    return [
        Message(
            entry["text"],
            *(tuple(entry.get(key, ())) for key in ("tags", "expect", "ok", "then")),
            entry.get("lane"),
        )
        for entry in entries
    ]


def judge(engine: Engine, message: Message) -> Judged:
    """Rank one message."""
    return Judged(message, engine.rank(message.text))


def measure(engine: Engine, file: Path) -> list[Judged]:
    """Rank every message of a file, judged by the FAQs that there are."""
    ids = {faq.id for faq in engine.faqs()}
    return [judge(engine, message.among(ids)) for message in read(file)]
