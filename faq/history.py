"""Earlier versions of content files: from git where the folder is a repository, else our own."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from faq.errors import NoRevision
from faq.saving import replace

SHOWN = 30
GIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Version:
    """One kept version of a file."""

    revision: str
    at: dt.datetime
    who: str
    note: str


class History(Protocol):
    """Keeps versions of files, named by their path below the content folder."""

    def keep(self, name: str, who: str, note: str, now: dt.datetime) -> None:
        """Keep the file as it is now (also that it is gone)."""

    def versions(self, name: str) -> list[Version]:
        """List the versions of a file, the newest first."""

    def text(self, name: str, revision: str) -> str:
        """Return a version's text; raises NoRevision."""


def open_history(data: Path, own: Path) -> History:
    """Choose git where it is there and the folder lies in a repository, else the folder `own`."""
    if shutil.which("git") is not None:
        done = _git(data, "rev-parse", "--is-inside-work-tree")
        # An ignored folder inside a repository has no history there.
        if done.returncode == 0 and _git(data, "check-ignore", "-q", ".").returncode == 1:
            return Git(data)
    return Copies(data, own)


class Git:
    """Versions are commits of one file each; nothing else that is staged goes with them."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def keep(self, name: str, who: str, note: str, now: dt.datetime) -> None:
        """Commit the file alone."""
        _git(self._data, "add", "--intent-to-add", "--", name)
        identity = ("-c", f"user.name={who}", "-c", "user.email=editor@localhost")
        options = ("--quiet", "--no-verify", "--only", "-m", note, f"--date={now.isoformat()}")
        _git(self._data, *identity, "commit", *options, "--", name)

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


class Copies:
    """Versions are files in a folder of our own, numbered."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._data = data
        self._folder = folder

    def keep(self, name: str, who: str, note: str, now: dt.datetime) -> None:
        """Copy the file."""
        path = self._data / name
        text = path.read_text(encoding="utf-8") if path.exists() else None
        last = max((int(found.stem) for found in self._own(name).glob("*.json")), default=0)
        entry = {"at": now.isoformat(), "who": who, "note": note, "text": text}
        target = self._own(name) / f"{last + 1:06}.json"
        replace(target, json.dumps(entry, ensure_ascii=False))

    def versions(self, name: str) -> list[Version]:
        """Read the folder of one file."""
        found = []
        for path in sorted(self._own(name).glob("*.json"), reverse=True)[:SHOWN]:
            entry = json.loads(path.read_text(encoding="utf-8"))
            at = dt.datetime.fromisoformat(entry["at"])
            found.append(Version(path.stem, at, entry["who"], entry["note"]))
        return found

    def text(self, name: str, revision: str) -> str:
        """Read one copy."""
        path = self._own(name) / f"{revision}.json"
        if not revision.isdigit() or not path.exists():
            raise NoRevision(f"{name} has no version {revision[:12]}")
        text = json.loads(path.read_text(encoding="utf-8"))["text"]
        if text is None:
            raise NoRevision(f"{name} was deleted in version {revision}")
        return str(text)

    def _own(self, name: str) -> Path:
        return self._folder / name


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(  # noqa: S603 - a fixed program, options that begin with no user's text
        command, capture_output=True, check=False, timeout=GIT_SECONDS
    )
