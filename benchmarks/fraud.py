"""Prints how many stories by an author nobody has read are heard, and how many alarms are false.

python -m benchmarks.fraud

Each author of data/safety/stories who wrote both sides is left out in turn; the evidence is what
the others teach, with the signs and the words that only ask. At the end stands what the numbers in
safety/fraud.py would be if they were fitted on these stories alone.
"""

from __future__ import annotations

import dataclasses
import sys

import numpy as np

from actions import knowledge
from safety import Fraud
from safety.fraud import LIKELY, SURELY, TOLD
from safety.stories import Stories, Story, read
from search import Settings

# Authors with fewer of either say too little about a share.
ENOUGH = 150


def main() -> int:
    """Leave each author out, judge what they wrote, and print the shares."""
    folder = Settings.from_env().data / "safety"
    stories = list(read(folder / "stories"))
    signs = Fraud.read(folder / "fraud.yml", knowledge.normalise, None)
    print(
        f"{'author left out':26}{'surely':>16}{'told':>16}{'may be':>16}   (heard / false alarms)"
    )
    rows: list[tuple[float, float, float, bool]] = []
    for author in sorted({story.author for story in stories}):
        theirs = [story for story in stories if story.author == author]
        if min(sum(one.fraud for one in theirs), sum(not one.fraud for one in theirs)) < ENOUGH:
            continue
        others = [story for story in stories if story.author != author]
        learned = Stories(others, knowledge.normalise)
        fraud = dataclasses.replace(signs, stories=learned)
        found = [(fraud.evidence(one.text), one.fraud) for one in theirs]
        shares = "".join(f"{_share(found, least):>16}" for least in (SURELY, TOLD, LIKELY))
        print(f"{author:26}{shares}", flush=True)
        rows += [(*_traits(signs, learned, one), one.fraud) for one in theirs]
    print("fitted: base {:.2f}, story {:.2f}, sign {:.2f}, asking {:.2f}".format(*_fitted(rows)))
    return 0


def _share(found: list[tuple[float, bool]], least: float) -> str:
    heard = [evidence >= least for evidence, fraud in found if fraud]
    alarms = [evidence >= least for evidence, fraud in found if not fraud]
    return f"{sum(heard) / len(heard):.1%} / {sum(alarms) / len(alarms):.1%}"


def _traits(signs: Fraud, learned: Stories, story: Story) -> tuple[float, float, float]:
    asking = signs.is_harmless(story.text)
    return learned.evidence(story.text), float(signs.is_signed(story.text)), float(asking)


def _fitted(rows: list[tuple[float, float, float, bool]]) -> list[float]:
    """Fit logistic regression by Newton's method."""
    table = np.array(rows, np.float64)
    design = np.hstack([np.ones((len(table), 1)), table[:, :3]])
    right, weights = table[:, 3], np.zeros(4)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.eye(4)
        weights += np.linalg.solve(curvature, design.T @ (right - chance) - weights)
    return [float(weight) for weight in weights]


if __name__ == "__main__":
    sys.exit(main())
