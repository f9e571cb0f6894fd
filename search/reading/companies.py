"""Small companies made of a help center's own articles, and what their customers ask.

Of articles with many listed ways of asking some are drawn at random, and all ways but the question,
or but a few, are hidden: these are what customers ask.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from search.analysis import Analyser
from search.content import Content
from search.index import rows_of
from search.postings import Floats
from search.reading.articles import Articles
from search.reading.encoder import Encoded, Encoder
from search.reading.opinion import Opinion, elsewhere
from search.reading.parts import parts_of
from search.reading.units import Units, units

COMPANIES = 24
SIZES = (20, 30, 45, 60, 80)
# Ways of asking beside the question that a company has listed: mostly none.
LISTED = (0, 0, 0, 1, 3)
# Messages of each company: of its own articles, of articles that it has not, of other subjects.
INSIDE, MISSING, OUTSIDE = 120, 15, 15
ALIKE = 40.0  # likeness to the question, 0 to 100, from which a message is left out


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as one company sees it. truth: its article's place, None where there is none.

    looks: what an encoder finds, [articles, encoder.LOOKS]; no columns without one. opinion: what
    judges these looks, None without one.
    """

    text: str

    features: Floats
    known: Floats
    message: Units
    articles: Articles
    truth: int | None
    looks: Floats
    opinion: Opinion | None


def ask(
    content: Content,
    analyser: Analyser,
    dice: random.Random,
    encoder: Encoder | None,
    companies: int = COMPANIES,
    few: Sequence[int] = LISTED,
) -> Iterator[Asked]:
    """Let many small companies be asked. few: how many ways of asking these have listed."""
    ways: dict[str, list[str]] = defaultdict(list)
    beyond: list[str] = []
    for kind, owner, text, _ in rows_of(content):
        if kind == "faq":
            ways[owner].append(text)
        elif kind == "beyond":
            beyond.append(text)
    for _ in range(companies):
        size, listed = dice.choice(SIZES), dice.choice(few)
        drawn = dice.sample(sorted(ways), min(size, len(ways)))
        shown: dict[str, list[str]] = {}
        hidden: list[tuple[str, str]] = []
        for faq_id in drawn:
            rest = ways[faq_id][1:]
            dice.shuffle(rest)
            shown[faq_id] = [ways[faq_id][0], *rest[:listed]]
            hidden += [(text, faq_id) for text in rest[listed:]]
        articles = Articles.of(
            {
                faq_id: parts_of(texts, content.faqs[faq_id], analyser)
                for faq_id, texts in shown.items()
            }
        )
        encoded = Encoded.of(articles.ids, content.faqs, encoder) if encoder is not None else None
        opinion = Opinion(articles, encoded, analyser) if encoded is not None else None
        place = {faq_id: at for at, faq_id in enumerate(articles.ids)}
        # Those in nearly the words of the question teach nothing of what is hard.
        hidden = [
            (text, faq_id) for text, faq_id in hidden if fuzz.ratio(text, shown[faq_id][0]) < ALIKE
        ]
        others = [text for faq_id in ways if faq_id not in place for text in ways[faq_id]]
        messages: list[tuple[str, str | None]] = [
            *dice.sample(hidden, INSIDE),
            *((text, None) for text in dice.sample(others, min(MISSING, len(others)))),
            *((text, None) for text in dice.sample(beyond, OUTSIDE)),
            *((text, None) for text in dice.sample(elsewhere(), OUTSIDE)),
        ]
        for text, source in messages:
            message = units(text, analyser)
            features, known = articles.features(message)
            truth = None if source is None else place[source]
            looks = np.zeros((len(place), 0), np.float32)
            if encoded is not None:
                looks = encoded.likeness(text)
            yield Asked(text, features, known, message, articles, truth, looks, opinion)
