"""Content files read and written by editors: nobody overwrites what they have not seen."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from faq.errors import Collision, Refused
from faq.history import History, Version
from faq.saving import replace

NONE = ""  # the version of a file that is not there
_NAME = re.compile(r"(?:faq/[a-z0-9-]+|announcements)/[a-z0-9]+(?:-[a-z0-9]+)*\.md")
Check = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's text (None: there is none) and its version."""

    text: str | None
    version: str


class Store:
    """The editors' hand on a content folder."""

    def __init__(self, data: Path, var: Path, history: History) -> None:
        """data: the content folder. var: for the lock that editors' processes share."""
        self._data = data
        self._var = var
        self.history = history

    def read(self, name: str) -> Stored:
        """Read a file by its path below the content folder; raises Refused for any other place."""
        path = self._path(name)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return Stored(None, NONE)
        return Stored(raw.decode("utf-8", "replace"), version_of(raw))

    def write(
        self, name: str, text: str, version: str, who: str, now: dt.datetime, check: Check
    ) -> str:
        """Save a file over the version that the editor saw; returns the new version.

        check: called with the text before it is written, raises Refused. Raises Collision.
        """
        path = self._path(name)
        with self._alone():
            before = self.expect(name, version)
            check(text)
            if before.text is not None:
                self._keep_first(name, now)
            replace(path, text)
            self.history.keep(name, who, _note("add" if before.text is None else "edit", path), now)
        return version_of(text.encode())

    def delete(self, name: str, version: str, who: str, now: dt.datetime) -> None:
        """Delete a file of that version; raises Collision."""
        path = self._path(name)
        with self._alone():
            if self.expect(name, version).text is None:
                return
            self._keep_first(name, now)
            path.unlink()
            self.history.keep(name, who, _note("delete", path), now)

    def versions(self, name: str) -> list[Version]:
        """List a file's earlier versions, the newest first."""
        self._path(name)
        return self.history.versions(name)

    def text_of(self, name: str, revision: str) -> str:
        """Return an earlier version's text; raises NoRevision."""
        self._path(name)
        return self.history.text(name, revision)

    def expect(self, name: str, version: str) -> Stored:
        """Read a file that must still have a version; raises Collision."""
        before = self.read(name)
        if before.version != version:
            raise Collision(before.text, before.version)
        return before

    def _keep_first(self, name: str, now: dt.datetime) -> None:
        """Keep what stood there before the first edit by this way."""
        if not self.history.versions(name):
            self.history.keep(name, "-", "before", now)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise Refused(f"{name!r} is no content file: faq/<category>/<id>.md")
        return self._data / name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._var.mkdir(parents=True, exist_ok=True)
        with (self._var / "editing.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def version_of(raw: bytes) -> str:
    """Name a file's content."""
    return hashlib.sha256(raw).hexdigest()[:24]


def _note(verb: str, path: Path) -> str:
    return f"{verb.capitalize()} {path.parent.name}/{path.stem}"
