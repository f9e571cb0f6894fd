"""Earlier versions of content files: in a store of our own, and in git beside it if there is one.

The own store only ever grows, and is what a save counts on. Git is told of every version after
that, as best it can: while somebody holds its index or merges, it takes none, and the save says so
instead of failing or losing its author.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from faq.errors import NoRevision
from search.files import Unreadable, read_file

log = logging.getLogger(__name__)
SHOWN = 60
GIT_SECONDS = 10
FILE = "file"  # who changed a file by hand, as far as is known
# What was done to a file. found: it was there before anything was kept. by-hand: on the disk.
DEEDS = ("add", "edit", "delete", "move", "restore", "found", "by-hand")
_NOTE = re.compile(r"(Add|Edit|Delete|Move|Restore) \S+")
Run = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Who did what to a file, when and why.

    account: the number of the account, None for nobody's. other: of a move, the name before or
    after. draft: the draft that this is of. live: whether customers get it.
    """

    who: str
    deed: str
    at: dt.datetime
    reason: str = ""
    account: int | None = None
    other: str | None = None
    draft: int | None = None
    live: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version of a file.

    note: as git has it. name: the path that the file had then. live: whether customers got it. by:
    who published it, where that was somebody else's to do.
    """

    revision: str
    at: dt.datetime
    who: str
    note: str
    deed: str = "edit"
    reason: str = ""
    name: str = ""
    live: bool = True
    by: str = ""


class Own(Protocol):
    """The program's own store of versions (web.publishing.ledger)."""

    def add(self, name: str, text: str | None, change: Change) -> int:
        """Add a version, text None where the file is gone; returns its number."""

    def versions(self, name: str, most: int = SHOWN) -> list[Version]:
        """List a file's versions, also under the names it had before, the newest first."""

    def text(self, name: str, revision: str) -> str | None:
        """Return a version's text, None where there is none; raises NoRevision for a deletion."""

    def last(self, name: str) -> tuple[bool, str | None]:
        """Tell whether anything of a file was ever live, and its text now (None: it is gone)."""

    def gone(self) -> list[str]:
        """Name the files whose newest live version is a deletion, the latest first."""


class History:
    """Keeps versions of files, named by their path below the content folder."""

    def __init__(
        self, data: Path, own: Own, git: Git | None, run: Run = lambda work: work()
    ) -> None:
        """run: where the disk is waited for; git's processes are waited for outside of it."""
        self.own = own
        self.git = git
        self._data = data
        self._run = run

    def keep(self, name: str, change: Change) -> bool:
        """Keep the file as it is now (also that it is gone); False when git did not take it."""
        self.own.add(name, self.present(name), change)
        if self.git is None:
            return True
        return self.git.keep(name, change.who, note_of(change.deed, name), change.at, change.reason)

    def tell(self, name: str, who: str, note: str, now: dt.datetime) -> bool:
        """Tell git of a file that never changes under its name; False when git did not take it."""
        return self.git is None or self.git.keep(name, who, note, now)

    def take_up(self, name: str, now: dt.datetime) -> bool:
        """Keep what stands there when nobody has saved it by this way; tells whether it did."""
        text = self.present(name)
        known, last = self.own.last(name)
        if text == last:
            return False
        deed = "by-hand" if known else "found"
        self.own.add(name, text, Change(FILE, "delete" if text is None else deed, now))
        return True

    def present(self, name: str) -> str | None:
        """Read the file itself; None where there is none that can be read."""
        found: str | None = self._run(lambda: _present(self._data / name))
        return found

    def versions(self, name: str) -> list[Version]:
        """List the versions of a file, the newest first."""
        own = self.own.versions(name)
        known = {(item.at.replace(microsecond=0), item.who, item.note) for item in own}
        others = self.git.versions(name) if self.git is not None else []
        # What we told git stands there again, under a name of git's.
        more = [item for item in others if (item.at, item.who, item.note) not in known]
        if own and own[-1].deed == "found" and more and self._same(name, own[-1], more[0]):
            own = own[:-1]
        return sorted([*own, *more], key=lambda item: item.at, reverse=True)[:SHOWN]

    def text(self, name: str, revision: str) -> str:
        """Return a version's text; raises NoRevision."""
        found = self.own.text(name, revision)
        if found is not None:
            return found
        if self.git is None:
            raise NoRevision(f"{name} has no version {revision[:12]}")
        return self.git.text(name, revision)

    def deleted(self) -> list[str]:
        """Name the files that were deleted some time, the latest first; some are back again."""
        in_git = self.git.deleted() if self.git is not None else []
        return list(dict.fromkeys([*self.own.gone(), *in_git]))

    def _same(self, name: str, found: Version, commit: Version) -> bool:
        """Tell whether what was found first is what git had at that time."""
        with contextlib.suppress(NoRevision):
            same = self.text(name, found.revision) == self.text(name, commit.revision)
            return same and commit.at <= found.at
        return False


def note_of(deed: str, name: str) -> str:
    """Put a deed as git's subject: `Edit payment/pay-failed`."""
    path = Path(name)
    return f"{deed.capitalize()} {path.parent.name or path.parent}/{path.stem}".replace("./", "")


def open_history(data: Path, own: Own, run: Run = lambda work: work()) -> History:
    """Take the own store, and git where it is there and the folder lies in a repository."""
    git = None
    if shutil.which("git") is not None:
        done = _git(data, "rev-parse", "--is-inside-work-tree")
        # An ignored folder inside a repository has no history there.
        if done.returncode == 0 and _git(data, "check-ignore", "-q", ".").returncode == 1:
            git = Git(data)
    return History(data, own, git, run)


def _present(path: Path) -> str | None:
    try:
        return read_file(path).decode("utf-8", "replace")
    except (FileNotFoundError, Unreadable):
        return None


class Git:
    """Versions are commits of one file each; nothing else that is staged goes with them."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def keep(self, name: str, who: str, note: str, now: dt.datetime, reason: str = "") -> bool:
        """Commit the file alone; False where git cannot now."""
        _git(self._data, "add", "--intent-to-add", "--", name)
        settings: tuple[str, ...] = ("-c", f"user.name={who}", "-c", "user.email=editor@localhost")
        settings = (*settings, "-c", "commit.gpgsign=false")
        date = now.replace(microsecond=0).isoformat()
        options: tuple[str, ...] = (
            "--quiet",
            "--no-verify",
            "--only",
            "-m",
            note,
            f"--date={date}",
        )
        options = (*options, "-m", reason) if reason else options
        done = _git(self._data, *settings, "commit", *options, "--", name)
        if done.returncode == 0:
            return True
        # A text that git has already needs no commit.
        if _git(self._data, "diff", "--quiet", "HEAD", "--", name).returncode == 0:
            return True
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        log.warning("git did not take %s of %s: %s", name, who, reason)
        return False

    def versions(self, name: str) -> list[Version]:
        """Read the log of one file."""
        form = "--format=%H%x1f%aI%x1f%an%x1f%s"
        done = _git(self._data, "log", f"--max-count={SHOWN}", form, "--", name)
        found = []
        for line in done.stdout.decode("utf-8", "replace").splitlines():
            revision, at, who, note = line.split("\x1f", 3)
            verb = _NOTE.fullmatch(note)
            deed = verb[1].lower() if verb else "by-hand"
            time = dt.datetime.fromisoformat(at)
            found.append(Version(revision, time, who, note, deed, name=name))
        return found

    def text(self, name: str, revision: str) -> str:
        """Read the file at a commit."""
        if not revision.isalnum():
            raise NoRevision(f"{revision!r} is no commit")
        done = _git(self._data, "show", f"{revision}:./{name}")
        if done.returncode:
            raise NoRevision(f"{name} has no version {revision[:12]}")
        return done.stdout.decode("utf-8", "replace")

    def deleted(self) -> list[str]:
        """Name the FAQ files whose deletion was committed, the latest first."""
        options = ("--diff-filter=D", "--no-renames", "--relative", "--name-only", "--format=")
        done = _git(self._data, "log", *options, "--", "faq")
        return [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line]


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(  # noqa: S603 - a fixed program, options that begin with no user's text
            command, capture_output=True, check=False, timeout=GIT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 128, b"", str(error).encode())
