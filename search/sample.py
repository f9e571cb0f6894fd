"""The rows that judge the weights, and what is hidden from what judges them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.classifier import MANY
from search.features import Asked, Compiled, View, view
from search.model import BEYOND
from search.postings import Floats, Ints, as_floats

# Parts that the rows are held out in, all of an author's together. Of more owners than
# classifier.MANY the sample is drawn from one part, and what is held out with it is learned once.
FOLDS = 4
# How far a voice's row of an FAQ moves the class weights beside an editor's; of the topics
# beyond it moves them in full, for there the gate learns what is outside. In the gate itself each
# row of a voice counts so: as many as they are, it would get surer than it is.
VOICE = 0.3
# Rows that the two dozen weights are fitted on; more change the second decimal.
SAMPLE = 4_000
SEED = 20_261_121


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows that judge the weights, as typed and with a slip, and what was learned without them.

    rows: row numbers. asked: by way (typed, slipped) and place. left_out: by way, [places, owners],
    logarithms of shares without the row; unseen: the same without its whole topic, for rows beyond
    the help center. fair: where left_out still knows other rows of the topic. beside: by place, the
    rows that its author wrote; of the editors' lists, itself.
    """

    rows: Ints
    beside: tuple[Ints, ...]
    asked: tuple[list[Asked], list[Asked]]
    left_out: Floats
    unseen: Floats
    fair: npt.NDArray[np.bool_]
    meant: Floats | None = None
    meant_unseen: Floats | None = None

    def views(
        self, compiled: Compiled, learned: Floats, meant: Floats | None, keep: bool
    ) -> Iterator[tuple[int, View]]:
        """See each row both ways as if its author had written nothing, with its place in `rows`.

        learned, meant: left_out or unseen, and the same by an encoder. keep: its own owner is a
        candidate in any case.
        """
        for way, asked in enumerate(self.asked):
            for place, row in enumerate(self.rows.tolist()):
                own = int(compiled.owners.of_row[row]) if keep else None
                by_encoder = None if meant is None else meant[way, place]
                hidden = self.beside[place]
                yield (
                    place,
                    view(compiled, asked[place], learned[way, place], by_encoder, hidden, own),
                )


def folds(compiled: Compiled, count: int) -> tuple[Ints, Ints, Ints]:
    """Draw the sample's rows; by row, the part that it is held out in, alone and by its topic.

    Of many owners both are the same: topics beyond the help center then judge the gate alone.
    """
    owners = compiled.owners
    draw = np.random.default_rng(SEED)
    rows = np.sort(draw.permutation(count)[:SAMPLE])
    fold = draw.permutation(count) % FOLDS
    for number, those in enumerate(_by_author(compiled).values()):
        fold[those] = number % FOLDS
    beyond = owners.kinds[owners.of_row] == BEYOND
    topic = np.where(beyond, owners.of_row % FOLDS, fold)
    if len(owners.names) > MANY:
        return np.sort(draw.permutation(np.flatnonzero(topic == 0))[:SAMPLE]), topic, topic
    return rows, fold, topic


def held_out(rows: Ints, fold: Ints, topic: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each part that judges rows of the sample, and the rows that are learned without it."""
    for part in np.union1d(fold[rows], topic[rows]).tolist():
        yield part, np.flatnonzero((fold != part) & (topic != part))


def worth(compiled: Compiled, rows: Ints) -> Floats:
    """Return, by row, how far it moves the class weights."""
    of_voice = np.array(
        [
            bool(compiled.rows[row].author) and compiled.rows[row].kind == "faq"
            for row in rows.tolist()
        ],
        bool,
    )
    return as_floats(np.where(of_voice, VOICE, 1.0))


def _by_author(compiled: Compiled) -> dict[str, Ints]:
    """Return the rows of each author but the editors."""
    written = np.array([row.author for row in compiled.rows])
    return {author: np.flatnonzero(written == author) for author in sorted({*written} - {""})}


def beside(compiled: Compiled, rows: Ints) -> tuple[Ints, ...]:
    """Return, by row, the rows that its author wrote; of the editors' lists, itself."""
    by_author = _by_author(compiled)
    return tuple(by_author.get(compiled.rows[row].author, np.array([row])) for row in rows.tolist())
