"""The content folder's files, listed and read so that no single one can do harm.

A link that leads nowhere or in circles, a pipe, a folder, a file too large or not readable: each
is told with its name, and the others are read as if it were not there. Nothing here waits: a pipe
is never opened for reading.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from search.errors import Problem
from search.reasons import because

Stamp = tuple[int, int, int]
# Bytes. The longest lists of words have their room; no answer comes near.
LARGEST_FAQ = 256 * 1024
LARGEST = 4 * 1024 * 1024


class Unreadable(Exception):
    """A file that cannot be taken; `reason` and `fix` say why."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}; {fix}")
        self.reason = reason
        self.fix = fix


@dataclass(slots=True)
class Listing:
    """What lies in the folder now.

    stamps: of the files that can be read, by path below the folder. problems: of the others.
    flows: the names of the guided flows, which FAQs may start.
    """

    stamps: dict[str, Stamp] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    flows: frozenset[str] = frozenset()

    def refuse(self, data: Path, name: str, error: Unreadable) -> None:
        """Move a file to the others."""
        self.stamps.pop(name, None)
        self.problems[name] = Problem(data / name, 1, error.reason, error.fix)


def list_files(data: Path, names: tuple[str, ...], *, voices: bool = True) -> Listing:
    """List the named files and every faq/<category>/<id>.md: some microseconds each.

    voices: also every voices/<id>/<author>.txt.
    """
    found = Listing(flows=list_flows(data))
    # Paths are texts here: ten times a second, every file is looked at, and Path costs more.
    for name in names:
        _note(found, data, name, f"{data}/{name}")
    for parent, ending in (("faq", ".md"), ("voices", ".txt"))[: 1 + voices]:
        for folder in _folders(data / parent):
            for entry in _entries(data / parent / folder):
                if entry.name.endswith(ending) and not entry.name.startswith("."):
                    _note(found, data, f"{parent}/{folder}/{entry.name}", entry.path)
    return found


def list_flows(data: Path) -> frozenset[str]:
    """List the guided flows: the names of flows/<name>.yml."""
    return list_names(data / "flows")


def list_names(folder: Path) -> frozenset[str]:
    """List the names of a folder's files <name>.yml; a folder that is not there has none."""
    return frozenset(
        entry.name.removesuffix(".yml")
        for entry in _entries(folder)
        if entry.name.endswith(".yml") and not entry.name.startswith(".")
    )


def read_file(path: Path, largest: int = LARGEST) -> bytes:
    """Read a plain file whole; raises Unreadable, or FileNotFoundError where there is none."""
    try:
        # Not blocking: a pipe that nobody writes to would be waited for.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from None
    with os.fdopen(number, "rb") as file:
        _refuse_unfit(os.fstat(number), largest)
        try:
            return file.read(largest + 1)
        except OSError as error:
            raise _unreadable(path, error) from None


def largest_of(name: str) -> int:
    """Return how many bytes a content file may have, by its path below the folder."""
    return LARGEST_FAQ if name.startswith("faq/") and name.endswith(".md") else LARGEST


def _note(found: Listing, data: Path, name: str, path: str) -> None:
    try:
        state = os.stat(path)  # noqa: PTH116 - ditto
        _refuse_unfit(state, largest_of(name))
    except FileNotFoundError:
        # Gone since it was listed, or never there; a link that leads nowhere is still there.
        if Path(path).is_symlink():
            found.refuse(data, name, Unreadable(because("dead-link"), "put the file there"))
    except OSError as error:
        found.refuse(data, name, _unreadable(Path(path), error))
    except Unreadable as error:
        found.refuse(data, name, error)
    else:
        found.stamps[name] = (state.st_mtime_ns, state.st_size, state.st_ino)


def _refuse_unfit(state: os.stat_result, largest: int) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise Unreadable(because("no-plain-file"), "put a text file there")
    if state.st_size > largest:
        size, most = state.st_size / 1024, largest // 1024
        raise Unreadable(because("too-large", size=size), f"keep it below {most} KB")


def _unreadable(path: Path, error: OSError) -> Unreadable:
    if path.is_symlink():
        return Unreadable(because("bad-link", detail=error.strerror), "put the file there")
    return Unreadable(because("cannot-read", detail=error.strerror), "allow it to be read")


def _folders(parent: Path) -> list[str]:
    found = []
    for entry in _entries(parent):
        try:
            if entry.is_dir() and not entry.name.startswith("."):
                found.append(entry.name)
        except OSError:
            continue  # a link in circles: it holds nothing
    return sorted(found)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from list(entries)
    except OSError:
        return  # no such folder, or it went meanwhile
