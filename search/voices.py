"""Voices: how customers of many kinds ask, kept apart from the editors' own lists.

voices/<faq-id>/<author>.txt holds one way of asking a line, voices/beyond-<topic>/<author>.txt the
same for a topic of lexicon/beyond.yml. Blank lines and lines that begin with # say nothing. Who
wrote a row is known to the fit, which judges every author by what it learned from the others.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.errors import Problem
from search.reasons import because, no_utf8

FOLDER = "voices"
BEYOND_PREFIX = "beyond-"
_AUTHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Lines = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """One author's ways of asking for one owner; kind: faq or beyond. lines: (line, text)."""

    kind: str
    owner: str
    author: str
    path: Path
    lines: Lines


def read_voices(
    data: Path, files: Mapping[str, bytes], faqs: Collection[str], topics: Collection[str]
) -> tuple[tuple[Voice, ...], list[Problem]]:
    """Read the voices among `files` (by path below the content folder).

    faqs, topics: the ids that a folder may name. A file that names none, or is no text, is left out
    and told.
    """
    found: list[Voice] = []
    problems: list[Problem] = []
    for name in sorted(name for name in files if name.startswith(f"{FOLDER}/")):
        path = data / name
        owner = _owner(path.parent.name, faqs, topics)
        if owner is None:
            fix = "name the folder after an FAQ, or beyond-<topic> after a topic of beyond.yml"
            problems.append(Problem(path, 1, because("no-voice-owner", name=path.parent.name), fix))
        elif not _AUTHOR.fullmatch(path.stem):
            fix = "use a-z, 0-9 and single hyphens"
            problems.append(Problem(path, 1, because("bad-author", name=path.stem), fix))
        else:
            try:
                lines = _lines(files[name])
            except UnicodeDecodeError as error:
                reason = no_utf8(error)
                problems.append(Problem(path, 1, reason, "save it as UTF-8"))
                continue
            found.append(Voice(*owner, path.stem, path, lines))
    return tuple(found), problems


def folder_of(kind: str, owner: str) -> str:
    """Name the folder below voices/ of an FAQ's or a topic's rows."""
    return f"{BEYOND_PREFIX}{owner}" if kind == "beyond" else owner


def _owner(folder: str, faqs: Collection[str], topics: Collection[str]) -> tuple[str, str] | None:
    if folder in faqs:
        return "faq", folder
    topic = folder.removeprefix(BEYOND_PREFIX)
    return ("beyond", topic) if topic != folder and topic in topics else None


# An edit of one file costs the reading of one file.
@functools.lru_cache(maxsize=32_768)
def _lines(raw: bytes) -> Lines:
    """List (line, text); raises UnicodeDecodeError."""
    text = raw.decode("utf-8").removeprefix("\ufeff")
    stripped = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return tuple((number, line) for number, line in stripped if line and not line.startswith("#"))
