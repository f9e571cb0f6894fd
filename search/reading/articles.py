"""The articles as arrays: what each of their parts shares with a message."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.postings import EPSILON, Floats, Ints, as_floats, mapped
from search.reading.parts import ANSWER, SENTENCE, WAY, WHOLE, Part
from search.reading.units import VIEWS, Units
from search.reading.view import View

PARTS = ("way", "answer", "whole", "sentence")
# Share of the parts that go from which the postings are made anew rather than spliced.
ANEW = 0.1
FEATURES = tuple(f"{view}.{part}" for view in VIEWS for part in PARTS)


@dataclass(frozen=True, slots=True)
class Articles:
    """All articles of a help center, taken apart.

    ids, questions: of the FAQs, in their order. owner, kinds: by part, which article it is of and
    what of it.
    """

    ids: tuple[str, ...]
    questions: tuple[str, ...]
    owner: Ints
    kinds: Ints
    views: Mapping[str, View]

    @classmethod
    def of(cls, articles: Mapping[str, Sequence[Part]], before: Articles | None = None) -> Articles:
        """Put articles together: those of `before` as they are, the given ones anew behind them.

        articles: by FAQ id, their parts; none for one that is to go.
        """
        kept = (
            np.array([faq_id not in articles for faq_id in before.ids], bool)
            if before is not None
            else np.zeros(0, bool)
        )
        named = list(zip(before.ids, before.questions, strict=True)) if before is not None else []
        named = [one for one, stays in zip(named, kept, strict=True) if stays]
        stays = kept[before.owner] if before is not None else np.zeros(0, bool)
        number = np.cumsum(kept, dtype=np.int32) - 1
        owner = [number[before.owner[stays]]] if before is not None else []
        kinds = [before.kinds[stays]] if before is not None else []
        added: list[Part] = []
        for faq_id, parts in articles.items():
            if parts:
                owner.append(np.full(len(parts), len(named), np.int32))
                kinds.append(np.array([part.kind for part in parts], np.int32))
                named.append((faq_id, parts[0].text))
                added += parts
        all_kinds = np.concatenate([np.zeros(0, np.int32), *kinds])
        views = {}
        for name in VIEWS:
            old = before.views[name] if before is not None else None
            terms = dict(old.terms) if old is not None else {}
            rows = _rows(name, terms, old, stays, added)
            views[name] = (
                old.spliced(terms, rows, all_kinds, before.kinds, stays)
                if old is not None and before is not None and (~stays).mean() < ANEW
                else View.of(name, terms, rows, all_kinds)
            )
        owners = np.concatenate([np.zeros(0, np.int32), *owner])
        ids, questions = (tuple(one[at] for one in named) for at in (0, 1))
        return cls(ids, questions, owners, all_kinds, views)

    def holds(self, article: int, view: str) -> frozenset[int]:
        """List the numbers of the units that an article holds anywhere."""
        part = int(np.flatnonzero((self.owner == article) & (self.kinds == WHOLE))[0])
        own = self.views[view]
        return frozenset(own.held[own.starts[part] : own.starts[part + 1]].tolist())

    def specificity(self, word: str) -> float:
        """Tell how few articles hold a word: 1 for a single one, 0 for all of them or none."""
        view = self.views["terms"]
        number = view.terms.get(word)
        if number is None or len(self.ids) < 2:
            return 0.0
        parts = view.of_part[view.bounds[number] : view.bounds[number + 1]]
        holders = max(1, int((self.kinds[parts] == WHOLE).sum()))
        return float(1 - np.log(holders) / np.log(len(self.ids)))

    def features(self, message: Units) -> tuple[Floats, Floats]:
        """Compare a message with every article: [articles, FEATURES], and by view what is known.

        Known is the share of the message, by rarity, that any article holds.
        """
        count = len(self.ids)
        columns: list[Floats] = []
        known: list[float] = []
        for name in VIEWS:
            view = self.views[name]
            shared, mass, familiar = view.shared(message[name])
            known.append(familiar / mass)
            likeness = shared / np.sqrt(np.maximum(view.mass, EPSILON) * np.float32(mass))
            share = shared / np.float32(mass)
            for kind, values in (
                (WAY, likeness),
                (ANSWER, likeness),
                (WHOLE, share),
                (SENTENCE, share),
            ):
                chosen = self.kinds == kind
                best = np.zeros(count, np.float32)
                np.maximum.at(best, self.owner[chosen], values[chosen])
                columns.append(best)
        return np.stack(columns, axis=1), as_floats(np.array(known))

    def save(self, folder: Path) -> None:
        """Write the articles into an empty folder."""
        folder.mkdir()
        listed = {
            "ids": self.ids,
            "questions": self.questions,
            "terms": {name: list(self.views[name].terms) for name in VIEWS},
        }
        text = json.dumps(listed, ensure_ascii=False)
        (folder / "articles.json").write_text(text, encoding="utf-8")
        np.save(folder / "owner.npy", self.owner)
        np.save(folder / "kinds.npy", self.kinds)
        for name in VIEWS:
            for array in ("starts", "held", "weights"):
                np.save(folder / f"{name}.{array}.npy", getattr(self.views[name], array))

    @classmethod
    def load(cls, folder: Path) -> Articles | None:
        """Open what `save` wrote; None where nothing was saved."""
        if not folder.exists():
            return None
        listed = json.loads((folder / "articles.json").read_text(encoding="utf-8"))
        kinds = mapped(folder / "kinds.npy")
        views = {}
        for name in VIEWS:
            terms = {unit: number for number, unit in enumerate(listed["terms"][name])}
            starts, held, weights = (
                mapped(folder / f"{name}.{array}.npy") for array in ("starts", "held", "weights")
            )
            views[name] = View.of(name, terms, (starts, held, weights), kinds)
        ids, questions = tuple(listed["ids"]), tuple(listed["questions"])
        return cls(ids, questions, mapped(folder / "owner.npy"), kinds, views)


def _rows(
    name: str, terms: dict[str, int], old: View | None, stays: np.ndarray, added: Sequence[Part]
) -> tuple[Ints, Ints, Floats]:
    """List the units of every part, kept ones first; new units are numbered in `terms`."""
    counts: list[Ints] = [np.zeros(1, np.int64)]
    held: list[Ints] = [np.zeros(0, np.int32)]
    weights: list[Floats] = [np.zeros(0, np.float32)]
    if old is not None:
        lengths = np.diff(old.starts)
        units_stay = np.repeat(stays, lengths)
        counts.append(lengths[stays])
        held.append(old.held[units_stay])
        weights.append(old.weights[units_stay])
    for part in added:
        own = part.units[name]
        counts.append(np.array([len(own)]))
        held.append(np.array([terms.setdefault(unit, len(terms)) for unit in own], np.int32))
        weights.append(np.array(list(own.values()), np.float32))
    starts = np.cumsum(np.concatenate(counts)).astype(np.int32)
    return starts, np.concatenate(held).astype(np.int32), as_floats(np.concatenate(weights))
