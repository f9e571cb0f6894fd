"""The fitted numbers of a generation: class weights, feature weights, the gate of confidence.

Everything is linear and can be read: which term speaks for which FAQ (`learned`), what a similarity
counts (`weights`), and how sure an answer has to be (`gate`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.features import LEARNED, NAMES
from search.owners import KINDS, Owners
from search.postings import Floats

GATE = ("bias", "log_odds", "margin", "evidence", "strange", "inside", "outside")
FAQ = KINDS.index("faq")
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Model:
    """Fitted weights.

    learned: [terms, owners] float16. weights: by features.NAMES. gate: by GATE.
    """

    learned: npt.NDArray[np.float16]
    weights: Floats
    gate: Floats

    def save(self, folder: Path) -> None:
        """Write learned.npy and model.json."""
        np.save(folder / "learned.npy", self.learned)
        named = {
            "weights": dict(zip(NAMES, map(float, self.weights), strict=True)),
            "gate": dict(zip(GATE, map(float, self.gate), strict=True)),
        }
        (folder / "model.json").write_text(json.dumps(named, indent=2), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Map what `save` wrote."""
        named = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        return cls(
            np.load(folder / "learned.npy", mmap_mode="r"),
            np.array([named["weights"][name] for name in NAMES], np.float32),
            np.array([named["gate"][name] for name in GATE], np.float32),
        )


def posterior(evidence: Floats) -> Floats:
    """Softmax over the last axis: how the owners share the message's meaning."""
    shifted = np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def gate_features(owners: Owners, evidence: Floats, features: Floats) -> Floats:
    """Summarise rankings for the gate: [queries, len(GATE)].

    evidence: [queries, owners]; -inf leaves an owner out. features: [queries, owners, NAMES].
    """
    share = posterior(evidence)
    faqs = owners.kinds == FAQ
    of_faqs = np.where(faqs, evidence, -np.inf)
    order = np.argsort(-of_faqs, axis=1)[:, :2]
    rows = np.arange(len(evidence))
    first, second = order[:, 0], order[:, 1]
    chance = np.clip(share[rows, first], _FLOOR, 1 - _FLOOR)
    strange = np.clip(share[:, ~faqs].sum(axis=1), _FLOOR, 1)
    return np.stack(
        [
            np.ones(len(evidence), np.float32),
            np.log(chance / (1 - chance)),
            np.minimum(evidence[rows, first] - evidence[rows, second], 6),
            evidence[rows, first],
            np.log(strange),
            features[:, faqs, LEARNED].sum(axis=1),
            features[:, owners.kinds == KINDS.index("beyond"), LEARNED].sum(axis=1),
        ],
        axis=1,
    ).astype(np.float32)


def sigmoid(values: Floats) -> Floats:
    """Logistic function."""
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)
