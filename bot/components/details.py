"""What a customer says in passing: amount, time, order number, error text, hidden secrets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from search.dialogue import ASIDE, KINDS

Secret = Literal["only", "part"]
_LOOSE = re.compile(r"[\s,，。;；、]*[,，。;；、][\s,，。;；、]*")


@dataclass(frozen=True)
class Details:
    """The patterns and marks of data/lexicon that details are found by.

    patterns: kind → patterns with a group `value`, the first match wins. marks: what masking
    leaves in a text. secret_words: words that say nothing beside a secret.
    human_within: phrases that ask for a person wherever they stand; human_within_not: phrases
    that decline one. unsure: replies that say nothing without a question; particles: what may
    stand at their ends.
    """

    patterns: dict[str, tuple[re.Pattern[str], ...]]
    marks: tuple[str, ...]
    secret_words: tuple[str, ...]
    human_within: tuple[str, ...]
    human_within_not: tuple[str, ...]
    unsure: frozenset[str]
    particles: tuple[str, ...]

    def find(self, text: str) -> list[dict[str, Any]]:
        """Return the details of a text as Rasa entities, at most one of each kind."""
        folded = fold(text)
        found: list[dict[str, Any]] = []
        taken: list[tuple[int, int]] = []
        for kind in KINDS:
            match = self._first(kind, folded, taken)
            if match is None:
                continue
            start, end = match.span("value")
            taken.append((start, end))
            # an error text is kept to the letter, numbers in the one form that is read easily
            value = text[start:end] if kind == "error_text" else match["value"]
            found.append(
                {
                    "entity": kind,
                    "value": value.strip(),
                    "start": start,
                    "end": end,
                    "confidence_entity": 1.0,
                    "extractor": "details",
                }
            )
        return found

    def _first(self, kind: str, text: str, taken: list[tuple[int, int]]) -> re.Match[str] | None:
        for pattern in self.patterns[kind]:
            for match in pattern.finditer(text):
                start, end = match.span("value")
                # an amount inside a quoted error text belongs to the error text
                if all(end <= left or start >= right for left, right in taken):
                    return match
        return None

    def secret(self, text: str) -> Secret | None:
        """Say whether a text held a masked secret, and whether it held anything else."""
        if not any(mark in text for mark in self.marks):
            return None
        rest = text
        for word in (*self.marks, *self.secret_words):
            rest = rest.replace(word, "")
        return "part" if sum(char.isalpha() for char in rest) > 2 else "only"

    def without_secret(self, text: str) -> str:
        """Take the marks of hidden secrets out, and the words right before that name them."""
        words, marks = ("|".join(map(re.escape, some)) for some in (self.secret_words, self.marks))
        return _tidy(re.sub(rf"(?:{words})*\s*[［\[]?(?:{marks})[］\]]?", "，", text))

    def without_details(self, text: str) -> str:
        """Take the details of a text out, and what belongs to them but says nothing by itself."""
        spans = [(found["start"], found["end"]) for found in self.find(text)]
        for pattern in self.patterns[ASIDE]:
            spans += [match.span("value") for match in pattern.finditer(fold(text))]
        kept = "".join(
            char
            for at, char in enumerate(text)
            if not any(start <= at < end for start, end in spans)
        )
        return _tidy(kept)

    def is_unsure(self, text: str) -> bool:
        """Say whether a text says nothing but that the customer does not know, or skips."""
        bare = "".join(char for char in fold(text).lower() if char.isalnum())
        ends = "|".join(map(re.escape, self.particles))
        return bool({bare, re.sub(rf"^(?:{ends})+|(?:{ends})+$", "", bare)} & self.unsure)

    def asks_for_human(self, text: str) -> bool | None:
        """Say whether a text asks for a person, or declines one (False); None, it says neither."""
        squeezed = "".join(char for char in text if not char.isspace())
        if any(phrase in squeezed for phrase in self.human_within_not):
            return False
        return True if any(phrase in squeezed for phrase in self.human_within) else None


def fold(text: str) -> str:
    """Fold full width forms character by character, so that positions stay those of the text."""
    return "".join(_narrow(char) for char in text)


def _tidy(text: str) -> str:
    """Join what is left of a text's clauses."""
    return _LOOSE.sub("，", text).strip("，。,;； \n")


def _narrow(char: str) -> str:
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if len(narrow) == 1 else char


def make_details(details: dict[str, Any], replies: dict[str, Any]) -> Details:
    """Make them of what details.yml and replies.yml say."""
    return Details(
        patterns={
            kind: tuple(re.compile(pattern) for pattern in details[kind]["anywhere"])
            for kind in (*KINDS, ASIDE)
        },
        marks=tuple(replies["secret_marks"]),
        secret_words=tuple(sorted(replies["secret_words"], key=len, reverse=True)),
        human_within=tuple(replies["human_within"]),
        human_within_not=tuple(replies["human_within_not"]),
        unsure=frozenset(map(str, (*replies["common"]["unknown"], *replies["common"]["skip"]))),
        particles=tuple(replies["particles"]),
    )
