"""`python -m benchmarks.packs PACK …`: how well a company is answered that has just begun.

A pack is a content folder with messages.jsonl in it ({"text", "tags", "expect": [ids]}), or a table
as a company has it, with NAME.gold.jsonl ({"n", "question", "answer"}) and NAME.queries.jsonl
({"text", "tags", "expect": [n]}) beside it: then the table is imported first, as by `faq
new-company`, and what the import should have yielded is compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.messages import Judged, Message, judge
from faq import company
from search import Settings, open_engine
from search.content import read_content

ROOT = Path(__file__).resolve().parent.parent
TALK, NEAR = "chitchat", "near"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a pack comes to; shares of 1.

    right: of the messages with an answer, those answered outright and rightly. wrong: of all that
    were answered outright, those with another FAQ, or none, as their answer. off: of the messages
    without an answer, those that were answered.
    """

    inside: int
    outside: int
    first: float
    three: float
    right: float
    wrong: float
    off: float

    @classmethod
    def of(cls, judged: list[Judged]) -> Figures:
        """Count; small talk is left out of what no FAQ answers."""
        inside = [one for one in judged if one.message.expect]
        outside = [one for one in judged if not one.message.expect and TALK not in one.message.tags]
        answered = [one for one in (*inside, *outside) if one.found.band == "answer"]
        right = sum(one.first for one in answered if one.message.expect)
        return cls(
            len(inside),
            len(outside),
            sum(one.first for one in inside) / max(1, len(inside)),
            sum(one.among_three for one in inside) / max(1, len(inside)),
            right / max(1, len(inside)),
            1 - right / len(answered) if answered else 0.0,
            sum(one.found.band == "answer" for one in outside) / max(1, len(outside)),
        )


def measure(pack: Path, var: Path, *, encoder: bool = False) -> list[Judged]:
    """Ask a pack its messages. var: where its index is kept. encoder: whether one ranks too."""
    if pack.is_dir():
        entries = list(_lines(pack / "messages.jsonl"))
        return _ask(Settings(pack, var / pack.name, encoder), entries, {})
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / pack.stem
        made = company.found(pack, data, ROOT / "data", dt.date(2026, 1, 1))
        for line in made.errors:
            print(f"  {line}")
        faqs = read_content(data).faqs.values()
        by_question = {_bare(faq.question): faq.id for faq in faqs}
        gold = list(_lines(pack.with_suffix(".gold.jsonl")))
        missing = [one["question"] for one in gold if _bare(one["question"]) not in by_question]
        print(f"  {len(made.written)} FAQs of {len(gold)}; missing: {missing or 'none'}")
        ids = {one["n"]: by_question.get(_bare(one["question"]), "") for one in gold}
        entries = list(_lines(pack.with_suffix(".queries.jsonl")))
        return _ask(Settings(data, var / pack.stem, encoder), entries, ids)


def _ask(settings: Settings, entries: list[Any], ids: dict[Any, str]) -> list[Judged]:
    engine = open_engine(settings)
    return [
        judge(
            engine,
            Message(
                entry["text"],
                tuple(entry.get("tags", ())),
                tuple(ids.get(one, one) for one in entry["expect"]),
            ),
        )
        for entry in entries
    ]


def _lines(path: Path) -> Iterator[Any]:
    yield from map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))


def _bare(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.packs", description=__doc__)
    parser.add_argument("packs", nargs="+", type=Path)
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "packs")
    parser.add_argument("--show", action="store_true", help="print what was answered wrongly")
    parser.add_argument("--encoder", action="store_true", help="with the encoder too")
    options = parser.parse_args()
    table: list[tuple[str, Figures]] = []
    for encoder in (False, True)[: 1 + options.encoder]:
        everything: list[Judged] = []
        how = ", encoder" if encoder else ""
        for pack in options.packs:
            print(pack)
            judged = measure(pack, options.var, encoder=encoder)
            everything += judged
            table.append((pack.stem + how, Figures.of(judged)))
            for one in judged if options.show else ():
                if one.found.band == "answer" and not one.first:
                    asked, given = one.message.text, one.found.hits[0].question
                    print(f"  {one.found.confidence:.2f} {asked} ← {given}")
        if len(options.packs) > 1:
            table.append((f"together{how}", Figures.of(everything)))
    _print(table)


def _print(table: list[tuple[str, Figures]]) -> None:
    """Print a line a pack. right: answered outright and rightly; wrong: of what was answered so."""
    width = max(len(name) for name, _ in table)
    heads = ("asked", "beyond", "R@1", "R@3", "right", "wrong", "off")
    print()
    print(" " * width, *(f"{head:>7}" for head in heads))
    for name, one in table:
        shares = (one.first, one.three, one.right, one.wrong, one.off)
        counts = f"{one.inside:>7} {one.outside:>7}"
        print(f"{name:<{width}}", counts, *(f"{share:>7.1%}" for share in shares))


if __name__ == "__main__":
    main()
