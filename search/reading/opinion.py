"""What tells whether the first article is the right one, where an encoder is heard too.

An encoder finds something near to anything. That says little alone, and much beside how near the
message is to the other articles, to what customers ask elsewhere, and how near the article is to
that: near to everything is near to nothing.
"""

from __future__ import annotations

import functools

import numpy as np

from search.analysis import Analyser
from search.postings import Floats, as_floats
from search.reading.articles import FEATURES, Articles
from search.reading.confidence import compare_words, shares
from search.reading.encoder import LOOKS, Encoded
from search.reading.units import HERE, Units

# way.…: of the first article's question or listed way of asking. missing, unasked, strange: as in
# confidence.TRAITS. log_odds, third, evidence: of its share, its lead over the fourth, its
# evidence. agreed: by how many of the features it comes first.
# By look: how like it is, by how much it leads, how far it stands above the others' spread.
# elsewhere, elsewhere.ten: how like the message is to the nearest and the ten nearest of what is
# asked elsewhere; beside.…: how far its likeness stands above that of what is asked elsewhere.
HEARD = (
    "bias",
    "way.chars",
    "way.pinyin",
    "way.meanings",
    "missing",
    "unasked",
    "strange",
    "log_odds",
    "third",
    "evidence",
    "agreed",
    *(f"{look}.{what}" for look in LOOKS for what in ("alike", "lead", "above")),
    "elsewhere",
    "elsewhere.ten",
    "beside.question",
    "beside.whole",
    "length",
    "articles",
)
# Articles from which an opinion says what it was learned to say; of fewer, one is always far ahead.
FEWEST = 20
# Likeness (chars.way) to a way of asking from which a message is nearly that: then words decide.
NEARLY = 0.45
WIDEST = 8.0  # lead beyond which more says no more
_PLACE = {name: at for at, name in enumerate(FEATURES)}
WAY = _PLACE["chars.way"]
_LITTLE = 1e-3


@functools.cache
def elsewhere() -> tuple[str, ...]:
    """Read elsewhere.txt: what customers ask of other companies."""
    lines = (HERE / "elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


class Opinion:
    """The articles of a help center as they stand to what is asked elsewhere."""

    def __init__(self, articles: Articles, encoded: Encoded, analyser: Analyser) -> None:
        """encoded: of the same articles, in their order."""
        self._articles = articles
        self._encoded = encoded
        self._analyser = analyser
        self._others = encoded.encoder(elsewhere())
        self._habits = [
            _habit(self._others @ part.T) for part in (encoded.questions, encoded.wholes)
        ]

    def traits(
        self, text: str, message: Units, features: Floats, looks: Floats, weights: Floats
    ) -> Floats:
        """Summarise how a message's first article stands: [len(HEARD)].

        looks: as Encoded.likeness gives it. weights: by FEATURES and LOOKS.
        """
        evidence = np.concatenate([features, looks], axis=1) @ weights
        best = int(evidence.argmax())
        share = float(np.clip(shares(evidence)[best], 1e-6, 1 - 1e-6))
        ordered = np.sort(evidence)[::-1]
        own = features[best]
        found = [
            1.0,
            float(own[WAY]),
            float(own[_PLACE["pinyin.way"]]),
            float(own[_PLACE["meanings.way"]]),
            *compare_words(self._articles, best, message, self._analyser)[:3],
            float(np.log(share / (1 - share))),
            min(float(ordered[0] - ordered[min(3, len(ordered) - 1)]), WIDEST),
            float(ordered[0]),
            float(((own > 0) & (own >= features.max(axis=0))).sum()),
        ]
        for column in looks.T:
            others = np.delete(column, best)
            alike = float(column[best])
            found += (
                [alike, alike - float(others.max()), _above(alike, others.mean(), others.std())]
                if len(others)
                else [alike, 0.0, 0.0]
            )
        near = self._near(text)
        found += [float(near[0]), float(near[:10].mean())]
        for look, (mean, spread) in enumerate(self._habits):
            found.append(_above(float(looks[best, look]), mean[best], spread[best]))
        found += [float(np.log(max(1, len(text)))), float(np.log(len(evidence)))]
        return as_floats(np.array(found))

    def _near(self, text: str) -> Floats:
        """Compare a message with what is asked elsewhere but the message itself, nearest first."""
        alike = self._others @ self._encoded.encoder([text])[0]
        asked = np.array([line != text for line in elsewhere()])
        return as_floats(np.sort(alike[asked])[::-1])


def _habit(alike: Floats) -> tuple[Floats, Floats]:
    return as_floats(alike.mean(axis=0)), as_floats(alike.std(axis=0))


def _above(value: float, mean: float, spread: float) -> float:
    return float((value - mean) / (spread + _LITTLE))
