"""Earlier versions of content files: in a folder of our own, and in git beside it if there is one.

The own folder is only ever added to, and is what a save counts on. Git is told of every version
after that, as best it can: while somebody holds its index or merges, it takes none, and the save
says so instead of failing or losing its author.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faq.errors import NoRevision
from faq.saving import replace
from search.files import Unreadable, read_file

log = logging.getLogger(__name__)
SHOWN = 30
GIT_SECONDS = 10
NOBODY = "-"  # who changed a file by hand, as far as is known
FIRST, BY_HAND = "before", "by hand"  # notes of versions that were found, not saved
Run = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version of a file."""

    revision: str
    at: dt.datetime
    who: str
    note: str


class History:
    """Keeps versions of files, named by their path below the content folder."""

    def __init__(self, own: Copies, git: Git | None, run: Run = lambda work: work()) -> None:
        """run: where the disk is waited for; git's processes are waited for outside of it."""
        self.own = own
        self.git = git
        self._run = run

    def keep(self, name: str, who: str, note: str, now: dt.datetime) -> bool:
        """Keep the file as it is now (also that it is gone); False when git did not take it."""
        self._run(lambda: self.own.keep(name, who, note, now))
        return self.git is None or self.git.keep(name, who, note, now)

    def tell(self, name: str, who: str, note: str, now: dt.datetime) -> bool:
        """Tell git of a file that never changes under its name; False when git did not take it."""
        return self.git is None or self.git.keep(name, who, note, now)

    def take_up(self, name: str, now: dt.datetime) -> None:
        """Keep what stands there when nobody has saved it by this way."""
        text = self._run(lambda: self.own.present(name))
        last = self._run(lambda: self.own.last_text(name))
        if text is None or text == last or text == self._last_in_git(name):
            return
        note = FIRST if last is None and not self.versions(name) else BY_HAND
        self._run(lambda: self.own.keep(name, NOBODY, note, now))

    def versions(self, name: str) -> list[Version]:
        """List the versions of a file, the newest first."""
        own: list[Version] = self._run(lambda: self.own.versions(name))
        known = {(item.at.replace(microsecond=0), item.who, item.note) for item in own}
        others = self.git.versions(name) if self.git is not None else []
        # What we told git stands there again, under a name of git's.
        more = [item for item in others if (item.at, item.who, item.note) not in known]
        found = [*own, *more]
        return sorted(found, key=lambda item: item.at, reverse=True)[:SHOWN]

    def text(self, name: str, revision: str) -> str:
        """Return a version's text; raises NoRevision."""
        found: str | None = self._run(lambda: self.own.text(name, revision))
        if found is not None:
            return found
        if self.git is None:
            raise NoRevision(f"{name} has no version {revision[:12]}")
        return self.git.text(name, revision)

    def deleted(self) -> list[str]:
        """Name the files that were deleted some time, the latest first; some are back again."""
        in_git = self.git.deleted() if self.git is not None else []
        return list(dict.fromkeys([*self._run(self.own.names), *in_git]))

    def _last_in_git(self, name: str) -> str | None:
        versions = self.git.versions(name) if self.git is not None else []
        if self.git is None or not versions:
            return None
        with contextlib.suppress(NoRevision):
            return self.git.text(name, versions[0].revision)
        return None


def open_history(data: Path, own: Path, run: Run = lambda work: work()) -> History:
    """Open the folder `own`, and git where it is there and the folder lies in a repository."""
    git = None
    if shutil.which("git") is not None:
        done = _git(data, "rev-parse", "--is-inside-work-tree")
        # An ignored folder inside a repository has no history there.
        if done.returncode == 0 and _git(data, "check-ignore", "-q", ".").returncode == 1:
            git = Git(data)
    return History(Copies(data, own), git, run)


class Git:
    """Versions are commits of one file each; nothing else that is staged goes with them."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def keep(self, name: str, who: str, note: str, now: dt.datetime) -> bool:
        """Commit the file alone; False where git cannot now."""
        _git(self._data, "add", "--intent-to-add", "--", name)
        settings = ("-c", f"user.name={who}", "-c", "user.email=editor@localhost")
        settings = (*settings, "-c", "commit.gpgsign=false")
        date = now.replace(microsecond=0).isoformat()
        options = ("--quiet", "--no-verify", "--only", "-m", note, f"--date={date}")
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
            found.append(Version(revision, dt.datetime.fromisoformat(at), who, note))
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


class Copies:
    """Versions are files in a folder of our own, numbered; none is ever changed."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._data = data
        self._folder = folder

    def keep(self, name: str, who: str, note: str, now: dt.datetime) -> None:
        """Copy the file."""
        last = max((int(found.stem) for found in self._own(name).glob("*.json")), default=0)
        entry = {"at": now.isoformat(), "who": who, "note": note, "text": self.present(name)}
        target = self._own(name) / f"{last + 1:06}.json"
        replace(target, json.dumps(entry, ensure_ascii=False))

    def present(self, name: str) -> str | None:
        """Read the file itself; None where there is none that can be read."""
        try:
            return read_file(self._data / name).decode("utf-8", "replace")
        except (FileNotFoundError, Unreadable):
            return None

    def versions(self, name: str) -> list[Version]:
        """Read the folder of one file."""
        found = []
        for path in sorted(self._own(name).glob("*.json"), reverse=True)[:SHOWN]:
            entry = json.loads(path.read_text(encoding="utf-8"))
            at = dt.datetime.fromisoformat(entry["at"])
            found.append(Version(path.stem, at, entry["who"], entry["note"]))
        return found

    def last_text(self, name: str) -> str | None:
        """Read the text of the newest copy; None where there is none, or the file was gone."""
        last = max(self._own(name).glob("*.json"), default=None)
        return None if last is None else json.loads(last.read_text(encoding="utf-8"))["text"]

    def text(self, name: str, revision: str) -> str | None:
        """Read one copy; None where there is none. Raises NoRevision for a deletion."""
        path = self._own(name) / f"{revision}.json"
        if not revision.isdigit() or not path.exists():
            return None
        text = json.loads(path.read_text(encoding="utf-8"))["text"]
        if text is None:
            raise NoRevision(f"{name} was deleted in version {revision}")
        return str(text)

    def names(self) -> list[str]:
        """Name the FAQ files that have copies, the latest first."""
        folders = (self._folder / "faq").glob("*/*.md")
        found = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
        return [path.relative_to(self._folder).as_posix() for path in found]

    def _own(self, name: str) -> Path:
        return self._folder / name


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(  # noqa: S603 - a fixed program, options that begin with no user's text
            command, capture_output=True, check=False, timeout=GIT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 128, b"", str(error).encode())
