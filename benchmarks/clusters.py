"""Do missed questions come together by topic, whichever of them a week brings?

`python -m benchmarks.clusters [--draws 30]` draws DRAWN of each topic of tests/faq/misses.yml
so many times, alone and among ODD questions about other things, and puts them together by
characters alone and with the encoder of sentences. A draw holds where the parts of more than two
texts are exactly the topics, each with nearly all of its own and hardly a stranger. F1 is over
pairs of texts.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import yaml

from faq.checking import normaliser
from faq.clusters import put_together
from faq.questions import bare_of
from search.content import read_content
from search.reading.encoder import installed

ROOT = Path(__file__).resolve().parent.parent
DRAWN, ODD = 14, 25
LARGE = 3  # texts of a part that the report would show as a topic
OWN, STRANGERS = 0.85, {0: 1, ODD: 3}


def main(arguments: list[str] | None = None) -> int:
    """Print how many draws hold."""
    parser = argparse.ArgumentParser(prog="benchmarks.clusters", description=__doc__)
    parser.add_argument("--draws", type=int, default=30)
    draws = parser.parse_args(arguments).draws
    normalise = normaliser()
    misses = yaml.safe_load((ROOT / "tests/faq/misses.yml").read_text(encoding="utf-8"))
    topics = {name: [bare_of(normalise(text)) for text in texts] for name, texts in misses.items()}
    faqs = read_content(ROOT / "data").faqs.values()
    known = [bare_of(normalise(text)) for faq in faqs for text in (faq.question, *faq.similar)]
    odd = [bare_of(normalise(faq.question)) for faq in faqs]
    print("                      strangers   draws that hold   F1: mean  least")
    for name, encode in (("by characters", None), ("with the encoder", installed())):
        for strangers in (0, ODD):
            held, scores = 0, []
            for seed in range(draws):
                texts = _draw(topics, odd, strangers, seed)
                holds, score = _judged(texts, topics, put_together(texts, known, encode), strangers)
                held += holds
                scores.append(score)
            print(f"{name:20}  {strangers:9}   {held:3} of {draws:3}", end="")
            print(f"        {mean(scores):8.3f}  {min(scores):5.3f}", flush=True)
    return 0


def _draw(topics: dict[str, list[str]], odd: Sequence[str], strangers: int, seed: int) -> list[str]:
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    texts = [text for texts in topics.values() for text in draw.sample(texts, DRAWN)]
    texts += draw.sample(odd, strangers)
    draw.shuffle(texts)
    return list(dict.fromkeys(texts))


def _judged(
    texts: Sequence[str], topics: dict[str, list[str]], parts: list[list[int]], strangers: int
) -> tuple[bool, float]:
    """Say whether a draw holds, and the F1 of its pairs that any topic is in."""
    topic_of = {text: topic for topic, own in topics.items() for text in own}
    about = [topic_of.get(text) for text in texts]
    large = [Counter(about[at] for at in part) for part in parts if len(part) >= LARGE]
    large = [one for one in large if one.most_common(1)[0][0] is not None]
    firsts = [one.most_common(1)[0] for one in large]
    holds = (
        Counter(topic for topic, _ in firsts) == Counter(list(topics))
        and all(times >= OWN * DRAWN for _, times in firsts)
        and all(
            one.total() - times <= STRANGERS[strangers]
            for one, (_, times) in zip(large, firsts, strict=True)
        )
    )
    wanted = len(topics) * DRAWN * (DRAWN - 1) // 2
    together = right = 0
    for part in parts:
        counted = Counter(about[at] for at in part)
        together += _pairs(len(part)) - _pairs(counted[None])
        right += sum(_pairs(times) for topic, times in counted.items() if topic is not None)
    return holds, 2 * right / (wanted + together)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


if __name__ == "__main__":
    sys.exit(main())
