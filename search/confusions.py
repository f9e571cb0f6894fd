"""Which FAQs confuse each other: every way of asking judged by what was learned without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from search.classifier import learn, merge
from search.features import view
from search.fitting import typed
from search.generation import Generation
from search.meaning import Meaning
from search.model import FAQ, posterior
from search.postings import as_floats
from search.sample import FOLDS, SEED


@dataclass(frozen=True, slots=True)
class Unseen:
    """One way of asking as the ranking would take it if nobody had listed it.

    faq: the id that lists it. taker: the id of the FAQ that comes first, with its share (0 to 1).
    """

    text: str
    faq: str
    taker: str
    share: float


def judge_unseen(
    generation: Generation, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[Unseen]:
    """Judge every FAQ's ways of asking, each held out of the class weights and of the rows.

    progress: parts done, parts in all. Takes about a second for every thousand rows.
    """
    compiled, model = generation.compiled, generation.model
    owners = compiled.owners
    asked = list(typed(compiled))
    vectors = [merge(model.hashing.vector(compiled.fields, one)) for one in asked]
    fold = np.random.default_rng(SEED).permutation(len(asked)) % FOLDS
    of_faq = owners.kinds[owners.of_row] == FAQ
    encode = model.meaning.encode if model.meaning is not None else None
    encoded = encode([one.plain for one in asked]) if encode is not None else None
    for part in range(FOLDS):
        progress(part, FOLDS)
        known = np.flatnonzero(fold != part)
        ways = [[vectors[row]] for row in known]
        classes = learn(ways, owners.of_row[known], model.hashing.dimensions, len(owners.names))
        meaning = None
        if encode is not None and encoded is not None:
            truth = owners.of_row[known]
            meaning = Meaning.learn(encode, encoded[known], truth, len(owners.names))
        for row in np.flatnonzero((fold == part) & of_faq).tolist():
            own = int(owners.of_row[row])
            learned = classes.log_shares(vectors[row])
            meant = None
            if meaning is not None and encoded is not None:
                meant = as_floats(meaning.log_shares_of(encoded[row : row + 1])[0])
            alone = np.array([row])
            seen = view(compiled, asked[row], learned, meant, alone, own)
            share = posterior(seen.matrix @ model.weights)
            best = int(np.where(owners.kinds[seen.candidates] == FAQ, share, -1).argmax())
            taker = owners.names[int(seen.candidates[best])][1]
            yield Unseen(generation.rows[row].text, owners.names[own][1], taker, float(share[best]))
