"""Prints what rows are worth: how often a held-out author's rows find their FAQ, by rows an FAQ.

`python -m benchmarks.voices`: each author of data/voices is left out in turn; of what all others
and the editors wrote, so many rows an FAQ are learned from (TF-IDF of characters and a linear
classifier, which shows what rows say and takes minutes where a fit of the engine would take hours),
and the author's own rows are the questions. Then the FAQs for which the last doubling paid most:
there the next writer's rows are worth most.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from benchmarks.baselines import classifier
from benchmarks.intervals import mean
from search import open_engine
from search.index import Row

SIZES = (10, 20, 40, 80, 160, 320)
ASKED = 500  # of an author's rows, drawn
SHOWN = 12
FEWEST = 10  # rows asked of an FAQ from which on its own figures say something
SEED = 20_261_130


def main() -> None:
    """Leave each author out and print the curve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="rows an FAQ")
    sizes: Sequence[int] = sorted(parser.parse_args().sizes)
    rows = [row for row in open_engine().generation.rows if row.kind == "faq"]
    authors = sorted({row.author for row in rows} - {""})
    if not authors:
        parser.error("data/voices holds no rows of an FAQ: take some in with `faq voices import`")
    print(f"{'author left out':24}" + "".join(f"{size:>8}" for size in sizes) + "   rows an FAQ")
    curves: dict[int, list[bool]] = defaultdict(list)
    by_faq: dict[int, dict[str, list[bool]]] = {size: defaultdict(list) for size in sizes}
    for author in authors:
        draw = random.Random(SEED)  # noqa: S311 - no secret
        theirs = [row for row in rows if row.author == author]
        asked = draw.sample(theirs, min(ASKED, len(theirs)))
        others = [row for row in rows if row.author != author]
        draw.shuffle(others)
        shares = []
        for size in sizes:
            rank = classifier(_at_most(others, size))
            right = [rank(row.text)[0] == row.owner for row in asked]
            for row, hit in zip(asked, right, strict=True):
                by_faq[size][row.owner].append(hit)
            curves[size] += right
            shares.append(mean(right))
        print(f"{author:24}" + "".join(f"{share:8.1%}" for share in shares), flush=True)
    print(f"{'all of them':24}" + "".join(f"{mean(curves[size]):8.1%}" for size in sizes))
    if len(sizes) > 1:
        _show_gains(by_faq[sizes[-2]], by_faq[sizes[-1]])


def _at_most(rows: Sequence[Row], size: int) -> list[Row]:
    """Take the first rows of each FAQ."""
    taken: dict[str, int] = defaultdict(int)
    found = []
    for row in rows:
        if taken[row.owner] < size:
            taken[row.owner] += 1
            found.append(row)
    return found


def _show_gains(before: Mapping[str, Sequence[bool]], after: Mapping[str, Sequence[bool]]) -> None:
    gains = {
        faq: mean(after[faq]) - mean(before[faq]) for faq in after if len(after[faq]) >= FEWEST
    }
    print("\nwhere the last doubling paid most (R@1 before and after):")
    for faq in sorted(gains, key=lambda faq: -gains[faq])[:SHOWN]:
        print(f"  {faq:28}{mean(before[faq]):7.1%}{mean(after[faq]):7.1%}")


if __name__ == "__main__":
    main()
