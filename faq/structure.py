"""Rules on files: what search refuses, untidy bytes, links, pictures, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from faq import words
from faq.findings import Finding
from faq.folder import Folder
from faq.pictures import checks as pictures
from faq.places import Places
from search.documents import Faq
from search.errors import Problem
from search.fields import FIELDS
from search.reasons import parts

STALE_DAYS = 365
SOON_DAYS = 14
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\(\s*(?P<to>[^)\s]*)[^)]*\)")
# What --fix can put right by itself.
_MECHANICAL = {
    "related-unknown", "related-itself", "bad-id", "id-not-name", "category-not-folder",
    "twice-entry",
}  # fmt: skip


def check(folder: Folder, today: dt.date) -> Iterator[Finding]:
    """Check every file of a folder by itself."""
    yield from refused(folder)
    for path, text in folder.texts.items():
        yield from tidiness(path, text)
    for faq in folder.content.faqs.values():
        yield from links(folder, faq)
        yield from former(folder, faq)
        yield from dates(faq, folder.places[faq.id], today)


def refused(folder: Folder, only: Path | None = None) -> list[Finding]:
    """List why search does not take files, and related FAQs that are not there.

    only: keeps what is found in one file.
    """
    problems = folder.content.problems
    return [_refusal(folder, problem) for problem in problems if only in (None, problem.path)]


def _refusal(folder: Folder, problem: Problem) -> Finding:
    code, values, line = *parts(problem.reason), problem.line
    faq = folder.content.faqs.get(problem.path.stem)
    if faq is not None and code == "related-unknown":
        other = values["other"]
        line = folder.line(faq, "related", other)
        there = next((path for path in folder.texts if path.stem == other), None)
        if there is not None:
            name = there.relative_to(folder.data).as_posix()
            said = {"text": other, "name": name}
            return Finding(problem.path, line, "related-broken", "warning", "related", said)
    if faq is not None and code == "unknown-flow":
        line = folder.line(faq, "flow")
    why, fix = words.translate(problem.reason, problem.fix)
    return Finding(
        problem.path,
        line,
        "schema",
        "error",
        values["field"]
        if values.get("field") in FIELDS
        else _field_at(folder.texts.get(problem.path, ""), line),
        {"why": why, "fix": fix},
        fixable=code in _MECHANICAL,
    )


def tidiness(path: Path, text: str) -> Iterator[Finding]:
    """Find bytes that every editor program writes differently."""
    found: list[tuple[int, str]] = []
    if text.startswith("\ufeff"):
        found.append((1, "bom"))
    if "\r" in text:
        found.append((text[: text.index("\r")].count("\n") + 1, "crlf"))
    for number, line in enumerate(text.replace("\r", "").split("\n"), 1):
        if line != line.rstrip() and line.rstrip("\u3000 \t") != line:
            found.append((number, "trailing"))
            break
    if not text.endswith("\n") or text.endswith("\n\n"):
        found.append((text.rstrip().count("\n") + 1, "ending"))
    for line_number, what in found:
        said = words.say(f"untidy.{what}")
        yield Finding(
            path, line_number, "not-tidy", "warning", "file", {"what": said}, fixable=True
        )


def links(folder: Folder, faq: Faq) -> Iterator[Finding]:
    """Check the links and pictures of an answer."""
    for number, line in folder.places[faq.id].answer():
        yield from pictures.in_line(folder.data, faq.path, number, line)
        for to in _targets(line):
            other = _article(to)
            if other is not None:
                if folder.content.find(other) is None:
                    yield Finding(faq.path, number, "link-dead", "error", values={"text": to})
            elif to.startswith(("http:", "https:")):
                yield Finding(faq.path, number, "link-outside", "warning", values={"text": to})


def linked(folder: Folder, faq: Faq) -> set[str]:
    """Name the articles that an answer links to."""
    lines = (line for _, line in folder.places[faq.id].answer())
    return {other for line in lines for other in map(_article, _targets(line)) if other is not None}


def _targets(line: str) -> Iterator[str]:
    for match in _LINK.finditer(line):
        yield unquote(match["to"])


def _article(to: str) -> str | None:
    """Return the id of the article that a link leads to, None where it leads elsewhere."""
    return to.removeprefix("/faq/").split("#")[0] if to.startswith("/faq/") else None


def former(folder: Folder, faq: Faq) -> Iterator[Finding]:
    """Check the ids that an FAQ had before: none may be another's now."""
    for old in faq.formerly:
        other = folder.content.faqs.get(old)
        if other is not None:
            line = folder.line(faq, "formerly", old)
            values = {"text": old, "other": other.question, "other_id": old}
            yield Finding(faq.path, line, "formerly-taken", "error", "formerly", values)


def dates(faq: Faq, places: Places, today: dt.date) -> Iterator[Finding]:
    """Check how old an FAQ is and how long it holds."""
    updated, valid = places.line("updated"), places.line("valid")
    if faq.updated > today + dt.timedelta(days=1):
        values: dict[str, object] = {"updated": faq.updated}
        yield Finding(faq.path, updated, "future", "warning", "updated", values)
    elif (today - faq.updated).days > STALE_DAYS:
        values = {"updated": faq.updated, "days": (today - faq.updated).days}
        yield Finding(faq.path, updated, "stale", "warning", "updated", values)
    if faq.valid_until is not None:
        left = (faq.valid_until - today).days
        rule = "expired" if left < 0 else "expires-soon" if left <= SOON_DAYS else None
        if rule is not None:
            values = {"until": faq.valid_until, "days": left}
            yield Finding(faq.path, valid, rule, "warning", "valid", values)


def _field_at(text: str, line: int) -> str:
    """Name the field that a line belongs to."""
    places = Places.of(text)
    if line >= places.body > 1:
        return "answer"
    above = [(at, name) for name, at in places.fields.items() if at <= line]
    return max(above)[1] if above else "file"
