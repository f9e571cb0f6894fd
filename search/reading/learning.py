"""`python -m search.reading.learning`: learn what the similarities count, and how sure they make.

Articles with many listed ways of asking stand in for companies that have none: of a handful of
articles drawn at random all ways but the question, or but a few, are hidden, and the hidden ones
are what customers ask. Messages whose article was left out, and topics beyond the help center,
are what nothing answers. Writes weights.json and speech.json.gz beside this file; runs only when
somebody changes the features or the meanings. Without an encoder installed (`make encoder`) the
weights beside it stay as they are.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from search.analysis import Analyser
from search.content import Content, read_content
from search.index import rows_of
from search.postings import Floats
from search.reading.articles import FEATURES, Articles
from search.reading.confidence import TRAITS, traits
from search.reading.encoder import LOOKS, Encoded, Encoder, installed
from search.reading.parts import parts_of
from search.reading.units import HERE, VIEWS, Units, speech, units
from search.settings import Settings

Doubles = npt.NDArray[np.float64]
COMPANIES = 24
SIZES = (20, 30, 45, 60, 80)
# Ways of asking beside the question that a company has listed: mostly none.
LISTED = (0, 0, 0, 1, 3)
# Messages of each company: of its own articles, of articles that it has not, of other subjects.
INSIDE, MISSING, OUTSIDE = 120, 15, 15
PENALTY = 30.0
GATE_PENALTY = 3.0
# Confidence from which the first article is given, and from which three are offered. Where FAQs
# are as close as those learned on here, two of three answers given are right; where they lie
# further apart, as mostly, four of five and more.
ANSWERED, OFFERED = 0.6, 0.12
RAREST = 5  # messages that a unit is in, to be kept in speech.json.gz
ALIKE = 40.0  # likeness to the question, 0 to 100, from which a message is left out
SEED = 20_261_129


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as one company sees it. truth: its article's place, None where there is none.

    looks: what an encoder finds, [articles, encoder.LOOKS]; no columns without one.
    """

    features: Floats
    known: Floats
    message: Units
    articles: Articles
    truth: int | None
    looks: Floats


def ask(
    content: Content, analyser: Analyser, dice: random.Random, encoder: Encoder | None
) -> Iterator[Asked]:
    """Let many small companies be asked."""
    ways: dict[str, list[str]] = defaultdict(list)
    beyond: list[str] = []
    for kind, owner, text, _ in rows_of(content):
        if kind == "faq":
            ways[owner].append(text)
        elif kind == "beyond":
            beyond.append(text)
    lines = (HERE / "elsewhere.txt").read_text(encoding="utf-8").splitlines()
    elsewhere = [line for line in lines if line and not line.startswith("#")]
    for _ in range(COMPANIES):
        size, listed = dice.choice(SIZES), dice.choice(LISTED)
        drawn = dice.sample(sorted(ways), min(size, len(ways)))
        shown: dict[str, list[str]] = {}
        hidden: list[tuple[str, str]] = []
        for faq_id in drawn:
            rest = ways[faq_id][1:]
            dice.shuffle(rest)
            shown[faq_id] = [ways[faq_id][0], *rest[:listed]]
            hidden += [(text, faq_id) for text in rest[listed:]]
        articles = Articles.of(
            {
                faq_id: parts_of(texts, content.faqs[faq_id], analyser)
                for faq_id, texts in shown.items()
            }
        )
        encoded = Encoded.of(articles.ids, content.faqs, encoder) if encoder is not None else None
        place = {faq_id: at for at, faq_id in enumerate(articles.ids)}
        # Those in nearly the words of the question teach nothing of what is hard.
        hidden = [
            (text, faq_id) for text, faq_id in hidden if fuzz.ratio(text, shown[faq_id][0]) < ALIKE
        ]
        others = [text for faq_id in ways if faq_id not in place for text in ways[faq_id]]
        messages: list[tuple[str, str | None]] = [
            *dice.sample(hidden, INSIDE),
            *((text, None) for text in dice.sample(others, min(MISSING, len(others)))),
            *((text, None) for text in dice.sample(beyond, OUTSIDE)),
            *((text, None) for text in dice.sample(elsewhere, OUTSIDE)),
        ]
        for text, source in messages:
            message = units(text, analyser)
            features, known = articles.features(message)
            truth = None if source is None else place[source]
            looks = np.zeros((len(place), 0), np.float32)
            if encoded is not None and truth is not None:
                looks = encoded.likeness(text)
            yield Asked(features, known, message, articles, truth, looks)


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
    points, hits = np.array(design, np.float64), np.array(right, np.float64)

    def likelihood(gate: Doubles) -> tuple[float, Doubles, Doubles]:
        chance = 1 / (1 + np.exp(-np.clip(points @ gate, -30, 30)))
        value = float(np.log(np.where(hits > 0, chance, 1 - chance) + 1e-12).sum())
        spread = (chance * (1 - chance))[:, None]
        return (
            value - 0.5 * GATE_PENALTY * float(gate @ gate),
            points.T @ (hits - chance) - GATE_PENALTY * gate,
            (points * spread).T @ points + GATE_PENALTY * np.eye(len(gate)),
        )

    gate = _climb(likelihood, len(TRAITS), 1e-3)
    given = 1 / (1 + np.exp(-points @ gate)) >= ANSWERED
    return gate, float(hits[given].mean())


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
    settings = Settings.from_env()
    content = read_content(settings.data)
    # A company that just began has listed no synonyms.
    analyser = Analyser(replace(content.lexicon, synonyms={}), settings.index / "words")
    listen(content, analyser)
    encoder = installed()
    asked = list(ask(content, analyser, random.Random(SEED), encoder))  # noqa: S311 - no secret
    weights = weigh(asked)
    gate, right = calibrate(asked, weights, analyser)
    both: Mapping[str, float] = json.loads((HERE / "weights.json").read_text("utf-8")).get(
        "encoded", {}
    )
    if encoder is not None:
        both = dict(zip((*FEATURES, *LOOKS), weigh(asked, encoded=True).tolist(), strict=True))
    kept = {
        "features": {
            name: round(float(one), 4) for name, one in zip(FEATURES, weights, strict=True)
        },
        "encoded": {name: round(one, 4) for name, one in both.items()},
        "gate": {name: round(float(one), 4) for name, one in zip(TRAITS, gate, strict=True)},
        "answer": ANSWERED,
        "offer": OFFERED,
    }
    (HERE / "weights.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"{len(asked)} messages; of the answers given {right:.1%} are right", file=sys.stderr)


if __name__ == "__main__":
    main()
