"""`python -m benchmarks.lookup [SIZE …]`: the compiled lookup beside the engines others pick.

For every size, in a process of its own: the best five of SIZE entries for the same questions. The
engines take turns, each with all questions at a time as it would serve them, so that whatever else
the machine does hits all alike. The ratios to tantivy are what to compare.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks import peers
from benchmarks.corpus import Recombined
from benchmarks.timing import Times, resident
from search import open_engine

SIZES = (200, 1_000, 10_000, 60_000)
QUESTIONS = 300
# Asked of the slow ones, once: enough for a median, and the run ends.
FEWER = 60
SLOW = ("whoosh", "fts5")
ROUNDS = 10
GOAL = 0.5
Words = list[str]
Made = TypeVar("Made")


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print a table for every size."""
    generation = open_engine().generation
    make = Recombined([row.text for row in generation.rows], generation.analyser)
    cut = generation.analyser.cut
    texts = [cut(text) for text in make(max(sizes) + QUESTIONS)]
    questions = texts[-QUESTIONS:]
    print("lookup: best five of an OR of words; ms of processor time, medians as × tantivy's")
    context = multiprocessing.get_context("spawn")
    for size in sizes:
        child = context.Process(target=measure, args=(texts[:size], questions))
        child.start()
        child.join()
        if child.exitcode:
            sys.exit(child.exitcode)


def measure(entries: list[Words], questions: list[Words]) -> None:
    """Build every engine, ask them in turn, print."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        built: dict[str, str] = {}
        asks: dict[str, peers.Ask] = {}
        asks["whoosh"], built["whoosh"] = _build(lambda: peers.whoosh(folder / "whoosh", entries))
        asks["compiled"], built["compiled"] = _build(
            lambda: peers.compiled(folder / "whoosh", folder)
        )
        (asks["tantivy"], asks["  addresses"]), built["tantivy"] = _build(
            lambda: peers.tantivy_py(folder / "tantivy", entries)
        )
        asks["bm25s"], built["bm25s"] = _build(lambda: peers.bm25s_numpy(entries))
        asks["fts5"], built["fts5"] = _build(lambda: peers.fts5(folder / "fts5", entries))
        times = {peer: Times() for peer in asks}
        for turn, (peer, ask) in itertools.product(range(ROUNDS), asks.items()):
            if turn and peer in SLOW:
                continue
            for question in questions[:FEWER] if peer in SLOW else questions:
                times[peer].take(ask, question)
    base = times["tantivy"].median
    print(f"\n{len(entries):,} entries     median      p99   × tantivy    built s  memory MB")
    for peer, found in times.items():
        ratio = found.median / base
        print(f"  {peer:12}{found.median:9.3f}{found.p99:9.3f}{ratio:11.2f} {built.get(peer, '')}")
    ratio = times["compiled"].median / base
    bare = times["compiled"].median / times["  addresses"].median
    if len(entries) >= 10_000:
        told = "met" if ratio <= GOAL else "MISSED"
        print(f"  goal ≤ {GOAL} × tantivy: {told} ({bare:.2f} × its bare addresses)")
    sys.stdout.flush()


def _build(make: Callable[[], Made]) -> tuple[Made, str]:
    """Make an engine; returns it and its seconds and megabytes, printed."""
    gc.collect()
    before, begun = resident(), time.perf_counter()
    made = make()
    seconds = time.perf_counter() - begun
    gc.collect()
    return made, f"{seconds:10.2f}{resident() - before:11.1f}"


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
