"""Content files read and written by editors: nobody overwrites what they have not seen."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faq.editable import is_words
from faq.errors import Busy, Collision, Refused
from faq.history import Change, History, Version, note_of
from faq.saving import replace
from search.files import LARGEST, Unreadable, read_file
from search.further import FOLDER as FURTHER
from search.voices import FOLDER as VOICES

NONE = ""  # the version of a file that is not there
PATIENCE = 10.0  # seconds that a save waits for another one
LOOK = 0.02  # seconds between two tries to get the lock that processes share
_NAME = re.compile(r"(?:faq/[a-z0-9-]+|announcements)/[a-z0-9]+(?:-[a-z0-9]+)*\.md")
_PICTURE = re.compile(r"pictures/[a-z0-9]+(?:-[a-z0-9]+)*\.webp")
Check = Callable[[str], None]
Run = Callable[[Callable[[], Any]], Any]
Admit = Callable[[Mapping[str, str | None]], None]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's text (None: there is none) and its version."""

    text: str | None
    version: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A file's new version, and whether git has it too where the folder lies in a repository."""

    version: str
    in_git: bool


@dataclass(frozen=True, slots=True)
class Why:
    """What is kept beside the author of a change: see faq.history.Change.

    deed: None where the file itself tells whether it is added or edited.
    """

    reason: str = ""
    account: int | None = None
    deed: str | None = None
    draft: int | None = None

    def change(self, who: str, deed: str, now: dt.datetime, other: str | None = None) -> Change:
        """Return the whole change."""
        deed = self.deed or deed
        return Change(who, deed, now, self.reason, self.account, other, self.draft)


PLAIN = Why()


class Store:
    """The editors' hand on a content folder."""

    def __init__(
        self,
        data: Path,
        var: Path,
        history: History,
        run: Run = lambda work: work(),
        patience: float = PATIENCE,
        admit: Admit = lambda changes: None,
    ) -> None:
        """data: the content folder. var: for the lock that editors' processes share.

        run: where the disk is waited for. patience: seconds that a save waits for another one.
        admit: told what is going to be written (None: dropped), before it is.
        """
        self._data = data
        self._var = var
        self._run = run
        self._patience = patience
        self._admit = admit
        self._here = threading.Lock()
        self.history = history

    def read(self, name: str) -> Stored:
        """Read a file by its path below the content folder; raises Refused for any other place."""
        path = self._path(name)
        found: Stored = self._run(lambda: _read(path))
        return found

    def write(
        self,
        name: str,
        text: str,
        version: str,
        who: str,
        now: dt.datetime,
        check: Check,
        why: Why = PLAIN,
    ) -> Saved:
        """Save a file over the version that the editor saw.

        check: called with the text before it is written, raises Refused. Raises Collision, Busy.
        """
        path = self._path(name)
        with self.alone():
            before = self.expect(name, version)
            check(text)
            self.history.take_up(name, now)
            self._admit({name: text})
            self._run(lambda: replace(path, text))
            deed = "add" if before.text is None else "edit"
            in_git = self.history.keep(name, why.change(who, deed, now))
        return Saved(version_of(text.encode()), in_git)

    def delete(
        self, name: str, version: str, who: str, now: dt.datetime, why: Why = PLAIN
    ) -> Saved:
        """Delete a file of that version; raises Collision, Busy."""
        path = self._path(name)
        with self.alone():
            if self.expect(name, version).text is None:
                return Saved(NONE, True)
            self.history.take_up(name, now)
            self._admit({name: None})
            self._run(path.unlink)
            return Saved(NONE, self.history.keep(name, why.change(who, "delete", now)))

    def move(
        self,
        name: str,
        to: str,
        text: str,
        version: str,
        who: str,
        now: dt.datetime,
        check: Check,
        why: Why = PLAIN,
    ) -> Saved:
        """Save a file of that version under another name, with another text, and drop the old one.

        check: as in `write`. Raises Collision, Busy, and Refused where the other name is taken.
        """
        path, target = self._path(name), self._path(to)
        with self.alone():
            if self.expect(name, version).text is None:
                raise Collision(None, NONE)
            if self.read(to).text is not None:
                raise Refused(f"{to} is there already: choose another name")
            check(text)
            self.history.take_up(name, now)
            self._admit({to: text})
            # Both stand there for a moment: the older one is served until it goes.
            self._run(lambda: replace(target, text))
            # Its voices must never lie under an id that is nobody's.
            beside = self._bring(path.stem, target.stem, who, now, why)
            self._admit({name: None})
            self._run(path.unlink)
            gone = self.history.keep(name, why.change(who, "move", now, other=to))
            come = self.history.keep(to, why.change(who, "move", now, other=name))
        return Saved(version_of(text.encode()), gone and come and beside)

    def _bring(self, old: str, new: str, who: str, now: dt.datetime, why: Why) -> bool:
        """Move what lies under an FAQ's id beside it: what is asked next, and the voices.

        Returns whether git has it too.
        """
        voices, to = (self._data / VOICES / faq_id for faq_id in (old, new))
        if self._run(lambda: voices.is_dir() and not to.exists()):
            self._run(lambda: voices.rename(to))
        name, target = (f"{FURTHER}/{faq_id}.yml" for faq_id in (old, new))
        text = self.read(name).text
        if text is None or self.read(target).text is not None:
            return True
        self.history.take_up(name, now)
        self._run(lambda: replace(self._data / target, text))
        self._run((self._data / name).unlink)
        gone = self.history.keep(name, why.change(who, "move", now, other=target))
        return self.history.keep(target, why.change(who, "move", now, other=name)) and gone

    def add(self, name: str, content: bytes, who: str, now: dt.datetime) -> bool:
        """Add a picture whose name says its content, so that none is ever overwritten.

        Returns whether git has it too. Raises Busy, Refused for a name of another form.
        """
        if not _PICTURE.fullmatch(name):
            raise Refused(f"{name!r} is no picture: pictures/<name>.webp")
        path = self._data / name
        with self.alone():
            if not self._run(path.exists):
                self._run(lambda: replace(path, content))
            return self.history.tell(name, who, note_of("add", name), now)

    def versions(self, name: str) -> list[Version]:
        """List a file's earlier versions, the newest first."""
        self._path(name)
        return self.history.versions(name)

    def text_of(self, name: str, revision: str) -> str:
        """Return an earlier version's text; raises NoRevision."""
        self._path(name)
        return self.history.text(name, revision)

    def put_back(self, name: str, text: str | None) -> None:
        """Write what was published over a change by hand; the caller holds the lock."""
        path = self._path(name)
        if text is not None:
            self._run(lambda: replace(path, text))
        else:
            self._run(lambda: path.unlink(missing_ok=True))

    def expect(self, name: str, version: str) -> Stored:
        """Read a file that must still have a version; raises Collision."""
        before = self.read(name)
        if before.version != version:
            raise Collision(before.text, before.version)
        return before

    def _path(self, name: str) -> Path:
        if not is_editable(name):
            raise Refused(f"{name!r} is no content file: faq/<category>/<id>.md")
        return self._data / name

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait for other saves of this process, then for other processes'; raises Busy.

        The system's lock is asked for again and again instead of waited for: a wait in the system
        would stop every other request of a server with one thread.
        """
        end = time.monotonic() + self._patience
        if not self._here.acquire(timeout=self._patience):
            raise Busy(self._patience)
        try:
            self._var.mkdir(parents=True, exist_ok=True)
            with (self._var / "editing.lock").open("w") as file:
                while not _locked(file.fileno()):
                    if time.monotonic() >= end:
                        raise Busy(self._patience)
                    time.sleep(LOOK)
                yield
        finally:
            self._here.release()


def is_editable(name: str) -> bool:
    """Tell whether a path below the content folder is one that editors write."""
    return bool(_NAME.fullmatch(name)) or is_words(name)


def version_of(raw: bytes) -> str:
    """Name a file's content."""
    return hashlib.sha256(raw).hexdigest()[:24]


def _read(path: Path) -> Stored:
    try:
        raw = read_file(path, LARGEST)
    except FileNotFoundError:
        return Stored(None, NONE)
    except Unreadable as error:
        raise Refused(f"{path.name}: {error}") from None
    return Stored(raw.decode("utf-8", "replace"), version_of(raw))


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
