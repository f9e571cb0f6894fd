"""The fitted numbers of a generation: class weights, feature weights, the gate of confidence.

Everything is linear and can be read: which term speaks for which FAQ (`classes`, through the
hashing), what a similarity counts (`weights`), and how sure an answer has to be (`gate`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from learning.vectors import Encode
from search.classifier import Classes
from search.features import NAMES, Asked, Compiled, View, view
from search.hashing import Hashing
from search.meaning import Meaning
from search.owners import KINDS, Owners
from search.postings import Field, Floats, as_floats

GATE = ("bias", "log_odds", "margin", "evidence", "strange", "inside", "outside")
FAQ = KINDS.index("faq")
BEYOND = KINDS.index("beyond")
SMALLTALK = KINDS.index("smalltalk")
HUMAN = KINDS.index("human")
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Model:
    """Fitted weights.

    weights: by features.NAMES. gate: by GATE. meaning: None without an encoder.
    """

    hashing: Hashing
    classes: Classes
    weights: Floats
    gate: Floats
    meaning: Meaning | None = None

    def view(self, compiled: Compiled, asked: Asked, reading: Asked | None = None) -> View:
        """See a query with these class weights.

        reading: the query as it was probably meant, None where that is as typed. The class weights
        hear both alike; nearness is that of what was typed.
        """
        places, values = self.hashing.vector(compiled.fields, asked)
        if reading is not None:
            others, also = self.hashing.vector(compiled.fields, reading)
            places = np.concatenate([places, others])
            values = as_floats(np.concatenate([values, also]) / 2)
        meant = self.meaning.log_shares((reading or asked).plain) if self.meaning else None
        return view(compiled, asked, self.classes.log_shares((places, values)), meant)

    def save(self, folder: Path) -> None:
        """Write the arrays, and last model.json, which a finished generation has."""
        self.hashing.save(folder)
        self.classes.save(folder)
        if self.meaning is not None:
            self.meaning.save(folder)
        named = {
            "weights": dict(zip(NAMES, map(float, self.weights), strict=True)),
            "gate": dict(zip(GATE, map(float, self.gate), strict=True)),
        }
        (folder / "model.json").write_text(json.dumps(named, indent=2), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, fields: Mapping[str, Field], encode: Encode | None = None) -> Model:
        """Map what `save` wrote."""
        named = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        classes = Classes.load(folder)
        return cls(
            Hashing.load(folder, fields, len(classes.levels)),
            classes,
            np.array([named["weights"][name] for name in NAMES], np.float32),
            np.array([named["gate"][name] for name in GATE], np.float32),
            Meaning.load(folder, encode),
        )


def posterior(evidence: Floats) -> Floats:
    """Softmax over the last axis: how the owners share the message's meaning."""
    shifted = np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def gate_features(owners: Owners, seen: View, evidence: Floats) -> Floats:
    """Summarise a ranking for the gate: [len(GATE)].

    evidence: by candidate; -inf leaves one out.
    """
    share = posterior(evidence)
    faqs = owners.kinds[seen.candidates] == FAQ
    of_faqs = np.sort(evidence[faqs])[::-1] if faqs.any() else np.array([-20.0])
    best = float(of_faqs[0])
    margin = min(best - float(of_faqs[1]), 6.0) if len(of_faqs) > 1 else 6.0
    chance = min(max(float(share[faqs].max(initial=0)), _FLOOR), 1 - _FLOOR)
    strange = min(max(float(share[~faqs].sum()), _FLOOR), 1.0)
    return np.array(
        [
            1,
            np.log(chance / (1 - chance)),
            margin,
            best,
            np.log(strange),
            seen.kinds[FAQ],
            seen.kinds[BEYOND],
        ],
        np.float32,
    )


def sigmoid(value: float) -> float:
    """Logistic function."""
    return float(1 / (1 + np.exp(-np.clip(value, -30, 30))))
