"""Texts as units to compare: characters, words, sounds, meanings, each a view of its own."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.analysis import Analyser

HERE = Path(__file__).parent
VIEWS = ("chars", "terms", "pinyin", "meanings")
Units = Mapping[str, tuple[str, ...]]
_SENTENCE = re.compile(r"[。；;！？!?\n]+")
SHORTEST = 3  # characters of a sentence


def units(text: str, analyser: Analyser) -> Units:
    """Split a text as typed into its units by view; a unit may repeat."""
    found = analyser(text)
    return {
        "chars": found.chars,
        "terms": found.terms,
        "pinyin": found.pinyin,
        "meanings": tuple(meanings(analyser).of(found.text)),
    }


def words(message: Units) -> list[str]:
    """List the words of a message, each once: its terms without the pairs of them."""
    return list(dict.fromkeys(term for term in message["terms"] if "_" not in term))


def sentences(text: str) -> Iterator[str]:
    """Cut an answer into its sentences; what is too short to say anything is left out."""
    for part in _SENTENCE.split(text):
        if len(part.strip()) >= SHORTEST:
            yield part.strip()


class Meanings:
    """Groups of words of one meaning; a word may stand in several."""

    def __init__(self, groups: list[list[str]]) -> None:
        self._groups: dict[str, list[str]] = defaultdict(list)
        for number, words in enumerate(groups):
            for word in dict.fromkeys(words):
                self._groups[word].append(str(number))
        self._longest = max(map(len, self._groups), default=0)

    def of(self, text: str) -> list[str]:
        """List the groups with a word in a normalised text, in order, each once."""
        found: dict[str, None] = {}
        for start in range(len(text)):
            for length in range(min(self._longest, len(text) - start), 0, -1):
                found.update(dict.fromkeys(self._groups.get(text[start : start + length], ())))
        return list(found)


@functools.lru_cache(maxsize=4)
def meanings(analyser: Analyser) -> Meanings:
    """Read meanings.txt in an analyser's spelling."""
    lines = (HERE / "meanings.txt").read_text(encoding="utf-8").splitlines()
    return Meanings(
        [
            [analyser.normalise(word) for word in line.split()]
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    )


@dataclass(frozen=True, slots=True)
class Speech:
    """How often customers' messages hold a unit: what is on everybody's lips tells little.

    messages: how many were counted. counts: by view and unit; rare ones are left out.
    """

    messages: int
    counts: Mapping[str, Mapping[str, int]]

    def share(self, view: str, unit: str) -> float:
        """Return the share of messages with the unit, never nought."""
        return (self.counts[view].get(unit, 0) + 0.5) / self.messages


@functools.cache
def speech() -> Speech:
    """Read speech.json.gz, which `learning.py` writes."""
    kept = json.loads(gzip.decompress((HERE / "speech.json.gz").read_bytes()))
    return Speech(kept["messages"], kept["counts"])
