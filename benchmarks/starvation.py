"""Measures what others get while an attack starves web: `python -m benchmarks.starvation`.

Starts the real web on a database of its own (SQLite), without the bot, and asks `/livez` a fixed
number of times, first undisturbed and then beside each attack of `starving.py`; prints p50, p99
and maximum in ms, the ratio of p99 to the undisturbed one, how many asks failed, and what the
attackers got (goal: p99 ≤ 300 ms on two cores). The attackers are another process and stand behind
web and the asks in the line for a processor, since they would be other machines; each request
comes from an address of its own, so that no limit of one address spares the server. What else the
machine does is in the figures: its load is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import multiprocessing
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.load import ROOT, WEB, Tree
from benchmarks.starving import ATTACKS, assault
from benchmarks.timing import p99

GOAL_MS = 300
PROBES = 300
PAUSE = 0.025  # seconds between an answer and the next ask
BEGUN = 1.5  # seconds in which an attack is under way before the first ask
PATIENT = 120.0  # seconds that an ask may take
READY = 300.0
SETTLED, CALM_MS = 30.0, 20.0


@dataclass(frozen=True)
class Waited:
    """How long the asks of one round took, in ms."""

    all: list[float]
    failed: int = 0

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.all)

    @property
    def p99(self) -> float:
        """What one ask in a hundred takes longer than."""
        return p99(self.all)


def main() -> None:
    """Measure the asks alone, then beside each attack."""
    parser = argparse.ArgumentParser(prog="benchmarks.starvation", description=__doc__)
    parser.add_argument("--probes", type=int, default=PROBES, help="asks beside each attack")
    parser.add_argument("--only", nargs="*", choices=sorted(ATTACKS), default=[])
    options = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    heads = f"{'p50 ms':>8} {'p99 ms':>8} {'max ms':>8} {'ratio':>6} {'failed':>6}"
    print(f"{'':10} {heads}  attackers got")
    late = []
    with (
        tempfile.TemporaryDirectory(prefix="xiaohu-starvation-") as folder,
        serving(Path(folder) / "0") as tree,
    ):
        ask(tree.port, options.probes // 4)  # warm
        calm = ask(tree.port, options.probes)
        show("none", calm, calm, Counter())
        for name in options.only or ATTACKS:
            with attacked(tree, name) as got:
                waited = ask(tree.port, options.probes)
            show(name, waited, calm, got)
            if waited.p99 > GOAL_MS or waited.failed:
                late.append(name)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    print(f"p99 beyond {GOAL_MS} ms, or asks that failed: {', '.join(late) or 'none'}")


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Tree]:
    """Run web alone, on the index that is there."""
    tree = Tree(ROOT, folder)
    tree.build((WEB, "-m", "search", "--build"))
    tree.spawn("web", WEB, "-m", "web", "serve", "--port", str(tree.port))
    try:
        _until_it_lives(tree)
        yield tree
    finally:
        tree.stop()


@contextlib.contextmanager
def attacked(tree: Tree, name: str) -> Iterator[Counter[str]]:
    """Let one attack go on meanwhile; what it got is there at the end."""
    context = multiprocessing.get_context("spawn")
    over, told = context.Event(), context.Queue()
    attackers = context.Process(target=assault, args=(name, tree.port, over, told), daemon=True)
    attackers.start()
    got: Counter[str] = Counter()
    try:
        told.get(timeout=READY)  # they are all at it
        time.sleep(BEGUN)
        yield got
    finally:
        over.set()
        got.update(told.get(timeout=READY))
        attackers.join()
        _settle(tree.port)


def ask(port: int, count: int) -> Waited:
    """Ask `/livez` so often, each time over a connection of its own, as probes do."""
    took, failed = [], 0
    for _ in range(count):
        began = time.perf_counter()
        try:
            with contextlib.closing(
                http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENT)
            ) as line:
                line.request("GET", "/livez")
                failed += line.getresponse().status != 200
        except (OSError, http.client.HTTPException):
            failed += 1
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE)
    return Waited(took, failed)


def show(name: str, waited: Waited, calm: Waited, got: Counter[str]) -> None:
    """Print one round."""
    told = ", ".join(f"{count}× {kind}" for kind, count in got.most_common())
    print(
        f"{name:10} {waited.median:8.1f} {waited.p99:8.1f} {max(waited.all):8.1f} "
        f"{waited.p99 / calm.p99:6.1f} {waited.failed:6}  {told}",
        flush=True,
    )


def _settle(port: int) -> None:
    """Wait until what an attack has begun is over."""
    deadline = time.monotonic() + SETTLED
    while time.monotonic() < deadline:
        if ask(port, 20).median < CALM_MS:
            return


def _until_it_lives(tree: Tree) -> None:
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            # Its first page too: what is made at the first request is no attack.
            if httpx.get(f"{tree.url}/search?q=退款", timeout=60, trust_env=False).is_success:
                return
        time.sleep(0.1)
    raise SystemExit("web does not begin to serve")


if __name__ == "__main__":
    main()
