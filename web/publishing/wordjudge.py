"""Whether the words of a file beside the FAQs may go live: its reader, what nobody may say."""

from __future__ import annotations

import re
import string
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from faq import golden, heard, kinds, retention, words
from faq.findings import Finding
from safety.golden import Golden
from search import BadContent, Problem
from search.content import NAMES, read_content, read_files
from search.documents import LOADER, VARIABLE
from search.normalise import Normaliser
from web.desk.forbidden import Forbidden
from web.publishing.comparing import leaves

# Files of which every text is said to people, so that none may ask for a secret or lure.
SAID = (
    "phrases/", "fallback.yml", "canned.yml", "wallet.yml", "brand.yml", "variables.yml", "safety/",
)  # fmt: skip
# Where any name may come or go: nothing of the program looks for one of them.
FREE = ("variables.yml", "categories.yml", "canned.yml", "brand.yml", "hours.yml", "wallet.yml")


def judge(
    data: Path, name: str, text: str, forbidden: Forbidden, learned: Path | None = None
) -> list[Finding]:
    """Check a file's new text by its reader, with the rest of the content, and what it says.

    learned: a folder that keeps what is learned from examples; None learns it anew.
    """
    path = data / name
    before = _present(path)
    try:
        found = [*_read(data, name, text, learned), *_names(path, before, text)]
        if name == retention.FILE and before is not None:
            found += _shorter(path, before, text)
        if name.startswith(SAID):
            found += _said(path, before, text, forbidden, frozenset(_variables(data)))
    except BadContent as error:
        return [_told(problem) for problem in error.problems]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [_told(Problem(path, mark.line + 1 if mark else 1, f"no YAML: {error}", ""))]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, re.error) as error:
        return [_finding(path, 1, "unreadable", reason=f"{type(error).__name__}: {error}")]
    return found


def _read(data: Path, name: str, text: str, learned: Path | None) -> list[Finding]:
    """Read a text as the program will."""
    path, raw = data / name, text.encode()
    if name in NAMES:
        return _indexed(data, name, raw)
    if name in kinds.READERS:
        kinds.READERS[name](path, raw)
        return []
    if name == "faq/golden.jsonl":
        rows, bad = golden.parse(text)
        faqs = read_content(data).faqs
        found = [_finding(path, line, "golden-bad", reason=reason) for line, reason in bad]
        return found + [
            _finding(path, row.line, "golden-unknown", text=row.text, faq=row.faq)
            for row in rows
            if row.faq not in faqs
        ]
    return _by_bot(path, name, text, learned)


def _by_bot(path: Path, name: str, text: str, learned: Path | None) -> list[Finding]:
    """Read what only the bot reads; words of safety have to hear every golden sentence."""
    heard.read(path, text.encode())
    if not name.startswith("safety/"):
        return []
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / path.name
        there.write_text(text, encoding="utf-8")
        cases = Golden.read(path.parent / "golden.jsonl")
        missed = cases.missed(there, _normaliser(), path.parent / "stories", learned)
        return [
            _finding(path, 1, "safety-missed", text=case.text, wanted=case.wanted, heard=instead)
            for case, instead in missed
        ]


def _indexed(data: Path, name: str, raw: bytes) -> list[Finding]:
    """Read what the index is made of with the whole content: no FAQ may fall out by it."""
    files = read_files(data)
    known = {str(problem) for problem in read_content(data, files).problems}
    files[name] = raw
    problems = read_content(data, files).problems
    return [_told(problem) for problem in problems if str(problem) not in known]


def _names(path: Path, before: str | None, text: str) -> Iterator[Finding]:
    """Refuse to drop a name that the program looks for."""
    name = path.name
    if before is None or name in FREE or not name.endswith(".yml"):
        return
    old, new = yaml.load(before, LOADER), yaml.load(text, LOADER)  # noqa: S506 - a SafeLoader
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old:
            if key not in new:
                yield _finding(path, 1, "name-gone", name=key)


def _shorter(path: Path, before: str, text: str) -> Iterator[Finding]:
    """Warn of a class that is to be kept for less time: what is deleted does not come back."""
    try:
        old = retention.read(path, before.encode())
    except BadContent:
        return  # broken by hand: nothing to compare with
    new = retention.read(path, text.encode())
    for field in fields(retention.Retention):
        days, were = getattr(new, field.name), getattr(old, field.name)
        if days is not None and (were is None or days < were):
            values = {"name": words.name("kept", field.name), "days": days}
            line = _line(text, f"{field.name}:")
            yield Finding(path, line, "kept-shorter", "warning", "file", values)


def _said(
    path: Path, before: str | None, text: str, forbidden: Forbidden, variables: frozenset[str]
) -> Iterator[Finding]:
    """Check each text that is new or was changed."""
    old = _texts(before) if before is not None else {}
    known = {place: set().union(*map(_places, said)) for place, said in old.items()}
    for place, said in _texts(text).items():
        for one in said:
            if one in old.get(place, ()):
                continue
            line = _line(text, one)
            for ask in forbidden.find(VARIABLE.sub("", one)):
                if ask.kind not in ("link", "number"):
                    values = {"text": one, "secret": words.name("secrets", ask.kind)}
                    yield _finding(path, line, "forbidden-ask", **values)
            for unknown in sorted(set(VARIABLE.findall(one)) - variables - {"agent", "customer"}):
                yield _finding(path, line, "word-variable", text=unknown)
            if path.parent.name == "phrases":
                for unknown in sorted(_places(one) - known.get(place, set())):
                    yield _finding(path, line, "word-place", text=unknown)


def _texts(text: str) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    loaded: Any = yaml.load(text, LOADER)  # noqa: S506 - a SafeLoader
    for place, one in leaves(loaded):
        found.setdefault(place, []).append(one)
    return found


def _places(text: str) -> set[str]:
    """Return the names that a phrase has filled in: {topic}."""
    try:
        parts = list(string.Formatter().parse(VARIABLE.sub("", text)))
    except ValueError:  # a brace alone
        return {text}
    return {name for _, name, _, _ in parts if name is not None}


def _variables(data: Path) -> Mapping[str, str]:
    return read_content(data).variables


def _present(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _line(text: str, said: str) -> int:
    first = said.split("\n")[0]
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if first in line), 1)


def _told(problem: Problem) -> Finding:
    why, fix = words.translate(problem.reason, problem.fix)
    values = {"why": why, "fix": fix}
    return Finding(problem.path, problem.line, "schema", "error", "file", values)


def _finding(path: Path, line: int, rule: str, **values: Any) -> Finding:
    return Finding(path, line, rule, "error", "file", values)


_made: list[Callable[[str], str]] = []


def _normaliser() -> Callable[[str], str]:
    if not _made:
        _made.append(Normaliser())
    return _made[0]
