"""Measures what web and bots hold when idle: `.venv/bin/python -m benchmarks.resident`.

Starts the real web and so many real bots with the sentence encoder and without, and prints the MB
of each process: all that it maps, and its share, in which pages that several map count in parts.
The goal is 450 MB in all.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.load import BOT, ROOT, Tree, running, wait

GOAL = 450  # MB


def main() -> None:
    """Measure with the encoder and without."""
    parser = argparse.ArgumentParser(prog="benchmarks.resident", description=__doc__)
    parser.add_argument("--bots", type=int, default=1)
    parser.add_argument("--encoder", nargs="*", default=["on", "off"], choices=["on", "off"])
    options = parser.parse_args()
    for encoder in options.encoder:
        with tempfile.TemporaryDirectory(prefix="xiaohu-resident-") as folder:
            tree = Tree(ROOT, Path(folder) / "one")
            tree.env["XIAOHU_ENCODER"] = encoder
            with running(tree):
                for number in range(2, options.bots + 1):
                    further(tree, number)
                print(f"encoder {encoder}")
                show(tree)


def further(tree: Tree, number: int) -> None:
    """Start one more bot on the same memory."""
    port = tree.bot_port + number - 1
    models = str(tree.folder / "models")
    bot = ("-m", "bot.runtime.serve", "--port", str(port), "--model", models)
    tree.spawn(f"bot {number}", BOT, *bot)
    wait(f"http://127.0.0.1:{port}/readyz")


def show(tree: Tree) -> None:
    """Print what each process holds, and the sum of the shares."""
    together = 0.0
    for name, process in tree.processes.items():
        for one in (process, *process.children(recursive=True)):
            held = one.memory_full_info()
            together += held.pss
            print(f"  {name:8} maps {held.rss >> 20:4} MB  share {held.pss >> 20:4} MB")
    total = together / (1 << 20)
    said = "ok" if total <= GOAL else f"MISSED (goal {GOAL})"
    print(f"  together {total:.0f} MB {said}", flush=True)


if __name__ == "__main__":
    main()
