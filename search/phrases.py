"""Whole messages that lists settle: those that ask for a person, and those that only begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from search.analysis import Analyser
from search.ranking import CLAUSES

# Characters from which on the beginning of a phrase is taken for it.
BEGUN = 3


@dataclass(frozen=True, slots=True)
class Phrases:
    """The lexicon's phrases, normalised, letters and digits only.

    human: they ask for a person. alone: they say only that a question is to come. beside: what may
    stand beside these.
    """

    human: frozenset[str]
    alone: frozenset[str]
    beside: frozenset[str]

    @classmethod
    def of(cls, analyser: Analyser) -> Phrases:
        """Take the phrases of an analyser's lexicon."""

        def bared(texts: Iterable[str]) -> frozenset[str]:
            return frozenset(_bare(analyser.normalise(text)) for text in texts)

        human, asides = analyser.lexicon.human, analyser.lexicon.asides
        beside = bared((*asides.openers, *asides.closers))
        return cls(bared(human), bared(asides.alone), beside)

    def ask_for_human(self, query: str) -> bool:
        """Tell whether a normalised message is one of those that ask for a person."""
        return _bare(query) in self.human

    def only_begin(self, query: str, is_talk: Callable[[str], bool]) -> bool:
        """Tell whether a normalised message says only that a question is to come.

        is_talk: tells small talk, which may stand beside it.
        """
        parts = {bare for part in CLAUSES.split(query) if (bare := _bare(part))}
        begun = {part for part in parts if self._begins(part)}
        return bool(begun) and all(map(is_talk, parts - begun - self.beside))

    def _begins(self, part: str) -> bool:
        """Tell whether a clause is one of `alone`, or one left unfinished (想了解)."""
        if part in self.alone:
            return True
        return len(part) >= BEGUN and any(phrase.startswith(part) for phrase in self.alone)


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
