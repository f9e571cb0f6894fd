"""From a message to the articles that answer it, and how sure that is."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass

import numpy as np

from search.analysis import Analyser
from search.postings import Floats
from search.reading.articles import FEATURES, Articles
from search.reading.confidence import TRAITS, shares, traits
from search.reading.encoder import LOOKS, Encoded
from search.reading.opinion import FEWEST, HEARD, NEARLY, WAY, Opinion
from search.reading.units import HERE, units

# The penalty that keeps the weights small draws the shares together; this undoes it.
SHARPER = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What `learning.py` learned. features: by FEATURES. gate: by confidence.TRAITS.

    encoded: by FEATURES and encoder.LOOKS, where an encoder ranks too; heard: by opinion.HEARD, and
    heard_answer the confidence by it from which the first article is given.
    answer: the confidence from which nearly all first articles were the right ones.
    offer: that from which three are worth showing.
    """

    features: Floats
    encoded: Floats
    gate: Floats
    heard: Floats
    heard_answer: float
    answer: float
    offer: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message judged: by article in their order, its share; and the confidence in the best one.

    confidence: 0 to 1; weights().answer and .offer say what follows from it.
    """

    share: Floats
    confidence: float


class Reader:
    """Judges messages by a help center's articles."""

    def __init__(
        self, articles: Articles, analyser: Analyser, encoded: Encoded | None = None
    ) -> None:
        """encoded: the articles in the same order, where an encoder is to rank too."""
        self.articles = articles
        self._analyser = analyser
        self._encoded = encoded
        self._opinion: Opinion | None = None
        if encoded is not None and len(articles.ids) >= FEWEST:
            self._opinion = Opinion(articles, encoded, analyser)

    def __call__(self, text: str) -> Verdict:
        """Judge a text as typed."""
        learned = weights()
        message = units(text, self._analyser)
        compared = self.articles.features(message)
        looks = self._encoded.likeness(text) if self._encoded is not None else None
        ranked = compared[0] @ learned.features
        if looks is not None:
            ranked = np.concatenate([compared[0], looks], axis=1) @ learned.encoded
        share = shares(ranked * SHARPER)
        if not compared[1].any():
            return Verdict(share, 0.0)
        found = traits(self.articles, compared, message, learned.features, self._analyser)
        confidence = _chance(found, learned.gate)
        if looks is None:
            return Verdict(share, confidence)
        best = int(ranked.argmax())
        offered = min(confidence, (learned.answer + learned.offer) / 2)
        if self._opinion is None or compared[0][best, WAY] >= NEARLY:
            # Words decide; whether an encoder that differs is right is not what they were asked.
            agreed = best == int((compared[0] @ learned.features).argmax())
            return Verdict(share, confidence if agreed else offered)
        heard = self._opinion.traits(text, message, compared[0], looks, learned.encoded)
        chance = _chance(heard, learned.heard)
        if chance < learned.heard_answer:
            # Not sure enough to be given; the words alone say whether three are worth showing.
            return Verdict(share, offered)
        surplus = (chance - learned.heard_answer) / (1 - learned.heard_answer)
        return Verdict(share, learned.answer + surplus * (1 - learned.answer))


def _chance(found: Floats, gate: Floats) -> float:
    return float(1 / (1 + np.exp(-np.clip(float(found @ gate), -30, 30))))


@functools.cache
def weights() -> Weights:
    """Read weights.json."""
    kept = json.loads((HERE / "weights.json").read_text(encoding="utf-8"))
    return Weights(
        np.array([kept["features"][name] for name in FEATURES], np.float32),
        np.array([kept["encoded"][name] for name in (*FEATURES, *LOOKS)], np.float32),
        np.array([kept["gate"][name] for name in TRAITS], np.float32),
        np.array([kept["heard"][name] for name in HEARD], np.float32),
        kept["heard_answer"],
        kept["answer"],
        kept["offer"],
    )
