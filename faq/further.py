"""Rules on data/further: an FAQ that is there, an ask of one point only, no forbidden ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from faq import statements, words
from faq.findings import Finding, Severity
from faq.folder import Folder
from search.content import Content
from search.documents import VARIABLE
from search.errors import BadContent, Problem
from search.further import FOLDER, Point, read_folder, read_points
from web.desk.forbidden import Forbidden

Normalise = Callable[[str], str]

# What is said comes between two questions: one or two sentences.
LONGEST = 120


def problems(data: Path) -> Iterator[Problem]:
    """Say what keeps files of the folder from being read."""
    yield from read_folder(data)[1]


def check(folder: Folder, normalise: Normalise) -> Iterator[Finding]:
    """Check every file that can be read against the rest of the content."""
    forbidden = statements.forbidden_asks(folder.data)
    for name, points in read_folder(folder.data)[0].items():
        path = folder.data / FOLDER / f"{name}.yml"
        text = path.read_text(encoding="utf-8")
        yield from _points(path, text, points, folder.content, normalise, forbidden)


def judge(
    data: Path,
    content: Content,
    name: str,
    text: str,
    normalise: Normalise,
    forbidden: Forbidden | None,
) -> list[Finding]:
    """Check the text of one FAQ's points as if it stood in the folder; name: its path there."""
    path = data / name
    try:
        points = read_points(path, text.encode())
    except BadContent as error:
        told = [words.translate(item.reason, item.fix) for item in error.problems]
        return [
            Finding(path, 1, "schema", "error", "file", {"why": why, "fix": fix})
            for why, fix in told
        ]
    return list(_points(path, text, points, content, normalise, forbidden))


def _points(
    path: Path,
    text: str,
    points: Sequence[Point],
    content: Content,
    normalise: Normalise,
    forbidden: Forbidden | None,
) -> Iterator[Finding]:
    def found(rule: str, **values: str | int) -> Finding:
        return _finding(path, text, rule, **values)

    if content.find(path.stem) is None:
        yield found("further-faq", text=path.stem)
    owners: dict[str, int] = {}
    for number, point in enumerate(points, 1):
        for ask in point.asks:
            other = owners.setdefault(normalise(ask), number)
            if other != number:
                yield found("further-twice", text=ask)
        if len(point.says) > LONGEST:
            yield found("further-long", text=point.asks[0], count=len(point.says))
        for match in VARIABLE.finditer(point.says):
            if match[1] not in content.variables:
                yield found("flow-variable", text=match[1])
        said = VARIABLE.sub("", point.says)
        for ask_for in forbidden.find(said) if forbidden is not None else ():
            secret = words.say(f"secrets.{ask_for.kind}")
            yield found("forbidden-ask", text=ask_for.clause, secret=secret)


def _finding(path: Path, written: str, rule: str, **values: str | int) -> Finding:
    text = str(values["text"])
    lines = written.splitlines()
    line = next((number for number, one in enumerate(lines, 1) if text in one), 1)
    severity: Severity = "warning" if rule == "further-long" else "error"
    return Finding(path, line, rule, severity, "file", dict(values))
