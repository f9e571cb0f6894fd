"""`python -m benchmarks.accuracy [FILE …]`: how often the right FAQ comes first, and how sure.

A file holds lines of {"text", "tags", "expect"}: `expect` lists the accepted FAQ ids, the best one
first; empty, no FAQ answers the message, and `ok` lists those that do no harm. `then` names FAQs
that answer it once they exist. Lines with a `lane` (must, may, no) tell whether a message has to
open the fast lane. Without a file, benchmarks/dev.jsonl is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import reliability
from benchmarks.intervals import interval, mean
from benchmarks.messages import OWN, Judged, measure
from search import Engine, open_engine

PICTURE = Path("var/reliability.svg")
Figure = Callable[[Sequence[Judged]], float]


def _share(
    part: Callable[[Judged], bool], wanted: Callable[[Judged], bool]
) -> Callable[[Sequence[Judged]], float]:
    """Make the figure: of the messages that are `part`, the share that is `wanted`."""
    return lambda judged: mean([float(wanted(one)) for one in judged if part(one)])


FIGURES: tuple[tuple[str, Figure], ...] = (
    ("R@1", _share(lambda one: one.inside, lambda one: one.first)),
    ("R@3", _share(lambda one: one.inside, lambda one: one.among_three)),
    ("MRR", lambda judged: mean([one.reciprocal for one in judged if one.inside])),
    ("in scope answered", _share(lambda one: one.inside, lambda one: one.answered)),
    (
        "  of these wrong",
        _share(lambda one: one.inside and one.answered, lambda one: not one.first),
    ),
    (
        "wrong of all answers",
        _share(lambda one: one.answered and (one.inside or one.outside), lambda one: not one.right),
    ),
    (
        "in scope turned away",
        _share(lambda one: one.inside, lambda one: one.found.band == "unknown"),
    ),
    (
        "off-topic answered",
        _share(lambda one: one.outside, lambda one: one.answered and not one.right),
    ),
)


def report(engine: Engine, name: str, judged: Sequence[Judged], show: bool) -> None:
    """Print the figures of some messages."""
    inside = [one for one in judged if one.inside]
    outside = [one for one in judged if not one.inside]
    print(f"\n{name}: {len(inside)} messages with an answer, {len(outside)} without")
    for title, figure in FIGURES:
        _print(title, judged, figure)
    urgent = [one for one in inside if engine.faq(one.message.expect[0]).urgent]
    missed = [one for one in urgent if one.found.band == "unknown" or not one.among_three]
    print(f"  urgent missed          {len(missed)} of {len(urgent)}")
    for tag in sorted({tag for one in inside for tag in one.message.tags}):
        part = [one for one in inside if tag in one.message.tags]
        first, three = mean([one.first for one in part]), mean([one.among_three for one in part])
        print(f"    {tag:12} {len(part):4}  R@1 {first:6.1%}  R@3 {three:6.1%}")
    for one in missed:
        print(f"  URGENT MISSED {one.message.text}")
    if show:
        _show(judged)


def report_lanes(engine: Engine, name: str, judged: Sequence[Judged]) -> None:
    """Print how the fast lane opens: for whom it has to, and for whom it must not."""
    urgent = {faq.id for faq in engine.faqs() if faq.urgent}

    def opened(one: Judged) -> bool:
        return one.answered and one.found.hits[0].id in urgent

    print(f"\n{name}: the fast lane")
    for title, lane, wanted in (
        ("urgent answered", "must", opened),
        ("urgent missed", "must", lambda one: not urgent.intersection(one.shown)),
        ("false alarms", "no", lambda one: opened(one) and not _allowed(one)),
    ):
        _print(title, [one for one in judged if one.message.lane == lane], _all(wanted))


def _allowed(one: Judged) -> bool:
    return one.found.hits[0].id in (*one.message.expect, *one.message.ok)


def _all(wanted: Callable[[Judged], bool]) -> Figure:
    return _share(lambda one: True, wanted)


def _print(title: str, judged: Sequence[Judged], figure: Figure) -> None:
    if judged:
        found, low, high = interval(judged, figure)
        print(f"  {title:22} {found:6.1%}   (95 %: {low:.1%} to {high:.1%})")


def _show(judged: Sequence[Judged]) -> None:
    for one in judged:
        found, message = one.found, one.message
        hits = [f"{hit.id} {hit.score:.2f}" for hit in found.hits[:3]]
        if one.inside and not one.first:
            print(f"  {found.band:7} {found.confidence:.2f} {message.text[:60]}")
            print(f"          {message.expect[0]} ← {hits} {found.topic or ''}")
        elif one.inside and found.band == "unknown":
            print(
                f"  TURNED AWAY {found.confidence:.2f} {message.text[:60]} {hits[:1]} {found.topic}"
            )
        elif one.outside and one.answered and not one.right:
            print(f"  ANSWERED {found.confidence:.2f} {message.text[:60]}  {hits[:1]}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[OWN])
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    parser.add_argument("--quick", action="store_true", help="no slips, no baselines")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where to draw (SVG)")
    options = parser.parse_args()
    engine = open_engine()
    by_file = {file: measure(engine, file) for file in options.files}
    asked = {
        file: judged
        for file, judged in by_file.items()
        if not any(one.message.lane for one in judged)
    }
    for file, judged in by_file.items():
        if file in asked:
            report(engine, str(file), judged, options.show)
        else:
            report_lanes(engine, str(file), judged)
    everything = [one for judged in asked.values() for one in judged]
    if len(asked) > 1:
        report(engine, "all of them", everything, show=False)
    if not options.quick:
        # scikit-learn is not where the quick report may run
        from benchmarks import baselines, robustness

        for file, judged in asked.items():
            robustness.report(engine, str(file), judged)
        baselines.report(engine, asked)
    if everything:
        reliability.draw(everything, options.picture)
        reliability.report(everything)
        print(f"drawn: {options.picture}")


if __name__ == "__main__":
    main()
