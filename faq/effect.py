"""What a draft would change for customers: misses of before that it answers, answers it takes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from faq.questions import bare_of
from faq.reporting import is_missed
from search import Engine
from web.desk.asked import Question

SINCE = dt.timedelta(days=28)  # what customers asked since is looked at
MOST = 250  # texts of each kind that are ranked, the commonest first
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Moved:
    """A text that customers asked so many times. other: the FAQ that answers it today."""

    text: str
    times: int
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of the questions of the last weeks.

    answered, offered: misses to which the draft would be the answer, or one of the choices.
    taken: answered questions that it would take from another FAQ. looked: texts that were ranked.
    """

    answered: tuple[Moved, ...]
    offered: tuple[Moved, ...]
    taken: tuple[Moved, ...]
    looked: int


def effect(
    now: Engine,
    then: Engine,
    faq_id: str,
    asked: Sequence[Question],
    normalise: Callable[[str], str],
) -> Effect:
    """Rank what customers asked as it is served now, and as it would be with a draft."""
    missed, fine = _texts(asked, normalise, missed=True), _texts(asked, normalise, missed=False)
    answered, offered, taken = [], [], []
    for text, times in missed:
        ranking = then.rank(text, limit=3)
        if ranking.band == "unknown" or faq_id not in [hit.id for hit in ranking.hits]:
            continue
        before = now.rank(text, limit=3)
        had = before.band != "unknown" and faq_id in [hit.id for hit in before.hits]
        first = ranking.band == "answer" and ranking.hits[0].id == faq_id
        was = had and before.band == "answer" and before.hits[0].id == faq_id
        if first and not was:
            answered.append(Moved(text, times))
        elif not first and not had:
            offered.append(Moved(text, times))
    for text, times in fine:
        ranking = then.rank(text, limit=1)
        if ranking.hits and ranking.hits[0].id == faq_id:
            before = now.rank(text, limit=1)
            if before.hits and before.hits[0].id != faq_id and before.band != "unknown":
                taken.append(Moved(text, times, before.hits[0].id))
    one, two, three = (tuple(found[:SHOWN]) for found in (answered, offered, taken))
    return Effect(one, two, three, len(missed) + len(fine))


def _texts(
    asked: Sequence[Question], normalise: Callable[[str], str], *, missed: bool
) -> list[tuple[str, int]]:
    """List texts with how often they were asked, in whatever spelling, the commonest first."""
    times: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for question in asked:
        if is_missed(question) == missed and (missed or question.outcome in ("answer", "flow")):
            bare = bare_of(normalise(question.text))
            times[bare] += 1
            shown.setdefault(bare, question.text)
    return [(shown[bare], count) for bare, count in times.most_common(MOST)]
