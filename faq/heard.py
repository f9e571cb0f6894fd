"""The files that the bot alone hears and speaks by, each read here as the bot reads it.

Acts, topics, phrases and the words of safety. The bot goes on with the last good version of a bad
one; this says what is wrong with it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from dialogue.acts import read_acts, read_answers, read_needs, read_never
from dialogue.phrases import Phrases
from dialogue.topics import Topics
from safety import stories
from safety.fraud import Fraud
from safety.golden import Golden
from safety.life import Life
from search.errors import BadContent, Problem
from search.files import Unreadable, read_file
from search.kept import load_mapping
from search.reasons import because

PHRASES = "phrases"
STORIES = "safety/stories"
GOLDEN = "safety/golden.jsonl"
_MEND = "compare it with an earlier version"
_BAD = (ValueError, LookupError, TypeError, AttributeError, re.error)


def read(path: Path, raw: bytes) -> None:
    """Read the bytes of one of these files; raises BadContent."""
    load_mapping(path, raw)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / path.name  # the bot's readers take files
        there.write_bytes(raw)
        try:
            _READERS[_kind(path)](there)
        except _BAD as error:
            raise BadContent((Problem(path, 1, because("heard", detail=error), _MEND),)) from None


def problems(data: Path) -> Iterator[Problem]:
    """Say what is wrong with a folder's files of these kinds; one that is not there is none."""
    names = [name for name in _READERS if name != PHRASES]
    said = sorted((data / PHRASES).glob("*.yml"))
    for path in (*(data / name for name in names), *said):
        try:
            yield from _found(path, read_file(path))
        except FileNotFoundError:
            if path.is_symlink():
                yield Problem(path, 1, because("dead-link"), "put the file there")
        except Unreadable as error:
            yield Problem(path, 1, error.reason, error.mend)
    yield from _told(data / STORIES, lambda: list(stories.read(data / STORIES)))
    if (data / GOLDEN).exists():
        yield from _told(data / GOLDEN, lambda: Golden.read(data / GOLDEN))


@lru_cache(maxsize=64)
def _found(path: Path, raw: bytes) -> tuple[Problem, ...]:
    try:
        read(path, raw)
    except BadContent as error:
        return error.problems
    return ()


def _told(path: Path, reading: Callable[[], Any]) -> Iterator[Problem]:
    try:
        reading()
    except (OSError, *_BAD) as error:
        place = re.match(r"(?P<file>[^:/]+\.txt):(?P<line>\d+): ", str(error))
        where = path / place["file"] if place else path
        line = int(place["line"]) if place else 1
        yield Problem(where, line, because("heard", detail=error), _MEND)


def _kind(path: Path) -> str:
    folder = path.parent.name
    return PHRASES if folder == PHRASES else f"{folder}/{path.name}"


def _acts(path: Path) -> None:
    for part in (read_acts, read_answers, read_needs, read_never):
        part(path)


def _as_typed(text: str) -> str:
    return text


_READERS: Mapping[str, Callable[[Path], Any]] = {
    "lexicon/acts.yml": _acts,
    "lexicon/topics.yml": lambda path: Topics.read(path, _as_typed),
    "safety/life.yml": lambda path: Life.read(path, _as_typed),
    "safety/fraud.yml": lambda path: Fraud.read(path, _as_typed, None),
    PHRASES: lambda path: Phrases.read(path.parent),
}
