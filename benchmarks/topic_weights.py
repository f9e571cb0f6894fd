"""Learns how much the topic weighs in what a message means, from dialogues that people wrote.

python -m benchmarks.topic_weights [FILE …]

Without files: benchmarks/conversations. The topic of a turn is the first FAQ that the turn before
allows; what is learned is which of the ranking's hits the turn itself allows, by a conditional
logit (McFadden 1974) over the evidence of dialogue/weighing.py. Prints, for each author held out,
how often the right FAQ comes first by the message alone, by today's weights and by those learned
on the others; then the weights learned on all.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from actions import knowledge
from dialogue import weighing
from search import Faq

WRITTEN = Path(__file__).with_name("conversations")
HITS = 10
# How strongly weights are held near "the ranking alone": the turns are few.
PENALTY = 0.02
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Turn:
    """Evidence of shape (hits, WEIGHTS), and which of the hits are right."""

    evidence: Doubles
    right: npt.NDArray[np.bool_]


def main(arguments: list[str] | None = None) -> int:
    """Hold each file out, learn on the others, and print the shares and the weights."""
    parser = argparse.ArgumentParser(prog="benchmarks.topic_weights", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(WRITTEN.glob("*.jsonl")))
    options = parser.parse_args(arguments)
    turns = {file: read(file) for file in options.files}
    today = np.array(weighing.WEIGHTS)
    for file, held in turns.items():
        others = [turn for name, those in turns.items() if name != file for turn in those]
        weights = learn(others or held)
        shares = (share(held, one) for one in (_alone(), today, weights))
        alone, now, learned = (f"{100 * one:.1f} %" for one in shares)
        print(f"{file.stem}: {len(held)} turns, alone {alone}, today {now}, learned {learned}")
    names = weighing.Evidence._fields
    found = learn([turn for those in turns.values() for turn in those])
    print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, found, strict=True)))
    return 0


def read(file: Path) -> list[Turn]:
    """Read the later turns of a file's dialogues whose right FAQ is among the ranking's hits."""
    found: list[Turn] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        topic: Faq | None = None
        given: list[str] = []
        for turn in json.loads(line)["turns"]:
            allowed = [token.removeprefix("offer:") for token in turn["ok"]]
            known = [token for token in allowed if knowledge.find(token)]
            if topic is not None and known:
                hits = knowledge.engine().rank(turn["say"], limit=HITS).hits
                faqs = [(knowledge.find(hit.id), hit.score) for hit in hits]
                rows = [weighing.evidence(topic, faq, score, given) for faq, score in faqs if faq]
                right = np.array([faq.id in known for faq, _ in faqs if faq], np.bool_)
                if right.any():
                    found.append(Turn(np.array(rows, np.float64), right))
            if known:
                topic = knowledge.find(known[0])
                given.append(known[0])
    return found


def share(turns: Sequence[Turn], weights: Doubles) -> float:
    """Return the share of turns whose first FAQ is a right one."""
    return float(np.mean([turn.right[np.argmax(turn.evidence @ weights)] for turn in turns]))


def learn(turns: Sequence[Turn]) -> Doubles:
    """Return the weights under which the right FAQs are the likeliest."""

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        total, slope = 0.0, np.zeros_like(weights)
        for turn in turns:
            points = turn.evidence @ weights
            chances = np.exp(points - points.max())
            chances /= chances.sum()
            right = max(float(chances[turn.right].sum()), 1e-9)
            total -= float(np.log(right))
            slope += turn.evidence.T @ (chances - np.where(turn.right, chances, 0) / right)
        far = weights - _alone()
        return (
            total / len(turns) + PENALTY * float(far @ far),
            slope / len(turns) + 2 * PENALTY * far,
        )

    return np.asarray(minimize(loss, _alone(), jac=True, method="L-BFGS-B").x, np.float64)


def _alone() -> Doubles:
    """Return the weights under which the ranking alone counts."""
    weights = np.zeros(len(weighing.WEIGHTS))
    weights[0] = 1.0
    return weights


if __name__ == "__main__":
    sys.exit(main())
