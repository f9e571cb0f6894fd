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
from search.reading.units import HERE, units

# The penalty that keeps the weights small draws the shares together; this undoes it.
SHARPER = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What `learning.py` learned. features: by FEATURES. gate: by confidence.TRAITS.

    encoded: by FEATURES and encoder.LOOKS, where an encoder ranks too.
    answer: the confidence from which nearly all first articles were the right ones.
    offer: that from which three are worth showing.
    """

    features: Floats
    encoded: Floats
    gate: Floats
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

    def __call__(self, text: str) -> Verdict:
        """Judge a text as typed."""
        learned = weights()
        message = units(text, self._analyser)
        compared = self.articles.features(message)
        evidence = compared[0] @ learned.features
        ranked = evidence
        if self._encoded is not None:
            looked = np.concatenate([compared[0], self._encoded.likeness(text)], axis=1)
            ranked = looked @ learned.encoded
        share = shares(ranked * SHARPER)
        if not compared[1].any():
            return Verdict(share, 0.0)
        found = traits(self.articles, compared, message, learned.features, self._analyser)
        points = float(found @ learned.gate)
        confidence = float(1 / (1 + np.exp(-np.clip(points, -30, 30))))
        if ranked.argmax() != evidence.argmax():
            # Whether the encoder is right is not what the gate was asked: three are offered.
            confidence = min(confidence, (learned.answer + learned.offer) / 2)
        return Verdict(share, confidence)


@functools.cache
def weights() -> Weights:
    """Read weights.json."""
    kept = json.loads((HERE / "weights.json").read_text(encoding="utf-8"))
    return Weights(
        np.array([kept["features"][name] for name in FEATURES], np.float32),
        np.array([kept["encoded"][name] for name in (*FEATURES, *LOOKS)], np.float32),
        np.array([kept["gate"][name] for name in TRAITS], np.float32),
        kept["answer"],
        kept["offer"],
    )
