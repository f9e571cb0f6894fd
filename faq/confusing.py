"""`faq confusions`: which FAQs take each other's questions, and which lack ways of asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from faq import words
from search import Engine
from search.confusions import Unseen

# FAQs and single questions shown; takers named of an FAQ; a taker surer than this is named.
WORST, SUREST, TAKERS, SURE = 20, 30, 3, 0.8


@dataclass(frozen=True, slots=True)
class Standing:
    """How an FAQ's ways of asking fare when they are not listed.

    right: of `total`, how many still lead to it. takers: (FAQ id, how many it takes), most first.
    """

    faq: str
    total: int
    right: int
    takers: tuple[tuple[str, int], ...]


def standings(judged: Iterable[Unseen]) -> list[Standing]:
    """Count by FAQ; the one with the smallest share of right ones first."""
    by_faq: dict[str, list[Unseen]] = {}
    for one in judged:
        by_faq.setdefault(one.faq, []).append(one)
    found = []
    for faq, own in by_faq.items():
        taken = Counter(one.taker for one in own if one.taker != faq)
        takers = tuple(taken.most_common(TAKERS))
        found.append(Standing(faq, len(own), len(own) - taken.total(), takers))
    return sorted(found, key=lambda one: (one.right / one.total, one.faq))


def taken(judged: Iterable[Unseen]) -> list[Unseen]:
    """List the questions that another FAQ takes surely, the surest first."""
    found = [one for one in judged if one.taker != one.faq and one.share >= SURE]
    return sorted(found, key=lambda one: (-one.share, one.faq, one.text))


def lines(judged: list[Unseen], engine: Engine) -> Iterator[str]:
    """Put the worst into lines to read, each with what to do."""
    title = {faq.id: faq.question for faq in engine.faqs()}
    right = sum(one.taker == one.faq for one in judged)
    share = round(100 * right / max(1, len(judged)))
    yield words.say("confusions.summary", total=len(judged), share=share)
    yield ""
    yield words.say("confusions.worst")
    for standing in standings(judged)[:WORST]:
        takers = "，".join(
            words.say("confusions.taker", question=title.get(faq, faq), count=count)
            for faq, count in standing.takers
        )
        yield words.say(
            "confusions.standing",
            question=title.get(standing.faq, standing.faq),
            faq=standing.faq,
            total=standing.total,
            right=standing.right,
            takers=takers or words.say("confusions.nobody"),
        )
    yield ""
    yield words.say("confusions.surest")
    for one in taken(judged)[:SUREST]:
        yield words.say(
            "confusions.taken",
            text=one.text,
            faq=one.faq,
            taker=title.get(one.taker, one.taker),
            taker_id=one.taker,
            share=round(100 * one.share),
        )


def as_json(judged: list[Unseen]) -> dict[str, Any]:
    """Show everything to programs."""
    return {
        "faqs": [asdict(standing) for standing in standings(judged)],
        "taken": [asdict(one) for one in taken(judged)],
    }
