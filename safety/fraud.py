"""A fraud that is going on or has just happened: told by data/safety/fraud.yml and its stories."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from learning.written import load
from safety.stories import Stories

Normalise = Callable[[str], str]
_BLANKS = re.compile(r"\s+")
# What speaks for a fraud, as log odds: before anything is read, for each point of the stories'
# evidence, for a sign, and for words that only ask. Chosen on authors that the stories were learned
# without; `python -m benchmarks.fraud` prints what they find.
BASE, STORY, SIGN, ASKING = -0.85, 3.8, 3.0, -1.62
# From SURELY on a message tells of a fraud whatever else it resembles; from TOLD on where nothing
# else is as good as sure: of ordinary messages one in a hundred does. From LIKELY on it may be one.
SURELY, TOLD, LIKELY = 2.6, 1.0, -0.8
# Up to so many characters, words that only ask are the whole message: 账户没被盗.
SHORT = 16


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
    """Signs, stages, and what people say while it is handled (turn → messages, answers).

    stories: None where a content folder has none; then the signs alone decide.
    """

    beside: frozenset[str]
    harmless: tuple[re.Pattern[str], ...]
    signs: tuple[re.Pattern[str], ...]
    stages: tuple[Stage, ...]
    messages: Mapping[str, Sequence[str]]
    say: Mapping[str, Sequence[str]]
    normalise: Normalise
    stories: Stories | None = None

    @classmethod
    def read(
        cls, path: Path, normalise: Normalise, stories: Path | None, kept: Path | None = None
    ) -> Fraud:
        """Read fraud.yml, and learn the stories of a folder.

        kept: a folder that keeps what was learned; None learns it anew each time (seconds).
        """
        written = load(path.read_text(encoding="utf-8"))
        turns = written["turns"]
        return cls(
            frozenset(map(str, written["beside"])),
            tuple(map(re.compile, written["harmless"])),
            tuple(map(re.compile, written["signs"])),
            tuple(
                Stage(one["id"], one["faq"], tuple(map(re.compile, one["patterns"])))
                for one in written["stages"]
            ),
            {name: tuple(map(str, turn["messages"])) for name, turn in turns.items()},
            {name: tuple(turn["say"]) for name, turn in turns.items()},
            normalise,
            Stories.of(stories, normalise, kept) if stories is not None else None,
        )

    @property
    def faqs(self) -> frozenset[str]:
        """The FAQs that are said first, by stage."""
        return frozenset(stage.faq for stage in self.stages)

    def is_told_by(self, text: str) -> bool:
        """Say whether a message tells of a fraud; what only asks in general does not."""
        return self.evidence(text) >= TOLD

    def may_be_told_by(self, text: str) -> bool:
        """Say whether a message could tell of a fraud."""
        return self.evidence(text) >= LIKELY

    def evidence(self, text: str) -> float:
        """Return what speaks for a fraud, as log odds; minus infinity where it is only asked of."""
        form = self._form(text)
        asking = self._asks(form)
        if asking and len(form) <= SHORT:
            return -math.inf
        story = STORY * self.stories.evidence(text) if self.stories is not None else 0.0
        signed = not asking and self._is_signed(form)
        return BASE + story + SIGN * signed + ASKING * asking

    def is_signed(self, text: str) -> bool:
        """Say whether a message bears a sign, and does not only ask."""
        form = self._form(text)
        return not self._asks(form) and self._is_signed(form)

    def is_harmless(self, text: str) -> bool:
        """Say whether a message only asks in general, or uses the words for something else."""
        return self._asks(self._form(text))

    def _asks(self, form: str) -> bool:
        return any(pattern.search(form) for pattern in self.harmless)

    def _is_signed(self, form: str) -> bool:
        return any(sign.search(form) for sign in self.signs)

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
