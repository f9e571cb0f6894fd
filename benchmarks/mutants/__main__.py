"""How many of some small faults the tests notice: `make mutants`, or python -m benchmarks.mutants.

The tests that may notice are watched once, and what each of them enters is kept in var/mutants.json
(--watch does it anew). Then every fault of the sample is put into a copy of the tree and the tests
that enter its function run until one fails, two faults at a time, each in a copy of its own. They
are judged in any order, so that what was judged when --minutes are over is a sample too.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import yaml

from benchmarks.mutants.areas import AREAS, Area
from benchmarks.mutants.faults import Fault, faults
from benchmarks.mutants.running import Outcome, copy_of_tree, judge, prove, watch
from start.environments import ROOT

SEED = 20261129
KEPT = ROOT / "var" / "mutants.json"
EXPLAINED = Path(__file__).with_name("explained.yml")
# By area, "<file>:<first line of the function>" and test: the seconds that the test took.
Known = dict[str, dict[str, dict[str, float]]]
Copies = SimpleQueue[Path]


def main() -> None:
    """Draw the sample, judge it, print survivors and score."""
    parser = argparse.ArgumentParser(prog="benchmarks.mutants", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=300, help="faults (300)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--area", action="append", choices=[area.path for area in AREAS])
    parser.add_argument("--under", default="", help="only files whose path begins so")
    parser.add_argument("--watch", action="store_true", help="watch the tests anew")
    parser.add_argument("--jobs", type=int, default=2, help="so many faults at a time (2)")
    parser.add_argument("--minutes", type=float, help="begin no fault later than that")
    wish = parser.parse_args()
    areas = [area for area in AREAS if not wish.area or area.path in wish.area]
    outcomes = []
    with ExitStack() as stack:
        copies: Copies = SimpleQueue()
        for _ in range(wish.jobs):
            copies.put(stack.enter_context(copy_of_tree()))
        pool = stack.enter_context(ThreadPoolExecutor(wish.jobs))
        known = entering(areas, pool, copies, anew=wish.watch)
        drawn = sample(areas, wish.count, wish.seed, wish.under)
        until = time.monotonic() + 60 * wish.minutes if wish.minutes else None
        for outcome in judged(in_any_order(drawn, wish.seed), known, pool, copies, until):
            outcomes.append(outcome)
            show(outcome)
    print(summary(outcomes, len(drawn)))


def entering(areas: list[Area], pool: Executor, copies: Copies, anew: bool) -> Known:
    """Return which tests enter which function, by area; watched where code or tests changed."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() and not anew else {}

    def one(area: Area) -> tuple[str, dict[str, Any]]:
        digest = area.digest()
        with lent(copies) as copy:
            if kept.get(area.path, {}).get("digest") != digest:
                print(f"{area.path}: watching its tests …", flush=True)
                kept[area.path] = {"digest": digest, "tests": watch(area, copy)}
            prove(area, copy, kept[area.path]["tests"])
        return area.path, kept[area.path]["tests"]

    known = dict(pool.map(one, areas))
    KEPT.write_text(json.dumps(kept), encoding="utf-8")
    return known


def judged(
    drawn: list[tuple[Area, Fault]],
    known: Known,
    pool: Executor,
    copies: Copies,
    until: float | None,
) -> Iterator[Outcome]:
    """Judge faults, as many at a time as there are copies; begins none after a moment."""

    def one(area: Area, fault: Fault) -> Outcome | None:
        if until is not None and time.monotonic() > until:
            return None
        with lent(copies) as copy:
            tests = known[area.path].get(f"{fault.path}:{fault.function}", {})
            return judge(fault, area, copy, tests)

    for done in as_completed([pool.submit(one, *each) for each in drawn]):
        if (outcome := done.result()) is not None:
            yield outcome


def in_any_order(drawn: list[tuple[Area, Fault]], seed: int) -> list[tuple[Area, Fault]]:
    """Mix a sample by its seed, so that any beginning of it is one."""
    return random.Random(f"{seed} order").sample(drawn, len(drawn))  # noqa: S311


@contextmanager
def lent(copies: Copies) -> Iterator[Path]:
    """Take a copy of the tree that nobody uses, and give it back."""
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


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


def summary(outcomes: list[Outcome], drawn: int) -> str:
    """Say how many were noticed of those that could be, by area and in all."""
    lines = [
        f"{area.path}: {score(mine)}"
        for area in AREAS
        if (mine := [one for one in outcomes if one.fault.path.startswith(area.path)])
    ]
    return "\n".join([*lines, f"{len(outcomes)} judged of {drawn} drawn: {score(outcomes)}"])


def score(outcomes: list[Outcome]) -> str:
    """Count verdicts; a fault too slow to tell counts as not noticed."""
    counts = Counter(one.verdict for one in outcomes)
    explained = 0
    for one in outcomes:
        if one.verdict in ("survived", "not covered"):
            lines = one.fault.told((ROOT / one.fault.path).read_bytes())
            explained += reason(one.fault.path, *lines) is not None
    real = len(outcomes) - explained
    noticed = 100 * counts["killed"] / real if real else 0.0
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
    return f"{told}; {explained} explained; score {noticed:.1f} %"


if __name__ == "__main__":
    main()
