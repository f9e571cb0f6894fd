"""`python -m benchmarks.accuracy [FILE …]`: how often the right FAQ comes first, by tag.

A file holds lines of {"text", "tags", "expect"}: `expect` lists the accepted FAQ ids, the best one
first; empty, no FAQ answers the message. Without a file, benchmarks/dev.jsonl is measured.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from benchmarks import reliability
from benchmarks.messages import OWN, Judged, measure, read
from search import Engine, open_engine

PICTURE = Path("var/reliability.svg")


def interval(values: Sequence[float], draws: int = 1000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean; the draws are seeded."""
    if not values:
        return 0.0, 0.0
    dice = random.Random(7)  # noqa: S311 - no secret
    means = sorted(sum(dice.choices(values, k=len(values))) / len(values) for _ in range(draws))
    return means[int(draws * 0.025)], means[int(draws * 0.975)]


def report(engine: Engine, file: Path, show: bool) -> list[Judged]:
    """Print the figures of one file; returns what they are of."""
    judged = measure(engine, file)
    inside = [one for one in judged if one.expect]
    outside = [one for one in judged if not one.expect]
    print(f"\n{file}: {len(inside)} messages with an answer, {len(outside)} without")
    for name, values in (
        ("R@1", [float(one.first) for one in inside]),
        ("R@3", [float(one.among_three) for one in inside]),
        ("MRR", [one.reciprocal for one in inside]),
        ("off-topic answered", [float(one.found.band == "answer") for one in outside]),
    ):
        if values:
            low, high = interval(values)
            mean = sum(values) / len(values)
            print(f"  {name:20} {mean:6.1%}   (95 %: {low:.1%} to {high:.1%})")
    answered = [one for one in inside if one.found.band == "answer"]
    right = sum(one.first for one in answered)
    print(
        f"  answered outright    {len(answered) / max(1, len(inside)):6.1%}, "
        f"{right / max(1, len(answered)):.1%} of these rightly; "
        f"offered {sum(one.found.band == 'offer' for one in inside) / max(1, len(inside)):.1%}"
    )
    urgent = [one for one in inside if engine.faq(one.expect[0]).urgent]
    missed = [one for one in urgent if one.found.band == "unknown" or not one.among_three]
    print(f"  urgent missed        {len(missed)} of {len(urgent)}")
    for tag in sorted({tag for one in inside for tag in one.tags}):
        part = [one for one in inside if tag in one.tags]
        print(
            f"    {tag:12} {len(part):4}  R@1 {sum(one.first for one in part) / len(part):6.1%}"
            f"  R@3 {sum(one.among_three for one in part) / len(part):6.1%}"
        )
    for one in missed:
        print(f"  URGENT MISSED {one.text}")
    if show:
        _show(inside, outside)
    return judged


def _show(inside: list[Judged], outside: list[Judged]) -> None:
    for one in inside:
        if not one.first:
            hits = [f"{hit.id} {hit.score:.2f}" for hit in one.found.hits[:3]]
            found = one.found
            print(f"  {found.band:7} {found.confidence:.2f} {one.text[:60]}")
            print(f"          {one.expect[0]} ← {hits} {found.topic or ''}")
    for one in outside:
        if one.found.band == "answer":
            hit = one.found.hits[0]
            print(f"  ANSWERED {one.found.confidence:.2f} {one.text[:60]}  {hit.id} {hit.matched}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[OWN])
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    parser.add_argument("--quick", action="store_true", help="no slips, no baselines")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where to draw (SVG)")
    options = parser.parse_args()
    engine = open_engine()
    everything: list[Judged] = []
    for file in options.files:
        judged = report(engine, file, options.show)
        everything += judged
        if not options.quick:
            # scikit-learn is not where the quick report may run
            from benchmarks import baselines, robustness

            robustness.report(engine, read(file), judged)
            baselines.report(engine, read(file))
    reliability.draw(everything, options.picture)
    error = reliability.calibration_error(everything)
    print(f"\n{options.picture}: confidence is {error * 100:.1f} points off on the mean")


if __name__ == "__main__":
    main()
