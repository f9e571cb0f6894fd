"""A fraud that is going on or has just happened: told by data/safety/fraud.yml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

Normalise = Callable[[str], str]
_BLANKS = re.compile(r"\s+")
WEAK_SIGNS = 2


@dataclass(frozen=True)
class Stage:
    """How far a fraud went: its id, the FAQ that is said first, the patterns that tell it."""

    id: str
    faq: str
    patterns: tuple[re.Pattern[str], ...]

    @property
    def happened(self) -> bool:
        """Whether something was done already, rather than only asked for."""
        return self.id != "asked"


@dataclass(frozen=True)
class Fraud:
    """Signs, stages, and what people say while it is handled (turn → messages, answers)."""

    beside: frozenset[str]
    harmless: tuple[re.Pattern[str], ...]
    strong: tuple[re.Pattern[str], ...]
    weak: tuple[re.Pattern[str], ...]
    stages: tuple[Stage, ...]
    messages: Mapping[str, Sequence[str]]
    say: Mapping[str, Sequence[str]]
    normalise: Normalise

    @classmethod
    def read(cls, path: Path, normalise: Normalise) -> Fraud:
        """Read fraud.yml."""
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        turns = written["turns"]
        return cls(
            frozenset(map(str, written["beside"])),
            tuple(map(re.compile, written["harmless"])),
            tuple(map(re.compile, written["strong"])),
            tuple(map(re.compile, written["weak"])),
            tuple(
                Stage(one["id"], one["faq"], tuple(map(re.compile, one["patterns"])))
                for one in written["stages"]
            ),
            {name: tuple(map(str, turn["messages"])) for name, turn in turns.items()},
            {name: tuple(turn["say"]) for name, turn in turns.items()},
            normalise,
        )

    @property
    def faqs(self) -> frozenset[str]:
        """The FAQs that are said first, by stage."""
        return frozenset(stage.faq for stage in self.stages)

    def is_told_by(self, text: str) -> bool:
        """Say whether a message tells of a fraud; what only asks in general does not."""
        form = self._form(text)
        if self.is_harmless(text):
            return False
        if any(pattern.search(form) for pattern in self.strong):
            return True
        return sum(bool(pattern.search(form)) for pattern in self.weak) >= WEAK_SIGNS

    def is_harmless(self, text: str) -> bool:
        """Say whether a message only asks in general, or uses the words for something else."""
        form = self._form(text)
        return any(pattern.search(form) for pattern in self.harmless)

    def stage_of(self, text: str) -> Stage:
        """Return how far the fraud of a message went."""
        form = self._form(text)
        return next(
            stage
            for stage in self.stages
            if any(pattern.search(form) for pattern in stage.patterns)
        )

    def _form(self, text: str) -> str:
        return _BLANKS.sub("", self.normalise(text))
