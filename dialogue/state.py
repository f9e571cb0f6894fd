"""The state of the discourse: what is kept of a conversation beside the slots, flat in size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

# What is kept at most of each list, so that turn 300 costs what turn 1 costs.
MOST_SAID = 48
MOST_TOLD = 12
MOST_GIVEN = 24
MOST_HEARD = 2
MOST_ASIDE = 3
LONGEST = 120


@dataclass
class State:
    """One conversation's discourse.

    topic: the FAQ that is talked about; before: the one before that. object, aspect: its cell of
    the grid, as last asked.
    given: FAQ → the parts of its answer that were given ("short", "whole", a facet's aspect,
    "step:2"). second: FAQs that were also near the last question. told: what the customer said
    that is no question, in their words. said: marks of what the bot said. step: the step of the
    topic's answer that was explained last. failures: how often the customer said that it still
    fails. crisis: messages since a cry for help, 0 when there is none; safe: how often the
    customer said since that they are safe. fraud: messages since a fraud was spoken of, 0 for none;
    defrauded: whether the customer told of one of their own;
    counselled: fraud turn → how many of its answers were given. noting: the next message is an
    opinion to be kept. refused: FAQs that the customer said they did not mean. heard: the last
    messages before this one, for what is told in pieces. aside: FAQs that were asked for beside
    others and not answered yet.
    """

    topic: str | None = None
    before: str | None = None
    object: str | None = None
    aspect: str | None = None
    given: dict[str, list[str]] = field(default_factory=dict)
    second: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    step: int = 0
    failures: int = 0
    crisis: int = 0
    safe: int = 0
    fraud: int = 0
    defrauded: bool = False
    counselled: dict[str, int] = field(default_factory=dict)
    noting: bool = False
    refused: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> State:
        """Take up what `kept` returned; what is unknown or malformed is left out."""
        fresh = cls()
        for name, value in (kept or {}).items():
            # a text may stand where a fresh state has None
            if name in _FIELDS and isinstance(value, (type(getattr(fresh, name)), str)):
                setattr(fresh, name, value)
        return fresh

    def kept(self) -> dict[str, Any]:
        """Return what is to be kept: only what differs from a fresh state."""
        self.said = self.said[-MOST_SAID:]
        self.told = self.told[-MOST_TOLD:]
        self.given = dict(list(self.given.items())[-MOST_GIVEN:])
        self.refused = self.refused[-MOST_TOLD:]
        mine, fresh = vars(self), vars(_FRESH)
        return {name: _own(value) for name, value in mine.items() if value != fresh[name]}

    def give(self, faq_id: str, part: str) -> None:
        """Keep that a part of an answer was given."""
        parts = self.given.pop(faq_id, [])
        self.given[faq_id] = [*parts, part] if part not in parts else parts
        if faq_id in self.aside:
            self.aside.remove(faq_id)

    def set_aside(self, faq_id: str) -> None:
        """Keep that an FAQ was asked for beside another."""
        if faq_id not in self.given and faq_id not in self.aside:
            self.aside = [*self.aside, faq_id][-MOST_ASIDE:]

    def tell(self, text: str) -> None:
        """Keep what a customer told, once."""
        if text and text not in self.told:
            self.told.append(text[:LONGEST])

    def hear(self, text: str) -> None:
        """Keep a message for the next one's sake."""
        if text:
            self.heard = [*self.heard, text[:LONGEST]][-MOST_HEARD:]


def _own(value: Any) -> Any:
    """Return a value that no later change of the state reaches."""
    if isinstance(value, list):
        return [*value]
    if isinstance(value, dict):
        return {name: _own(one) for name, one in value.items()}
    return value


_FRESH = State()
_FIELDS = frozenset(one.name for one in fields(State))
