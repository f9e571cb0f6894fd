"""Whole messages that lists settle: those that ask for a person, and those that only begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from learning.text import bared
from search.analysis import Analyser
from search.ranking import CLAUSES

# Characters from which on the beginning of a phrase of so many is taken for it.
BEGUN, WHOLE = 3, 5
# Topics of small talk that leave open what the customer is after.
LIGHT = frozenset(
    {"acknowledge", "goodbye", "greet", "joke", "laugh", "praise", "presence", "thanks"}
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The lexicon's phrases, normalised, letters and digits only.

    human: they ask for a person. alone: they say only that a question is to come, be they left
    unfinished (想了解). beside: what may stand beside these.
    """

    human: frozenset[str]
    alone: frozenset[str]
    beside: frozenset[str]

    @classmethod
    def of(cls, analyser: Analyser) -> Phrases:
        """Take the phrases of an analyser's lexicon."""

        def listed(texts: Iterable[str]) -> frozenset[str]:
            return frozenset(bared(analyser.normalise(text)) for text in texts)

        human, asides = analyser.lexicon.human, analyser.lexicon.asides
        alone = listed(asides.alone)
        begun = {
            phrase[:end]
            for phrase in alone
            if len(phrase) >= WHOLE
            for end in range(BEGUN, len(phrase))
        }
        beside = listed((*asides.openers, *asides.closers))
        return cls(listed(human), alone | begun, beside)

    def ask_for_human(self, query: str) -> bool:
        """Tell whether a normalised message is one of those that ask for a person."""
        return bared(query) in self.human

    def only_begin(self, query: str, topic_of: Callable[[str], str | None]) -> bool:
        """Tell whether a normalised message says only that a question is to come.

        topic_of: gives small talk's topic; light ones may stand beside it.
        """
        parts = {bare for part in CLAUSES.split(query) if (bare := bared(part))}
        begun = parts & self.alone
        others = parts - begun - self.beside
        return bool(begun) and all(topic_of(part) in LIGHT for part in others)
