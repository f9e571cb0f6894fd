"""One view of all articles' parts: their units, how rare each is, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.postings import EPSILON, Floats, Ints, as_floats
from search.reading.parts import WHOLE
from search.reading.units import speech

# So many messages of customers in general stand beside a company's own articles where the rarity
# of a unit is judged: two dozen articles alone say little of it.
GENERAL = 1_000.0
# By part: where its units begin, which they are, and what each weighs.
Rows = tuple[Ints, Ints, Floats]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """One view of all parts.

    terms: unit → number. starts[p]:starts[p+1] are the bounds of part p in `held` and `weights`.
    The rest follows from these: common: by unit, the articles that hold it; expected: the messages
    that would; idf by unit; bounds, of_part, of_weight: the postings by unit; mass: by part, the
    squared idf of its units; total: the articles and messages idf is of.
    """

    name: str
    terms: dict[str, int]
    starts: Ints
    held: Ints
    weights: Floats
    common: Ints
    expected: Doubles
    idf: Floats
    bounds: Ints
    of_part: Ints
    of_weight: Floats
    mass: Floats
    total: float

    @classmethod
    def of(cls, name: str, terms: dict[str, int], rows: Rows, kinds: Ints) -> View:
        """Weigh the units, and turn the postings round."""
        starts, held, weights = rows
        part = _parts(starts)
        order = np.argsort(held, kind="stable")
        return _weighed(
            name,
            terms,
            rows,
            kinds,
            np.bincount(held[(kinds == WHOLE)[part]], minlength=len(terms)),
            _expected(name, terms),
            np.bincount(held, minlength=len(terms)),
            (part[order], weights[order]),
        )

    def spliced(
        self,
        terms: dict[str, int],
        rows: Rows,
        kinds: Ints,
        before: Ints,
        stays: npt.NDArray[np.bool_],
    ) -> View:
        """Return the view that `of` makes of these rows, without sorting what stays.

        terms: this view's, and new ones behind. rows, kinds: of the parts that stay, in their
        order, and of new ones behind. before: by part of this view, its kind; stays: whether it
        stays.
        """
        starts, held, weights = rows
        first = int(stays.sum())
        counts = np.zeros(len(terms), np.int64)
        common = counts.copy()
        counts[: len(self.idf)] = np.diff(self.bounds)
        common[: len(self.idf)] = self.common
        for part in np.flatnonzero(~stays).tolist():
            gone = self.held[self.starts[part] : self.starts[part + 1]]
            np.subtract.at(counts, gone, 1)
            np.subtract.at(common, gone, int(before[part] == WHOLE))
        left = np.concatenate([[0], np.cumsum(counts)])
        for part in range(first, len(kinds)):
            come = held[starts[part] : starts[part + 1]]
            np.add.at(counts, come, 1)
            np.add.at(common, come, int(kinds[part] == WHOLE))
        still = stays[self.of_part]
        number = np.cumsum(stays, dtype=np.int32) - 1
        # The new ones are the last of each unit's parts, as their numbers are the highest.
        new = held[starts[first] :]
        order = np.argsort(new, kind="stable")
        places = left[new[order] + 1]
        added = np.repeat(np.arange(first, len(kinds), dtype=np.int32), np.diff(starts[first:]))
        return _weighed(
            self.name,
            terms,
            rows,
            kinds,
            common,
            np.concatenate([self.expected, _expected(self.name, list(terms)[len(self.idf) :])]),
            counts,
            (
                np.insert(number[self.of_part[still]], places, added[order]),
                np.insert(self.of_weight[still], places, weights[starts[first] :][order]),
            ),
        )

    def rarity(self, unit: str) -> float:
        """Return a unit's idf, of one that no article holds too."""
        number = self.terms.get(unit)
        if number is not None:
            return float(self.idf[number])
        expected = speech().share(self.name, unit) * GENERAL
        return float(np.log1p(self.total / (expected + 0.5)))

    def shared(self, found: Iterable[str]) -> tuple[Floats, float, float]:
        """Sum the squared idf of a message's units: by part, of all of them, of the known ones."""
        known: list[int] = []
        strange = float(EPSILON)
        for unit in dict.fromkeys(found):
            number = self.terms.get(unit)
            if number is None:
                strange += self.rarity(unit) ** 2
            else:
                known.append(number)
        if not known:
            return np.zeros(len(self.mass), np.float32), strange, 0.0
        squares = self.idf[known] ** 2
        spans = [np.arange(self.bounds[at], self.bounds[at + 1]) for at in known]
        places = np.concatenate(spans)
        gains = np.repeat(squares, [len(span) for span in spans]) * self.of_weight[places]
        by_part = np.bincount(self.of_part[places], gains, len(self.mass))
        mass = float(squares.sum())
        return as_floats(by_part), strange + mass, mass


def _weighed(
    name: str,
    terms: dict[str, int],
    rows: Rows,
    kinds: Ints,
    common: Ints,
    expected: Doubles,
    counts: Ints,
    by_unit: tuple[Ints, Floats],
) -> View:
    """Make a view: how rare its units are, and what each part's come to. counts: by unit."""
    starts, held, weights = rows
    total = float((kinds == WHOLE).sum()) + GENERAL
    idf = as_floats(np.log1p(total / (common + expected + 0.5)))
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    mass = np.zeros(len(kinds), np.float32)
    full = np.diff(starts) > 0
    if full.any():
        mass[full] = np.add.reduceat((idf**2)[held], starts[:-1][full], dtype=np.float64)
    return View(
        name, terms, starts, held, weights, common, expected, idf, bounds, *by_unit, mass, total
    )


def _parts(starts: Ints) -> Ints:
    """Return, by unit of the rows, which part it is of."""
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def _expected(name: str, units: Iterable[str]) -> Doubles:
    """Return how many of GENERAL messages hold each unit."""
    return np.array([speech().share(name, unit) for unit in units], np.float64) * GENERAL
