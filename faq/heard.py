"""The files that the bot alone hears and speaks by, each read here as the bot reads it.

Acts, topics, phrases and the words of safety. The bot goes on with the last good version of a bad
one; this says what is wrong with it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
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
_FIX = "compare it with an earlier version"
_BAD = (ValueError, LookupError, TypeError, AttributeError, re.error)


def read(path: Path, raw: bytes) -> None:
    """Read the bytes of one of these files, beside those that it lies with; raises BadContent."""
    _read_alone(path, raw)
    if _kind(path) == PHRASES:
        others = (other for other in _said(path.parent) if other.name != path.name)
        twice = _twice(path, _names(path, raw), {name for other in others for name in other.names})
        if twice:
            raise BadContent(twice)


def _read_alone(path: Path, raw: bytes) -> None:
    load_mapping(path, raw)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / path.name  # the bot's readers take files
        there.write_bytes(raw)
        try:
            _READERS[_kind(path)](there)
        except _BAD as error:
            raise BadContent((Problem(path, 1, because("heard", detail=error), _FIX),)) from None


def problems(data: Path) -> Iterator[Problem]:
    """Say what is wrong with a folder's files of these kinds; one that is not there is none."""
    names = [name for name in _READERS if name != PHRASES]
    said = sorted((data / PHRASES).glob("*.yml"))
    known: set[str] = set()
    for one in _said(data / PHRASES):
        yield from _twice(data / PHRASES / one.name, one.names, known)
        known |= one.names
    for path in (*(data / name for name in names), *said):
        try:
            yield from _found(path, read_file(path))
        except FileNotFoundError:
            if path.is_symlink():
                yield Problem(path, 1, because("dead-link"), "put the file there")
        except Unreadable as error:
            yield Problem(path, 1, error.reason, error.fix)
    folder = data / STORIES
    yield from _told(folder, lambda: _read_stories(folder, _stamps(folder)))
    if (data / GOLDEN).exists():
        yield from _told(data / GOLDEN, lambda: Golden.read(data / GOLDEN))


@lru_cache(maxsize=64)
def _found(path: Path, raw: bytes) -> tuple[Problem, ...]:
    try:
        _read_alone(path, raw)
    except BadContent as error:
        return error.problems
    return ()


@dataclass(frozen=True, slots=True)
class _Said:
    """A file of phrases, and the names that it says."""

    name: str
    names: frozenset[str]


def _said(folder: Path) -> Iterator[_Said]:
    """List a folder's files of phrases, without those that cannot be read."""
    for path in sorted(folder.glob("*.yml")):
        with suppress(OSError, Unreadable, BadContent):
            yield _Said(path.name, _names(path, read_file(path)))


@lru_cache(maxsize=64)
def _names(path: Path, raw: bytes) -> frozenset[str]:
    return frozenset(map(str, load_mapping(path, raw)))


def _twice(path: Path, names: Iterable[str], known: Collection[str]) -> tuple[Problem, ...]:
    """Refuse names that another file says too: which of both were said would be chance."""
    return tuple(
        Problem(path, 1, because("said-elsewhere", name=name), "give it another name")
        for name in sorted(set(names) & set(known))
    )


@lru_cache(maxsize=8)  # web looks every two seconds; what is bad raises, and is read each time
def _read_stories(folder: Path, stamps: tuple[tuple[str, int, int, int], ...]) -> None:
    for _ in stories.read(folder):
        pass


def _stamps(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    states = ((path.name, path.stat()) for path in sorted(folder.glob("*.txt")))
    return tuple((name, one.st_mtime_ns, one.st_size, one.st_ino) for name, one in states)


def _told(path: Path, reading: Callable[[], Any]) -> Iterator[Problem]:
    try:
        reading()
    except (OSError, *_BAD) as error:
        place = re.match(r"(?P<file>[^:/]+\.txt):(?P<line>\d+): ", str(error))
        where = path / place["file"] if place else path
        line = int(place["line"]) if place else 1
        yield Problem(where, line, because("heard", detail=error), _FIX)


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
