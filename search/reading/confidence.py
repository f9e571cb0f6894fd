"""What tells whether the article that came first is the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from search.analysis import Analyser
from search.postings import Floats, as_floats
from search.reading.articles import FEATURES, PARTS, Articles
from search.reading.units import VIEWS, Units, meanings, units, words

# log_odds … evidence: of the first article's share. known: by view, what any article holds of the
# message. missing: the share of its words that the first one lacks, unasked: the share of the
# question's words that the message lacks, strange: the share of its characters that the article
# lacks; lacking: words of two characters and more that it lacks; agreed: by how many kinds of
# parts (ways of asking, answer, whole, sentences) this article comes first.
TRAITS = (
    "bias",
    "log_odds",
    "margin",
    "evidence",
    *(f"known.{view}" for view in VIEWS),
    "way.chars",
    "way.meanings",
    "missing",
    "unasked",
    "strange",
    "lacking",
    "agreed",
)
WIDEST = 6.0  # margin over the second article beyond which more says no more
_FLOOR = 1e-6


def shares(evidence: Floats) -> Floats:
    """Say how the articles share a message's meaning."""
    found = np.exp(evidence - evidence.max())
    return as_floats(found / found.sum())


def traits(
    articles: Articles,
    compared: tuple[Floats, Floats],
    message: Units,
    weights: Floats,
    analyser: Analyser,
) -> Floats:
    """Summarise how a message's first article stands: [len(TRAITS)].

    compared: as Articles.features gives it. weights: by FEATURES.
    """
    features, known = compared
    evidence = features @ weights
    best = int(evidence.argmax())
    share = float(np.clip(shares(evidence)[best], _FLOOR, 1 - _FLOOR))
    second = float(np.partition(evidence, -2)[-2]) if len(evidence) > 1 else -np.inf
    own = dict(zip(FEATURES, features[best].tolist(), strict=True))
    of_parts = [
        features[:, at :: len(PARTS)] @ weights[at :: len(PARTS)] for at in range(len(PARTS))
    ]
    return as_floats(
        np.array(
            [
                1.0,
                np.log(share / (1 - share)),
                min(float(evidence[best]) - second, WIDEST),
                float(evidence[best]),
                *known,
                own["chars.way"],
                own["meanings.way"],
                *compare_words(articles, best, message, analyser),
                sum(float(one.max()) > 0 and int(one.argmax()) == best for one in of_parts),
            ]
        )
    )


def compare_words(
    articles: Articles, article: int, message: Units, analyser: Analyser
) -> tuple[float, float, float, float]:
    """Compare message and article word by word: missing, unasked, strange, lacking.

    A word is there where one of its meaning is.
    """
    groups = meanings(analyser).of
    terms, chars, meant = (articles.views[name] for name in ("terms", "chars", "meanings"))
    held = {name: articles.holds(article, name) for name in ("terms", "chars", "meanings")}
    said = words(message)
    meanings_said = set(message["meanings"])
    lacking = [
        word
        for word in said
        if terms.terms.get(word) not in held["terms"]
        and not any(meant.terms.get(group) in held["meanings"] for group in groups(word))
    ]
    question = words(units(articles.questions[article], analyser))
    unasked = [
        word for word in question if word not in said and meanings_said.isdisjoint(groups(word))
    ]
    letters = sorted({unit for unit in message["chars"] if len(unit) == 1})
    strange = [unit for unit in letters if chars.terms.get(unit) not in held["chars"]]

    def telling(word: str) -> float:
        return float(terms.rarity(word) * np.sqrt(max(articles.specificity(word), 0.05)))

    return (
        _part(lacking, said, terms.rarity),
        _part(unasked, question, telling),
        _part(strange, letters, chars.rarity),
        float(sum(len(word) > 1 for word in lacking)),
    )


def _part(some: Iterable[str], everything: Iterable[str], weigh: Callable[[str], float]) -> float:
    whole = sum(weigh(unit) ** 2 for unit in everything)
    return float(sum(weigh(unit) ** 2 for unit in some) / max(whole, _FLOOR))
