"""Fit a generation's model from its own rows, each row left out of what judges it.

1. Class weights by logistic regression on the hashed terms of each row, as typed and with slips of
   the keys, other wallets' names and words of greeting or haste. What they say of a row is learned
   without it: the rows are held out in parts, all of one author together, for nobody puts
   things as customers will who is judged by more of what they wrote themselves.
2. Feature weights by a conditional logit over the candidates, fitted with Newton's method, on rows
   as they are and again with a slip.
3. The gate by logistic regression on "the first FAQ is the right one"; a topic beyond the help
   center is held out as a whole, for customers bring subjects that nobody listed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from learning.vectors import Encode
from search.analysis import FIELDS, Analyser
from search.classifier import learn, merge
from search.features import NAMES, Asked, Compiled, View, look_up
from search.hashing import Hashing, Vector
from search.logit import Logit
from search.meaning import Meaning
from search.model import BEYOND, FAQ, GATE, Model, gate_features, posterior
from search.owners import KINDS
from search.postings import Field, Floats, Ints, Query
from search.sample import SEED, VOICE, Sample, beside, folds, held_out, worth
from search.slips import Slips

# Copies of each row with a slip of the keys, gone through by turns with the row as typed.
SLIPS = 2
# Share of a question's copies that name another wallet: half of the strangers' messages do.
NAMING = 0.35
# Share of the copies of anything but small talk that say something before or after.
BESIDE = 0.3
# How strongly the weights are drawn towards PRIOR, in rows: weaker, and each edit of the content
# moves those that say nearly the same against each other, and with them what is near a tie.
PENALTY = 30.0
# What the weights are drawn towards; of a handful of rows, left-out ones say little else.
PRIOR = {"learned": 1.0, "chars.cosine": 2.0, "terms.cosine": 2.0, "edit.text": 2.0}
# How much a row of each kind says about the weights; customers mostly ask about the wallet.
IMPORTANCE = {"faq": 1.0, "smalltalk": 0.5, "beyond": 0.5, "human": 1.0}
# What a row that no FAQ answers weighs in the gate: a third of the rows are such, for there is much
# beyond the help center to tell apart, but perhaps one message in seven is.
OUTSIDE = 0.3

Progress = Callable[[str], None]


def fit(
    compiled: Compiled,
    analyser: Analyser,
    progress: Progress = lambda step: None,
    encode: Encode | None = None,
) -> Model:
    """Fit a model; the same rows give the same model. encode: an encoder of sentences, if any."""
    hashing = Hashing.of(compiled.fields, len(compiled.owners.names))
    progress("making slips of the keys")
    slipped = _slipped(compiled, analyser)
    ways = _ways(compiled, analyser, hashing, slipped)
    progress("learning what speaks for whom")
    sample = _held_out(compiled, analyser, hashing, slipped, ways)
    owners = compiled.owners
    meaning = None
    if encode is not None:
        progress("hearing what is meant")
        meaning, sample = _meant(compiled, sample, encode)
    classes = learn(
        ways,
        owners.of_row,
        hashing.dimensions,
        len(owners.names),
        worth(compiled, np.arange(len(ways))),
    )
    progress("weighing the similarities")
    weights = _feature_weights(compiled, sample)
    progress("calibrating the confidence")
    return Model(hashing, classes, weights, _gate(compiled, sample, weights), meaning)


def _slipped(compiled: Compiled, analyser: Analyser) -> list[list[str]]:
    """Write every row SLIPS times with a slip, and something said beside in some of the copies."""
    dice = random.Random(SEED)  # noqa: S311 - no secret
    slips = Slips(analyser.pinyin, (row.plain for row in compiled.rows))
    asides = analyser.lexicon.asides
    wallets, openers, closers = (
        [analyser.normalise(text) for text in texts]
        for texts in (asides.wallets, asides.openers, asides.closers)
    )
    found: list[list[str]] = []
    for row in compiled.rows:
        texts = [slips.any(row.plain, dice) for _ in range(SLIPS)]
        if wallets and row.kind == "faq":
            texts = [
                slips.naming(text, wallets, dice) if dice.random() < NAMING else text
                for text in texts
            ]
        if row.kind != "smalltalk":
            texts = [
                slips.beside(text, openers, closers, dice) if dice.random() < BESIDE else text
                for text in texts
            ]
        found.append(texts)
    return found


def _ways(
    compiled: Compiled, analyser: Analyser, hashing: Hashing, slipped: list[list[str]]
) -> list[list[Vector]]:
    """Hash every row: as typed, then as slipped."""
    return [
        [
            merge(hashing.vector(compiled.fields, asked))
            for asked in (first, *(look_up(compiled, analyser(text)) for text in texts))
        ]
        for first, texts in zip(typed(compiled), slipped, strict=True)
    ]


def typed(compiled: Compiled) -> Iterator[Asked]:
    """Look every row up as the query that it would be."""
    terms = {name: _terms_by_row(compiled.fields[name]) for name in FIELDS}
    for number, row in enumerate(compiled.rows):
        queries = {
            name: Query(
                found[starts[number] : starts[number + 1]],
                float(compiled.fields[name].mass[number]),
            )
            for name, (starts, found) in terms.items()
        }
        yield Asked(queries, row.plain, row.sound)


def _held_out(
    compiled: Compiled,
    analyser: Analyser,
    hashing: Hashing,
    slipped: list[list[str]],
    ways: list[list[Vector]],
) -> Sample:
    """Draw the sample, and judge it by class weights that were learned without it."""
    owners = compiled.owners
    rows, fold, topic = folds(compiled, len(ways))
    beyond = owners.kinds[owners.of_row] == BEYOND
    left_out = np.zeros((2, len(rows), len(owners.names)), np.float32)
    unseen = np.zeros_like(left_out)
    for part, known in held_out(rows, fold, topic):
        truth = owners.of_row[known]
        some, moved = [ways[row] for row in known], worth(compiled, known)
        classes = learn(some, truth, hashing.dimensions, len(owners.names), moved)
        for place, row in enumerate(rows.tolist()):
            if part in (fold[row], topic[row]):
                found = [classes.log_shares(vector) for vector in ways[row][:2]]
                for target, of in ((left_out, fold), (unseen, topic)):
                    if of[row] == part:
                        target[:, place] = found
    chosen = set(rows.tolist())
    as_typed = [asked for row, asked in enumerate(typed(compiled)) if row in chosen]
    other = [look_up(compiled, analyser(slipped[row][0])) for row in rows]
    return Sample(
        rows,
        beside(compiled, rows),
        (as_typed, other),
        left_out,
        unseen,
        ~beyond[rows] | (fold != topic)[rows],
    )


def _meant(compiled: Compiled, sample: Sample, encode: Encode) -> tuple[Meaning, Sample]:
    """Learn what is meant, and judge the sample by what was learned without it."""
    owners = compiled.owners
    vectors = encode([row.plain for row in compiled.rows])
    typed_ones = vectors[sample.rows]
    slipped = encode([asked.plain for asked in sample.asked[1]])
    rows, fold, topic = folds(compiled, len(compiled.rows))
    meant = np.zeros((2, len(rows), len(owners.names)), np.float32)
    unseen = np.zeros_like(meant)
    for part, known in held_out(rows, fold, topic):
        learned = Meaning.learn(encode, vectors[known], owners.of_row[known], len(owners.names))
        for way, found in enumerate((typed_ones, slipped)):
            for target, of in ((meant, fold), (unseen, topic)):
                held = of[rows] == part
                target[way, held] = learned.log_shares_of(found[held])
    meaning = Meaning.learn(encode, vectors, owners.of_row, len(owners.names))
    return meaning, replace(sample, meant=meant, meant_unseen=unseen)


def _terms_by_row(field: Field) -> tuple[Ints, Ints]:
    """Turn the postings round: starts by row, and the terms of each row."""
    terms = np.repeat(np.arange(len(field.idf), dtype=np.int32), field.counts())
    order = np.argsort(field.rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(field.rows, minlength=len(field.mass)))])
    return starts.astype(np.int32), terms[order]


def _feature_weights(compiled: Compiled, sample: Sample) -> Floats:
    found = [
        (seen, compiled.owners.of_row[sample.rows[place]])
        for place, seen in sample.views(compiled, sample.left_out, sample.meant, keep=True)
        if sample.fair[place]
    ]
    return _conditional_logit(
        compiled, [seen for seen, _ in found], np.array([owner for _, owner in found])
    )


def _conditional_logit(compiled: Compiled, views: list[View], truth: Ints) -> Floats:
    """Fit the weights that make each row's own owner the likeliest of its candidates."""
    kinds = compiled.owners.kinds
    widest = max(len(seen.candidates) for seen in views)
    features = np.zeros((len(views), widest, len(NAMES)), np.float64)
    blank = np.ones((len(views), widest), bool)
    right = np.zeros(len(views), np.int64)
    for number, (seen, owner) in enumerate(zip(views, truth, strict=True)):
        features[number, : len(seen.candidates)] = seen.matrix
        blank[number, : len(seen.candidates)] = False
        right[number] = int(np.searchsorted(seen.candidates, owner))
    importance = np.array([IMPORTANCE[KINDS[kinds[owner]]] for owner in truth])
    prior = np.array([PRIOR.get(name, 0.0) for name in NAMES])
    return Logit(features, blank, right, importance, prior, PENALTY).fit().astype(np.float32)


def _gate(compiled: Compiled, sample: Sample, weights: Floats) -> Floats:
    owners = compiled.owners
    points: list[Floats] = []
    hits: list[bool] = []
    counts: list[float] = []
    for place, seen in sample.views(compiled, sample.unseen, sample.meant_unseen, keep=False):
        row = sample.rows[place]
        owner = owners.of_row[row]
        evidence = seen.matrix @ weights
        if owners.kinds[owner] == BEYOND:
            evidence[seen.candidates == owner] = -np.inf
        points.append(gate_features(owners, seen, evidence))
        of_faqs = np.where(owners.kinds[seen.candidates] == FAQ, posterior(evidence), -1)
        count = 1.0 if owners.kinds[owner] == FAQ else OUTSIDE
        counts.append(count * (VOICE if compiled.rows[row].author else 1.0))
        hits.append(bool(seen.candidates[int(of_faqs.argmax())] == owner))
    design, right = np.array(points, np.float64), np.array(hits, np.float64)
    importance = np.array(counts)
    gate = np.zeros(len(GATE))
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(design @ gate, -30, 30)))
        gradient = design.T @ ((right - chance) * importance) - gate
        spread = (chance * (1 - chance) * importance)[:, None]
        curvature = (design * spread).T @ design + np.eye(len(GATE))
        step = np.linalg.solve(curvature, gradient)
        gate += step
        if np.abs(step).max() < 1e-4:
            break
    return gate.astype(np.float32)
