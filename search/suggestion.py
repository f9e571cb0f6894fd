"""Suggestions while typing: questions that go on as the customer began."""

from __future__ import annotations

from dataclasses import dataclass

from search.analysis import Analyser
from search.documents import Faq
from search.generation import Generation
from search.pinyin import Pinyin

_Entry = tuple[str, str, str, list[str], str, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One question to offer; `start` and `end` bound the matched part, both 0 when none shows."""

    faq_id: str
    text: str
    start: int
    end: int


class Suggester:
    """Finds questions by a piece of Chinese, by pinyin, or by its first letters."""

    def __init__(self, generation: Generation, before: Suggester | None = None) -> None:
        """Prepare for a generation; `before` lends the spelling of the FAQs that stayed."""
        self._generation = generation
        # Spelling every question takes a second, and the bot never asks for it.
        self._spelt: dict[str, tuple[Faq, list[_Entry]]] = before._spelt if before else {}
        self._entries: list[_Entry] | None = None

    def _all(self) -> list[_Entry]:
        if self._entries is None:
            analyser = self._generation.analyser
            spelt = {}
            for faq in self._generation.content.faqs.values():
                known = self._spelt.get(faq.id)
                spelt[faq.id] = (
                    known if known and known[0] is faq else (faq, _entries(faq, analyser))
                )
            self._spelt = spelt
            self._entries = [entry for _, entries in spelt.values() for entry in entries]
        return self._entries

    def __call__(self, typed: str, limit: int) -> list[Suggestion]:
        """Return at most one suggestion per FAQ, the best first."""
        query = self._generation.analyser.normalise(typed).strip()
        if not query:
            return []
        letters = "".join(char for char in query if char.isascii() and char.isalnum())
        pinyin = letters if letters == query.replace(" ", "").replace("'", "") else ""
        best: dict[str, tuple[tuple[int, ...], Suggestion]] = {}
        for faq_id, text, plain, syllables, initials, rank in self._all():
            found = _match(query, pinyin, plain, syllables, initials)
            if found is None:
                continue
            kind, start, end = found
            if len(text) != len(plain):
                start = end = 0  # normalising moved the characters
            # The FAQ's own question before a similar one; a match at the beginning first.
            key = (int(rank > 0), kind, int(start > 0), len(text))
            if faq_id not in best or key < best[faq_id][0]:
                best[faq_id] = (key, Suggestion(faq_id, text, start, end))
        return [found for _, found in sorted(best.values(), key=lambda item: item[0])[:limit]]


def _entries(faq: Faq, analyser: Analyser) -> list[_Entry]:
    found = []
    for rank, text in enumerate((faq.question, *faq.similar)):
        plain = analyser.normalise(text)
        found.append((faq.id, text, plain, *_spelt(plain, analyser.pinyin), rank))
    return found


def _spelt(text: str, pinyin: Pinyin) -> tuple[list[str], str]:
    syllables = pinyin.letters(text)
    return syllables, "".join(part[:1] for part in syllables)


def _match(
    query: str, pinyin: str, plain: str, syllables: list[str], initials: str
) -> tuple[int, int, int] | None:
    at = plain.find(query)
    if at >= 0:
        return 0, at, at + len(query)
    if len(pinyin) < 2:
        return None
    for start in range(len(syllables)):
        spelt = ""
        for end in range(start, len(syllables)):
            spelt += syllables[end]
            if spelt.startswith(pinyin):
                return 1, start, end + 1
            if not pinyin.startswith(spelt):
                break
    at = initials.find(pinyin)
    return (2, at, at + len(pinyin)) if at >= 0 and len(pinyin) > 1 else None
