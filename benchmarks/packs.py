"""`python -m benchmarks.packs PACK …`: how well a company is answered that has just begun.

A pack is a content folder with messages.jsonl in it ({"text", "tags", "expect": [ids]}), or a table
as a company has it, with NAME.gold.jsonl ({"n", "question", "answer"}) and NAME.queries.jsonl
({"text", "tags", "expect": [n]}) beside it: then the table is imported first, as by `faq
new-company`, and what the import should have yielded is compared.

What half an hour with the wizard brings: `--ask FOLDER` writes NAME.rows.jsonl with the FAQs that
the wizard asks for, {"question", "answer", "rivals", "rows": []}, for somebody who has not seen the
messages to fill in; `--rows FOLDER` measures with the rows that were filled in. Asking again
keeps those and lists the next ones, as the page does.
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
from faq import asking, checking, company
from faq.writing import Draft
from search import Settings, open_engine
from search.content import read_content

ROOT = Path(__file__).resolve().parent.parent
TALK = "chitchat"
TODAY = dt.date(2026, 1, 1)


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


def measure(
    pack: Path, var: Path, *, encoder: bool = False, rows: Path | None = None
) -> list[Judged]:
    """Ask a pack its messages.

    var: where its index is kept. encoder: whether one ranks too. rows: the folder with further
    ways of asking for tables.
    """
    if pack.is_dir():
        entries = list(_lines(pack / "messages.jsonl"))
        return _ask(Settings(pack, var / pack.name, encoder), entries, {})
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / pack.stem
        more = _filled_in(pack, rows) if rows is not None else None
        made = company.found(pack, data, ROOT / "data", TODAY, more=more)
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


def _filled_in(pack: Path, rows: Path) -> dict[str, list[str]]:
    """Read the ways of asking that somebody wrote for a table's FAQs: by id."""
    path = rows / f"{pack.stem}.rows.jsonl"
    written = {one["question"]: one["rows"] for one in _lines(path)} if path.exists() else {}
    drafts = _drafts(pack)
    unknown = written.keys() - {draft.question for draft in drafts}
    if unknown:
        raise SystemExit(f"{path}: no such question: {'; '.join(sorted(unknown))}")
    return {draft.id: written.get(draft.question, []) for draft in drafts}


def ask_for_rows(pack: Path, rows: Path) -> int:
    """Add the FAQs that the wizard asks for next to a table's file of rows; returns how many."""
    more = _filled_in(pack, rows)
    drafts = {draft.id: draft for draft in _drafts(pack, more)}
    path = rows / f"{pack.stem}.rows.jsonl"
    kept = [one for one in _lines(path) if one["rows"]] if path.exists() else []
    listed = {one["question"] for one in kept}
    wanted = asking.wanted(list(drafts.values()), checking.normaliser())
    kept += [
        {
            "question": one.question,
            "answer": drafts[one.id].answer,
            "rivals": list(one.rivals),
            "rows": [],
        }
        for one in wanted
        if one.question not in listed
    ]
    rows.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in kept)
    path.write_text(text, encoding="utf-8")
    return sum(not one["rows"] for one in kept)


def _drafts(pack: Path, more: dict[str, list[str]] | None = None) -> list[Draft]:
    """Read a table's FAQs without writing anything."""
    nowhere = pack.with_suffix("")
    made = company.found(pack, nowhere, ROOT / "data", TODAY, more=more, write=False)
    return made.drafts


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
    parser.add_argument("--rows", type=Path, help="a folder of NAME.rows.jsonl to measure with")
    parser.add_argument("--ask", type=Path, help="write what the wizard asks for, and stop")
    options = parser.parse_args()
    if options.ask is not None:
        for pack in options.packs:
            asked = ask_for_rows(pack, options.ask)
            print(f"{options.ask / pack.stem}.rows.jsonl: {asked} FAQs wait for ways of asking")
        return
    table: list[tuple[str, Figures]] = []
    for encoder in (False, True)[: 1 + options.encoder]:
        everything: list[Judged] = []
        how = ", encoder" if encoder else ""
        for pack in options.packs:
            print(pack)
            judged = measure(pack, options.var, encoder=encoder, rows=options.rows)
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
