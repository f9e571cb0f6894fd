"""Rules on data/further: an FAQ that is there, an ask of one point only, no forbidden ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from faq import statements, words
from faq.findings import Finding
from faq.folder import Folder
from search.documents import VARIABLE
from search.errors import Problem
from search.further import FOLDER, read_folder

# What is said comes between two questions: one or two sentences.
LONGEST = 120


def problems(data: Path) -> Iterator[Problem]:
    """Say what keeps files of the folder from being read."""
    yield from read_folder(data)[1]


def check(folder: Folder, normalise: Callable[[str], str]) -> Iterator[Finding]:
    """Check every file that can be read against the rest of the content."""
    forbidden = statements.forbidden_asks(folder.data)
    for name, points in read_folder(folder.data)[0].items():
        path = folder.data / FOLDER / f"{name}.yml"
        if folder.content.find(name) is None:
            yield _finding(path, "further-faq", text=name)
        owners: dict[str, int] = {}
        for number, point in enumerate(points, 1):
            for ask in point.asks:
                other = owners.setdefault(normalise(ask), number)
                if other != number:
                    yield _finding(path, "further-twice", text=ask)
            if len(point.says) > LONGEST:
                yield _finding(path, "further-long", text=point.asks[0], count=len(point.says))
            for match in VARIABLE.finditer(point.says):
                if match[1] not in folder.content.variables:
                    yield _finding(path, "flow-variable", text=match[1])
            said = VARIABLE.sub("", point.says)
            for found in forbidden.find(said) if forbidden is not None else ():
                secret = words.say(f"secrets.{found.kind}")
                yield _finding(path, "forbidden-ask", text=found.clause, secret=secret)


def _finding(path: Path, rule: str, **values: str | int) -> Finding:
    text = str(values["text"])
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((number for number, one in enumerate(lines, 1) if text in one), 1)
    severity = "warning" if rule == "further-long" else "error"
    return Finding(path, line, rule, severity, "file", dict(values))
