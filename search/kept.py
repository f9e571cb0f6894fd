"""One content file beside the index's: read anew when it changes, as it was when last good.

What was good is kept in the program's own folder too, so that a start with a bad file serves what
the process before it served.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from search.documents import LOADER
from search.errors import BadContent, Problem
from search.files import LARGEST, Unreadable, read_file
from search.reasons import because, no_utf8, no_yaml

log = logging.getLogger(__name__)
Value = TypeVar("Value")
# Reads a file's bytes; raises BadContent. The path is for its messages.
Read = Callable[[Path, bytes], Value]
ACCEPTED = "accepted"  # below var, where last good versions lie
TOGETHER = "together"  # … and there, of what is made of several files: a folder for each
# The lists of what is published, where changes are reviewed (name → digest), written by
# web.publishing.gate: of articles beside the index, of the files of words among the accepted ones.
PUBLISHED = "published.json"
EACH = "flows/"  # of these files a new one waits too, where changes are reviewed
LOOK = 0.2  # seconds between two looks at a file


class Kept(Generic[Value]):
    """Gives what a file says; calling it again takes up what was written meanwhile."""

    def __init__(
        self,
        path: Path,
        read: Read[Value],
        own: Path,
        missing: Value | None = None,
        *,
        held: bool = True,
    ) -> None:
        """Read the file, or what was kept of it; raises BadContent where neither is good.

        own: where the last good version is kept. missing: what a file says that never was there;
        None: it has to be there. held: whether it is an editors' file, which says nothing before it
        is published, where changes are reviewed (web.publishing.gate).
        """
        self._path = path
        self._read = read
        self._own = own
        self._missing = missing
        self._held = held
        self._value: Value | None = None
        self._seen: object = None
        self._looked = float("-inf")
        self.problems: tuple[Problem, ...] = ()
        self._look()
        if self._value is None:
            self._value = self._before()

    def __call__(self) -> Value:
        """Return what the file says now; a bad one says what it said when last good."""
        if time.monotonic() - self._looked >= LOOK:
            self._look()
        assert self._value is not None  # noqa: S101 - __init__ saw to it
        return self._value

    def _look(self) -> None:
        self._looked = time.monotonic()
        stamp = _stamp(self._path)
        if stamp == self._seen:
            return
        try:
            raw = read_file(self._path)
            if self._held and self._waits(raw):
                reason, fix = "changed by hand, and not published yet", "publish it"
                raise BadContent((Problem(self._path, 1, reason, fix),))
            self._value = self._read(self._path, raw)
        except BadContent as error:
            self._blame(stamp, error.problems)
        except Unreadable as error:
            self._blame(stamp, (Problem(self._path, 1, error.reason, error.fix),))
        except FileNotFoundError:
            if self._missing is not None and self._value is None and not self._own.exists():
                self._seen, self._value = stamp, self._missing
            else:
                fix = "restore it from the repository"
                self._blame(stamp, (Problem(self._path, 1, because("file-missing"), fix),))
        else:
            self._seen, self.problems = stamp, ()
            _keep(self._own, raw)

    def _waits(self, raw: bytes) -> bool:
        """Tell whether a text is not the published one; the first one ever is taken as it is."""
        folder = next((one for one in self._own.parents if one.name == ACCEPTED), None)
        listed = read_published(folder / PUBLISHED) if folder is not None else None
        if folder is None or listed is None:
            return False
        name = self._own.relative_to(folder).as_posix()
        if name not in listed:
            return name.startswith(EACH)
        known = self._value is not None or self._own.exists()
        return known and listed[name] != digest(raw)

    def _blame(self, stamp: object, problems: tuple[Problem, ...]) -> None:
        self._seen = stamp
        if problems != self.problems:
            for problem in problems:
                log.warning("not live: %s", problem)
        self.problems = problems

    def _before(self) -> Value:
        """Read what was kept; raises BadContent with what is wrong now."""
        try:
            return self._read(self._path, read_file(self._own))
        except (BadContent, Unreadable, FileNotFoundError):
            raise BadContent(self.problems) from None


def made_of(
    data: Path,
    own: Path,
    files: Callable[[Path], Iterable[Path]],
    make: Callable[[Path], Value],
) -> Value:
    """Make something of several files; where they are bad, of what they were when last good.

    data: the content folder. own: the folder that keeps their last good versions, laid out like it.
    files: lists the files of such a folder. make: makes it of such a folder, raises what it wants.
    """
    try:
        # No reader is given what is no plain file: it could wait for ever.
        raws = {path.relative_to(data): read_file(path) for path in files(data)}
        made = make(data)
    except Exception:
        # Whatever is wrong with a file, what it said before still holds.
        if not own.is_dir():
            raise
        log.exception("not live: %s", own.name)
        return make(own)
    for name, raw in raws.items():
        _keep(own / name, raw)
    for path in files(own):
        if path.relative_to(own) not in raws:
            path.unlink(missing_ok=True)
    return made


def digest(raw: bytes) -> str:
    """Name a file's content."""
    return hashlib.sha256(raw).hexdigest()


def read_published(path: Path) -> Mapping[str, str] | None:
    """Read the list, name → digest; None where nothing is reviewed."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def load_yaml(path: Path, raw: bytes) -> Any:
    """Load a YAML text; raises BadContent with the line."""
    try:
        return yaml.load(raw.decode("utf-8"), Loader=LOADER)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        problem = Problem(path, 1, no_utf8(error), "save it as UTF-8")
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2026-13-40
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = Problem(path, line, no_yaml(error), "fix that line")
    raise BadContent((problem,))


def load_mapping(path: Path, raw: bytes) -> dict[str, Any]:
    """Load a YAML mapping of names; raises BadContent."""
    found = load_yaml(path, raw)
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        problem = Problem(path, 1, because("no-names"), "write `name: …` lines")
        raise BadContent((problem,))
    return found


def load_texts(path: Path, raw: bytes) -> dict[str, str]:
    """Load a YAML mapping of names to texts; raises BadContent."""
    found = load_yaml(path, raw)
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and isinstance(text, str) for name, text in found.items()
    ):
        problem = Problem(path, 1, because("no-texts"), "write `name: text`")
        raise BadContent((problem,))
    return found


def _stamp(path: Path) -> object:
    try:
        state = path.stat()
    except OSError as error:
        return error.errno
    return state.st_mtime_ns, state.st_size, state.st_ino, state.st_mode


def _keep(own: Path, raw: bytes) -> None:
    """Write the good version beside the program's data; a full disk only costs the keeping."""
    with contextlib.suppress(FileNotFoundError, Unreadable):
        if read_file(own, LARGEST) == raw:
            return
    try:
        own.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = own.with_name(f"{own.name}.{os.getpid()}")
        part.write_bytes(raw)
        part.replace(own)
    except OSError as error:
        log.warning("%s is not kept: %s", own.name, error)
