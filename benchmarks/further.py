"""Prints how often a further point is found by an ask that it was not shown.

python -m benchmarks.further

One ask of each point is held out; what is no further question (small talk, other FAQs' questions)
tells how often a point is found in vain.
"""

from __future__ import annotations

import random
import sys

from actions import knowledge
from actions.answering import LIKELY, PLAIN
from dialogue.acts import read_acts
from dialogue.further import Further
from search import Settings
from search.further import Point, read_folder

SEED = 20_261_129
OTHERS = 600


def main() -> int:
    """Hold asks out, fit on the rest, and print the shares."""
    draw = random.Random(SEED)  # noqa: S311 - a sample, no secret
    data = Settings.from_env().data
    points, _ = read_folder(data)
    shown: dict[str, list[Point]] = {}
    held: list[tuple[str, int, str]] = []
    for faq, those in points.items():
        shown[faq] = []
        for number, point in enumerate(those):
            left = draw.randrange(len(point.asks))
            held.append((faq, number, point.asks[left]))
            asks = (*point.asks[:left], *point.asks[left + 1 :])
            shown[faq].append(Point(asks, point.says))
    faqs = list(knowledge.engine().faqs())
    rows = {faq.id: (faq.question, *faq.similar) for faq in faqs}
    further = Further(shown, rows, knowledge.normalise, encode=knowledge.encoder())
    told = [(further.find(faq, ask), number) for faq, number, ask in held]
    vain = [further.find(faq, text) for faq, text in _others(draw, list(points))]
    print(f"{len(held)} points, one ask of each held out; {len(vain)} other messages")
    right = sum(found is not None and found[0] == number for found, number in told)
    print(f"nearest is right   {right / len(told):.1%}")
    for name, least in (("likely", LIKELY), ("plain", PLAIN)):
        heard = [(found, number) for found, number in told if found and found[1] >= least]
        rightly = sum(found[0] == number for found, number in heard)
        falsely = sum(found is not None and found[1] >= least for found in vain)
        print(
            f"{name:7} from {least:.2f}  right {rightly / len(told):.1%}, another point"
            f" {(len(heard) - rightly) / len(told):.1%}, in vain {falsely / len(vain):.1%}"
        )
    return 0


def _others(draw: random.Random, ids: list[str]) -> list[tuple[str, str]]:
    acts = read_acts(Settings.from_env().data / "lexicon" / "acts.yml")
    said = [text for texts in acts.values() for text in draw.sample(texts, min(12, len(texts)))]
    found = [(draw.choice(ids), text) for text in said]
    faqs = list(knowledge.engine().faqs())
    while len(found) < len(said) + OTHERS:
        other, topic = draw.choice(faqs), draw.choice(ids)
        if other.id != topic and other.similar:
            found.append((topic, draw.choice(other.similar)))
    return found


if __name__ == "__main__":
    sys.exit(main())
