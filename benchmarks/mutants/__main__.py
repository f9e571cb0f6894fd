"""How many of some small faults the tests notice: `make mutants`, or python -m benchmarks.mutants.

The tests that may notice are watched once, and what each of them enters is kept in var/mutants.json
(--watch does it anew). Then every fault of the sample is put into a copy of the tree and the tests
that enter its function run until one fails: some 15 seconds a fault.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

import yaml

from benchmarks.mutants.areas import AREAS, Area
from benchmarks.mutants.faults import Fault, faults
from benchmarks.mutants.running import Outcome, copy_of_tree, judge, prove, watch
from start.environments import ROOT

SEED = 20261129
KEPT = ROOT / "var" / "mutants.json"
EXPLAINED = Path(__file__).with_name("explained.yml")


def main() -> None:
    """Draw the sample, judge it, print survivors and score."""
    parser = argparse.ArgumentParser(prog="benchmarks.mutants", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=300, help="faults (300)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--area", action="append", choices=[area.path for area in AREAS])
    parser.add_argument("--under", default="", help="only files whose path begins so")
    parser.add_argument("--watch", action="store_true", help="watch the tests anew")
    wish = parser.parse_args()
    areas = [area for area in AREAS if not wish.area or area.path in wish.area]
    outcomes = []
    with copy_of_tree() as copy:
        known = {} if wish.watch or not KEPT.exists() else json.loads(KEPT.read_text("utf-8"))
        for area in areas:
            if area.path not in known:
                print(f"{area.path}: watching its tests …", flush=True)
                known[area.path] = watch(area, copy)
                KEPT.write_text(json.dumps(known), encoding="utf-8")
        for area in areas:
            prove(area, copy, known[area.path])
        for area, fault in sample(areas, wish.count, wish.seed, wish.under):
            entered = known[area.path].get(f"{fault.path}:{fault.function}", {})
            outcomes.append(judge(fault, area, copy, entered))
            show(outcomes[-1])
    print(summary(outcomes))


def sample(areas: list[Area], count: int, seed: int, under: str = "") -> list[tuple[Area, Fault]]:
    """Draw so many faults by a seed, each area's share of them, in the order of the files.

    under: what the paths of the files drawn from begin with.
    """
    drawn: list[tuple[Area, Fault]] = []
    for area in areas:
        found: list[Fault] = []
        for path in area.files():
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(under):
                found += faults(name, path.read_bytes())
        rng = random.Random(f"{seed} {area.path}")  # noqa: S311
        wanted = min(count * area.share // sum(one.share for one in areas), len(found))
        drawn += [(area, fault) for fault in sorted(rng.sample(found, wanted))]
    return drawn


def show(outcome: Outcome) -> None:
    """Print a line for a fault, and what it changed where no test noticed."""
    fault = outcome.fault
    head = f"{outcome.verdict}: {fault.path}:{fault.line} ({outcome.asked} of {outcome.covering})"
    if outcome.verdict in ("survived", "not covered"):
        before, after = fault.told((ROOT / fault.path).read_bytes())
        head += f"\n  - {before}\n  + {after}"
        if why := reason(fault.path, before, after):
            head += f"\n  {why}"
    print(head, flush=True)


def reason(path: str, before: str, after: str) -> str | None:
    """Return why a fault changes nothing that anybody could see, where somebody has found that."""
    listed = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or []
    wanted = (path, before, after)
    return next(
        (one["because"] for one in listed if (one["path"], one["was"], one["becomes"]) == wanted),
        None,
    )


def summary(outcomes: list[Outcome]) -> str:
    """Say how many were noticed of those that could be; one too slow to tell counts as not."""
    counts = Counter(one.verdict for one in outcomes)
    explained = 0
    for one in outcomes:
        if one.verdict in ("survived", "not covered"):
            lines = one.fault.told((ROOT / one.fault.path).read_bytes())
            explained += reason(one.fault.path, *lines) is not None
    real = len(outcomes) - explained
    score = 100 * counts["killed"] / real if real else 0.0
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
    return f"{len(outcomes)} faults: {told}; {explained} explained; score {score:.1f} %"


if __name__ == "__main__":
    main()
