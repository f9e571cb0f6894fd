"""The content files as they are served: the newest good version of each, bad ones told apart.

What was accepted last is kept in the index folder too, so that a process that starts while a file
is bad serves the same as one that saw the good version.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search.content import NAMES, Content, read_content
from search.errors import BadContent, Problem
from search.files import Listing, Stamp, Unreadable, largest_of, list_files, read_file
from search.kept import PUBLISHED, digest, read_published
from search.reasons import because
from search.voices import FOLDER

# A file that changed so lately may be half written; it is looked at again.
SETTLED = 0.04
TRIES = 8
# Looks: what many people say is imported now and then, while edits have to be live at once.
VOICES = 25


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be served: the files, what they say, and what is wrong with the newest versions."""

    files: dict[str, bytes]
    content: Content
    problems: tuple[Problem, ...]


class Sources:
    """Watches one content folder; not for several threads at once."""

    def __init__(self, data: Path, kept: Path, good: Mapping[str, bytes]) -> None:
        """Begin with what was served last. kept: the folder for accepted versions since then.

        Beside it lies the list of what is published, where changes are reviewed.
        """
        self._data = data
        self._kept = kept
        self._fitted = dict(good)
        self._good = {**good, **_read_kept(kept)}
        self._seen = self._edited = Listing()  # edited: what was seen but the voices
        self._looks = 0
        self._bytes: dict[str, tuple[Stamp, bytes]] = {}

    def changed(self) -> bool:
        """Tell whether any file was written, added or removed since `read`.

        The voices, ten times as many files as the FAQs, are looked at each time in VOICES.
        """
        self._looks += 1
        if self._looks % VOICES == 0:
            return list_files(self._data, NAMES) != self._seen
        return list_files(self._data, NAMES, voices=False) != self._edited

    def read(self) -> Reading:
        """Take the files as they are now; raises BadContent where there is no good version."""
        raw, unreadable = self._raw()
        for name in unreadable.keys() & self._good.keys():
            raw[name] = self._good[name]
        listed = read_published(self._kept.parent / PUBLISHED)
        withheld = withhold(self._data, raw, listed) if listed is not None else {}
        for name in withheld:
            raw.pop(name, None)
            if listed and name in listed and name in self._good:
                raw[name] = self._good[name]
        files, doubles = self._without_doubles(raw)
        content, found = self._readable(files)
        served = {f"faq/{faq.category}/{faq.id}.md" for faq in content.faqs.values()}
        bad = [name for name in files if name.startswith("faq/") and name not in served]
        paths = {self._data / name for name in bad}
        problems = [*unreadable.values(), *withheld.values(), *doubles, *found]
        problems += (item for item in content.problems if item.path in paths)
        if bad:
            for name in bad:
                before = self._good.get(name)
                if before is None or before == files[name]:
                    del files[name]
                else:
                    files[name] = before
            content, _ = self._readable(files)
        problems += content.problems
        self._accept(files)
        return Reading(files, content, tuple(dict.fromkeys(problems)))

    def fitted(self, files: Mapping[str, bytes]) -> None:
        """Note that a generation on the disk holds these files: they need not be kept beside it."""
        self._fitted = dict(files)
        for path in self._kept.glob("*.json"):
            entry = _entry(path)
            if entry is None or self._fitted.get(entry[0]) == entry[1]:
                path.unlink(missing_ok=True)

    def _raw(self) -> tuple[dict[str, bytes], dict[str, Problem]]:
        """Read what changed; wait while a file is being written. Returns files, and problems."""
        for _ in range(TRIES):
            seen = list_files(self._data, NAMES)
            newest = max((stamp[0] for stamp in seen.stamps.values()), default=0)
            if not 0 <= time.time() - newest / 1e9 < SETTLED:
                break
            time.sleep(SETTLED)
        self._seen = Listing(dict(seen.stamps), dict(seen.problems), seen.flows)
        self._edited = self._seen.without(f"{FOLDER}/")
        files: dict[str, bytes] = {}
        for name, stamp in list(seen.stamps.items()):
            known = self._bytes.get(name)
            if known is None or known[0] != stamp:
                try:
                    known = (stamp, read_file(self._data / name, largest_of(name)))
                except FileNotFoundError:
                    continue  # deleted since: seen again at the next look
                except Unreadable as error:
                    seen.refuse(self._data, name, error)
                    continue
                self._bytes[name] = known
            files[name] = known[1]
        self._bytes = {name: self._bytes[name] for name in files}
        return files, seen.problems

    def _without_doubles(self, raw: dict[str, bytes]) -> tuple[dict[str, bytes], list[Problem]]:
        """Leave out files whose id another, older one has already."""
        by_id: dict[str, list[str]] = defaultdict(list)
        for name in raw:
            if name.startswith("faq/"):
                by_id[name.rpartition("/")[2].removesuffix(".md")].append(name)
        files, problems = dict(raw), []
        for faq_id, names in by_id.items():
            known = [name for name in names if name in self._good]
            if len(names) > 1 and len(known) == 1:
                for name in names:
                    if name != known[0]:
                        del files[name]
                        reason = because(
                            "id-taken", field="id", id=faq_id, other=self._data / known[0]
                        )
                        fix = "give one of them another id"
                        problems.append(Problem(self._data / name, 2, reason, fix))
        return files, problems

    def _readable(self, files: dict[str, bytes]) -> tuple[Content, list[Problem]]:
        """Read the content, the folder's own bad files replaced (in `files`) by what was good."""
        found: list[Problem] = []
        while True:
            try:
                return read_content(self._data, files), found
            except BadContent as error:
                fixed = False
                for problem in error.problems:
                    name = problem.path.relative_to(self._data).as_posix()
                    before = self._good.get(name)
                    if before is not None and before != files.get(name):
                        files[name] = before
                        fixed = True
                if not fixed:
                    raise
                found.extend(error.problems)

    def _accept(self, files: dict[str, bytes]) -> None:
        for name in self._good.keys() | files.keys():
            now = files.get(name)
            if now != self._good.get(name):
                path = self._kept / (hashlib.sha256(name.encode()).hexdigest()[:24] + ".json")
                if now is None or now == self._fitted.get(name):
                    path.unlink(missing_ok=True)
                else:
                    _keep(path, name, now)
        self._good = dict(files)


def _keep(path: Path, name: str, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f".{os.getpid()}")
    entry = {"name": name, "text": content.decode("utf-8", "surrogateescape")}
    part.write_text(json.dumps(entry), encoding="ascii")
    part.replace(path)


def _entry(path: Path) -> tuple[str, bytes] | None:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        return str(entry["name"]), str(entry["text"]).encode("utf-8", "surrogateescape")
    except (OSError, ValueError, KeyError):
        return None


def _read_kept(folder: Path) -> dict[str, bytes]:
    found = (_entry(path) for path in sorted(folder.glob("*.json")))
    return dict(entry for entry in found if entry is not None)


def is_held(name: str) -> bool:
    """Tell whether a content file is one that has to be published."""
    return name.startswith("faq/") and name.endswith(".md")


def withhold(
    data: Path, files: Mapping[str, bytes], listed: Mapping[str, str]
) -> dict[str, Problem]:
    """Say of each file that is not as it was published that it waits; of one that went, too."""
    found = {}
    for name, raw in files.items():
        if is_held(name) and listed.get(name) != digest(raw):
            reason, fix = "changed by hand, and not published yet", "publish it"
            found[name] = Problem(data / name, 1, reason, fix)
    for name in listed:
        if name not in files:
            reason, fix = "deleted by hand, which is not published yet", "publish it"
            found[name] = Problem(data / name, 1, reason, fix)
    return found
