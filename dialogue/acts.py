"""What kind of act a message is: a linear classifier taught by the examples of acts.yml.

Multinomial logistic regression on groups of one to three characters. The acts are named after
the dialogue acts of ISO 24617-2 where that has a name (`standard` in the file).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from learning.kept import Arrays, Floats, kept_or_made
from learning.text import bared, groups
from learning.written import load

Normalise = Callable[[str], str]

# A message that brings up a matter of its own: what the FAQs' questions are examples of.
MATTER = "matter"
PASSES = 8
STEP = 0.6
DECAY = 2e-5
SEED = 20_261_129
# Longer messages are read by their beginning and end; what lies between is rarely the act.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Act:
    """The act of a message: its name, and how probable it is among all acts (0 to 1)."""

    name: str
    share: float


class Acts:
    """Tells acts by examples.

    examples: act → messages. normalise: brings a text into the form that is compared. kept: a
    folder that fitted weights are kept in, under what they were fitted on; None keeps nothing.
    needs: act → words of which a message has to hold one, never: act → words that rule it out;
    a listed message needs and minds none.
    """

    def __init__(
        self,
        examples: Mapping[str, Iterable[str]],
        normalise: Normalise,
        kept: Path | None = None,
        needs: Mapping[str, Sequence[str]] | None = None,
        never: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._needs = dict(needs or {})
        self._never = dict(never or {})
        self._normalise = normalise
        self.names = tuple(examples)
        texts: list[str] = []
        truth: list[int] = []
        self._listed: dict[str, str] = {}
        for number, (name, messages) in enumerate(examples.items()):
            for message in messages:
                text = self._form(message)
                texts.append(text)
                truth.append(number)
                if name != MATTER:
                    self._listed.setdefault(text, name)
        made_of = (PASSES, STEP, DECAY, self.names, truth, texts)
        digest = hashlib.sha256(repr(made_of).encode())
        path = kept / f"acts-{digest.hexdigest()[:32]}.npz" if kept else None
        made = kept_or_made(path, lambda: self._learn(texts, truth))
        self._take(made["groups"].tolist(), made["idf"])
        self._weights: Floats = made["weights"]

    def tell(self, text: str) -> Act:
        """Return the likeliest act of a text; one listed word for word is certain."""
        form = self._form(text)
        listed = self._listed.get(form)
        if listed is not None:
            return Act(listed, 1.0)
        shares = self._shares(form).copy()
        for name, words in self._needs.items():
            if not any(word in form for word in words):
                shares[self.names.index(name)] = 0
        for name, words in self._never.items():
            if any(word in form for word in words):
                shares[self.names.index(name)] = 0
        best = int(shares.argmax())
        return Act(self.names[best], float(shares[best]))

    def shares(self, text: str) -> dict[str, float]:
        """Return how probable each act is."""
        return dict(zip(self.names, map(float, self._shares(self._form(text))), strict=True))

    def reasons(self, text: str, act: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the groups of characters that speak most for an act, with what they count."""
        places, values = self._vector(groups(self._form(text)))
        column = self.names.index(act)
        known = list(self._places)
        points = [
            (known[place], float(value * self._weights[place, column]))
            for place, value in zip(places.tolist(), values.tolist(), strict=True)
        ]
        return sorted(points, key=lambda point: -point[1])[:most]

    def _form(self, text: str) -> str:
        kept = bared(self._normalise(text)) or text.strip()[:3]
        return kept if len(kept) <= 2 * LONGEST else kept[:LONGEST] + kept[-LONGEST:]

    def _shares(self, form: str) -> Floats:
        places, values = self._vector(groups(form))
        evidence = values @ self._weights[places] + self._weights[-1]
        shares = np.exp(evidence - evidence.max())
        return np.asarray(shares / shares.sum(), np.float32)

    def _take(self, names: list[str], idf: Floats) -> None:
        self._places = {group: place for place, group in enumerate(names)}
        self._idf = idf

    def _learn(self, texts: Sequence[str], truth: Sequence[int]) -> Arrays:
        rows = [groups(text) for text in texts]
        seen = Counter(group for row in rows for group in row)
        names = sorted(seen)
        idf = np.array([math.log(1 + len(rows) / seen[group]) for group in names], np.float32)
        self._take(names, idf)
        weights = self._fit([self._vector(row) for row in rows], truth)
        return {"groups": np.array(names, np.str_), "idf": idf, "weights": weights}

    def _vector(self, row: Counter[str]) -> tuple[npt.NDArray[np.int64], Floats]:
        found = [self._places[group] for group in row if group in self._places]
        places = np.array(found, np.int64)
        values = self._idf[places]
        length = float(np.sqrt((values**2).sum())) or 1.0
        return places, np.asarray(values / length, np.float32)

    def _fit(
        self, rows: Sequence[tuple[npt.NDArray[np.int64], Floats]], truth: Sequence[int]
    ) -> Floats:
        """Fit by stochastic gradient; the last row of the weights is the acts' prior."""
        draw = np.random.default_rng(SEED)
        weights = np.zeros((len(self._places) + 1, len(self.names)), np.float32)
        # Acts with many examples must not win by their number alone.
        counts = np.bincount(truth, minlength=len(self.names))
        worth = np.clip((counts.mean() / np.maximum(counts, 1)) ** 0.5, 0.3, 2.0)
        left = total = PASSES * len(rows)
        for _ in range(PASSES):
            for row in draw.permutation(len(rows)).tolist():
                places, values = rows[row]
                step = 8 * STEP * left / total * float(worth[truth[row]])
                left -= 1
                evidence = values @ weights[places] + weights[-1]
                shares = np.exp(evidence - evidence.max())
                shares /= shares.sum()
                shares[truth[row]] -= 1
                weights[places] -= step * (np.outer(values, shares) + DECAY * weights[places])
                weights[-1] -= 0.05 * step * shares
        return weights


def read_acts(path: Path) -> dict[str, list[str]]:
    """Read acts.yml: act → messages."""
    written = _written(path)
    return {name: [str(message) for message in one["messages"]] for name, one in written.items()}


def read_needs(path: Path) -> dict[str, list[str]]:
    """Read which words the acts of acts.yml need: act → words."""
    written = _written(path)
    return {name: one["needs"] for name, one in written.items() if one.get("needs")}


def read_never(path: Path) -> dict[str, list[str]]:
    """Read which words rule the acts of acts.yml out: act → words."""
    written = _written(path)
    return {name: one["never"] for name, one in written.items() if one.get("never")}


def read_answers(path: Path) -> dict[str, tuple[str | None, str | None]]:
    """Read what acts.yml answers acts with: act → (FAQ, phrase of data/phrases)."""
    written = _written(path)
    return {
        name: (one.get("faq"), one.get("say"))
        for name, one in written.items()
        if one.get("faq") or one.get("say")
    }


def _written(path: Path) -> dict[str, Any]:
    acts: dict[str, Any] = load(path.read_text(encoding="utf-8"))["acts"]
    return acts
