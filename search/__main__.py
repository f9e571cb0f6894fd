"""`python -m search`: rank one message, or every line of a file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import IO

from search import BadContent, Engine, Ranking, SearchError, Settings, live, open_engine
from search.content import read_content
from search.generation import build


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (2: the content or the input is bad)."""
    parser = argparse.ArgumentParser(prog="python -m search", description=__doc__)
    parser.add_argument("text", nargs="?", help="a customer's message")
    parser.add_argument("--jsonl", action="store_true", help="rank standard input line by line")
    parser.add_argument("--build", action="store_true", help="fit the content as it is, and stop")
    parser.add_argument(
        "--ready", action="store_true", help="fit only where nothing was fitted yet, and stop"
    )
    parser.add_argument("--check", action="store_true", help="validate the content, and stop")
    parser.add_argument("--limit", type=int, default=10)
    options = parser.parse_args(argv)
    settings = Settings.from_env()
    try:
        if options.check:
            return _check(settings)
        if options.build or options.ready:
            return _prepare(settings, exact=options.build)
        engine = open_engine(settings, progress=_progress)
        for problem in engine.problems:
            print(problem, file=sys.stderr)
        if options.jsonl:
            return _lines(engine, sys.stdin, options.limit)
        if options.text is None:
            parser.error("give a message, --jsonl, --build, --ready or --check")
        _show(engine.rank(options.text, options.limit))
    except SearchError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _prepare(settings: Settings, *, exact: bool) -> int:
    """Have something to serve: what was fitted last, or a fit of all files that are good.

    exact: what was fitted last counts only when it was fitted on the files as they are.
    """
    if not exact:
        live.start(settings, _progress)
    try:
        reading = live.last_good(settings)
        problems = reading.problems
        if exact:
            build(settings, reading.files, _progress)
    except BadContent as error:
        if exact:
            raise
        # What was fitted last is served all the same.
        problems = error.problems
    for problem in problems:
        print(problem, file=sys.stderr)
    return 0


def _progress(step: str) -> None:
    print(f"index: {step} …", file=sys.stderr, flush=True)


def _check(settings: Settings) -> int:
    content = read_content(settings.data)
    for problem in content.problems:
        print(problem)
    print(f"{len(content.faqs)} FAQs good, {len(content.problems)} problems")
    return 1 if content.problems else 0


def _lines(engine: Engine, lines: IO[str], limit: int) -> int:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            text = entry["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            print(
                f"line {number}: {line.strip()[:60]!r} is no object with a text; "
                'write {"text": "…"}',
                file=sys.stderr,
            )
            return 2
        found = engine.rank(text, limit)
        entry["hits"] = [{"id": hit.id, "score": hit.score} for hit in found.hits]
        entry["band"] = found.band
        print(json.dumps(entry, ensure_ascii=False), flush=True)
    return 0


def _show(found: Ranking) -> None:
    topic = f"  topic {found.topic}" if found.topic else ""
    print(f"{found.query}\n{found.band}  confidence {found.confidence:.2f}{topic}")
    for place, hit in enumerate(found.hits, 1):
        print(f"{place:2}. {hit.score:.3f}  {hit.id:28} {hit.question}  ← {hit.matched}")


if __name__ == "__main__":
    sys.exit(main())
