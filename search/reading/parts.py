"""An article taken apart: its ways of asking, its answer, the sentences of that, and all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.analysis import Analyser
from search.documents import Faq
from search.reading.units import VIEWS, Units, sentences, units
from search.snippet import plain

# What an article is compared by: a way of asking, its answer, all of it, a sentence of the answer.
WAY, ANSWER, WHOLE, SENTENCE = range(4)
# A unit of an answer counts more when it comes again, up to this often.
ONCE, AGAIN, MOST = 0.6, 0.2, 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an article with its units by view; each unit with its weight.

    text: of a way of asking, as typed.
    """

    kind: int
    units: Mapping[str, Mapping[str, float]]
    text: str = ""


def parts_of(ways: Iterable[str], faq: Faq, analyser: Analyser) -> list[Part]:
    """Take an article apart. ways: its question and similar questions."""
    listed = list(ways)
    asked = [units(way, analyser) for way in listed]
    answer = plain(faq.answer)
    answered = units(answer, analyser)
    parts = [Part(WAY, _once(found), way) for found, way in zip(asked, listed, strict=True)]
    parts.append(Part(ANSWER, {view: _counted(answered[view]) for view in VIEWS}))
    whole = {
        view: tuple(unit for found in (*asked, answered) for unit in found[view]) for view in VIEWS
    }
    parts.append(Part(WHOLE, _once(whole)))
    parts += [Part(SENTENCE, _once(units(text, analyser))) for text in sentences(answer)]
    return parts


def _once(found: Units) -> dict[str, dict[str, float]]:
    return {view: dict.fromkeys(found[view], 1.0) for view in VIEWS}


def _counted(found: Sequence[str]) -> dict[str, float]:
    return {unit: min(MOST, ONCE + AGAIN * count) for unit, count in Counter(found).items()}
