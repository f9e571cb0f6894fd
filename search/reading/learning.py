"""`python -m search.reading.learning`: learn what the similarities count, and how sure they make.

Articles with many listed ways of asking stand in for companies that have none (`companies.py`).
Messages whose article was left out, and topics beyond the help center, are what nothing answers.
Writes weights.json and speech.json.gz beside this file; runs only when somebody changes the
features or the meanings. Without an encoder installed what is learned beside it stays as it is.
`--heard` learns the gate beside an encoder alone (`opinion.py`), and leaves the rest as it stands.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from search.analysis import Analyser
from search.content import Content, read_content
from search.index import rows_of
from search.postings import Floats
from search.reading.articles import FEATURES
from search.reading.companies import Asked, ask
from search.reading.confidence import TRAITS, traits
from search.reading.encoder import LOOKS, Encoder, installed
from search.reading.opinion import HEARD, NEARLY, WAY
from search.reading.units import HERE, VIEWS, Units, speech, units
from search.settings import Settings

Doubles = npt.NDArray[np.float64]
PENALTY = 30.0
GATE_PENALTY = 3.0
# Confidence from which the first article is given, and from which three are offered. Where FAQs
# are as close as those learned on here, two of three answers given are right; where they lie
# further apart, as mostly, four of five and more.
ANSWERED, OFFERED = 0.6, 0.12
RAREST = 5  # messages that a unit is in, to be kept in speech.json.gz
# For the gate beside an encoder: companies that have listed nothing, and the chance from which the
# first article is given. A message so like its article's own question (chars.way) counts half: who
# does not know a company's words puts things in others, and words decide about the rest.
ALONE = 60
HEARD_ANSWERED = 0.55
HALF = 0.06
SEED = 20_261_129


def weigh(asked: Sequence[Asked], *, encoded: bool = False) -> Doubles:
    """Fit the features' weights by a conditional logit over each company's articles.

    encoded: those of the features and of what the encoder finds.
    """
    found = [
        (np.hstack([one.features, one.looks][: 1 + encoded]).astype(np.float64), one.truth)
        for one in asked
        if one.truth is not None
    ]
    size = found[0][0].shape[1]

    def likelihood(weights: Doubles) -> tuple[float, Doubles, Doubles]:
        value = -0.5 * PENALTY * float(weights @ weights)
        gradient = -PENALTY * weights
        curvature = PENALTY * np.eye(len(weights))
        for features, truth in found:
            evidence = features @ weights
            evidence -= evidence.max()
            share = np.exp(evidence)
            share /= share.sum()
            mean = share @ features
            value += float(np.log(share[truth]))
            gradient += features[truth] - mean
            curvature += (features * share[:, None]).T @ features - np.outer(mean, mean)
        return value, gradient, curvature

    return _climb(likelihood, size, 1e-4 * len(found))


def calibrate(
    asked: Sequence[Asked], weights: Doubles, analyser: Analyser
) -> tuple[Doubles, float]:
    """Fit the gate; returns it and how many of the answers given by it are right."""
    single = weights.astype(np.float32)
    design = []
    right = []
    for one in asked:
        compared = one.features, one.known
        design.append(traits(one.articles, compared, one.message, single, analyser))
        right.append(one.truth is not None and int((one.features @ single).argmax()) == one.truth)
    gate, chance = _gate(np.array(design), np.array(right), np.ones(len(right)))
    return gate, float(np.array(right)[chance >= ANSWERED].mean())


def calibrate_heard(asked: Sequence[Asked], weights: Floats) -> tuple[Doubles, float]:
    """Fit the gate beside an encoder; returns it and how many of the answers by it are right.

    weights: by FEATURES and LOOKS.
    """
    design, right, importance = [], [], []
    for one in asked:
        evidence = np.hstack([one.features, one.looks]) @ weights
        best = int(evidence.argmax())
        if one.opinion is None or one.features[best, WAY] >= NEARLY:
            continue
        found = one.opinion.traits(one.text, one.message, one.features, one.looks, weights)
        design.append(found)
        right.append(best == one.truth)
        way = one.features[one.truth, WAY] if one.truth is not None else 0.0
        importance.append(1 / (1 + (float(way) / HALF) ** 2))
    points = np.array(design, np.float64)
    # Fitted on traits of one spread, so that the penalty means the same for all but the bias.
    spread = points.std(axis=0)
    spread[0] = 1.0
    gate, chance = _gate(points / spread, np.array(right), np.array(importance))
    given = chance >= HEARD_ANSWERED
    counted = np.array(importance)[given]
    return gate / spread, float((np.array(right)[given] * counted).sum() / counted.sum())


def _gate(points: Doubles, right: Doubles, importance: Doubles) -> tuple[Doubles, Doubles]:
    """Fit a logistic regression on "the first is right"; returns it and each one's chance."""
    points, hits = points.astype(np.float64), right.astype(np.float64)

    def likelihood(gate: Doubles) -> tuple[float, Doubles, Doubles]:
        chance = 1 / (1 + np.exp(-np.clip(points @ gate, -30, 30)))
        value = float((importance * np.log(np.where(hits > 0, chance, 1 - chance) + 1e-12)).sum())
        spread = (importance * chance * (1 - chance))[:, None]
        return (
            value - 0.5 * GATE_PENALTY * float(gate @ gate),
            points.T @ (importance * (hits - chance)) - GATE_PENALTY * gate,
            (points * spread).T @ points + GATE_PENALTY * np.eye(len(gate)),
        )

    gate = _climb(likelihood, points.shape[1], 1e-3)
    return gate, 1 / (1 + np.exp(-points @ gate))


def _climb(
    likelihood: Callable[[Doubles], tuple[float, Doubles, Doubles]], size: int, least: float
) -> Doubles:
    """Climb a concave likelihood by Newton's steps, shortened where they overshoot."""
    weights = np.zeros(size)
    value, gradient, curvature = likelihood(weights)
    for _ in range(40):
        step = np.linalg.solve(curvature, gradient)
        length = 1.0
        tried = likelihood(weights + step)
        while tried[0] < value and length > 1e-3:
            length /= 2
            tried = likelihood(weights + length * step)
        weights = weights + length * step
        gain, (value, gradient, curvature) = tried[0] - value, tried
        if gain < least:
            break
    return weights


def listen(content: Content, analyser: Analyser) -> None:
    """Count the units of customers' messages, and write speech.json.gz."""
    counts: dict[str, Counter[str]] = {view: Counter() for view in VIEWS}
    messages = 0
    for kind, _, text, _ in rows_of(content):
        if kind in ("faq", "beyond"):
            messages += 1
            found: Units = units(text, analyser)
            for view in VIEWS:
                counts[view].update(set(found[view]))
    kept = {
        view: {unit: count for unit, count in sorted(own.items()) if count >= RAREST}
        for view, own in counts.items()
    }
    raw = json.dumps({"messages": messages, "counts": kept}, ensure_ascii=False).encode()
    (HERE / "speech.json.gz").write_bytes(gzip.compress(raw, mtime=0))
    speech.cache_clear()


def main() -> None:
    """Learn from the content folder of the settings."""
    parser = argparse.ArgumentParser(prog="python -m search.reading.learning", description=__doc__)
    parser.add_argument("--heard", action="store_true", help="the gate beside an encoder alone")
    alone = parser.parse_args().heard
    settings = Settings.from_env()
    content = read_content(settings.data)
    # A company that just began has listed no synonyms.
    analyser = Analyser(replace(content.lexicon, synonyms={}), settings.index / "words")
    encoder = installed()
    kept = json.loads((HERE / "weights.json").read_text("utf-8"))
    if not alone:
        listen(content, analyser)
        kept |= _learn_words(content, analyser, encoder)
    if encoder is not None:
        kept |= _learn_heard(content, analyser, encoder, kept["encoded"])
    (HERE / "weights.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _learn_words(
    content: Content, analyser: Analyser, encoder: Encoder | None
) -> dict[str, object]:
    asked = list(ask(content, analyser, random.Random(SEED), encoder))  # noqa: S311 - no secret
    weights = weigh(asked)
    gate, right = calibrate(asked, weights, analyser)
    print(f"{len(asked)} messages; of the answers given {right:.1%} are right")
    found: dict[str, object] = {
        "features": _named(FEATURES, weights),
        "gate": _named(TRAITS, gate),
        "answer": ANSWERED,
        "offer": OFFERED,
    }
    if encoder is not None:
        found["encoded"] = _named((*FEATURES, *LOOKS), weigh(asked, encoded=True))
    return found


def _learn_heard(
    content: Content, analyser: Analyser, encoder: Encoder, encoded: Mapping[str, float]
) -> dict[str, object]:
    weights = np.array([encoded[name] for name in (*FEATURES, *LOOKS)], np.float32)
    draw = random.Random(SEED)  # noqa: S311 - no secret
    asked = list(ask(content, analyser, draw, encoder, ALONE, (0,)))
    gate, right = calibrate_heard(asked, weights)
    print(f"{len(asked)} messages; of the answers given beside an encoder {right:.1%} are right")
    return {"heard": _named(HEARD, gate), "heard_answer": HEARD_ANSWERED}


def _named(names: Sequence[str], values: Doubles) -> dict[str, float]:
    return {name: round(float(one), 4) for name, one in zip(names, values, strict=True)}


if __name__ == "__main__":
    main()
