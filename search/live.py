"""Content live within a second: follow the files, splice edits in, fit anew in the background.

The disk only ever holds fitted, whole generations. What an edit adds until the next fit lives in
memory and follows from (fitted generation, files) alone, so that every process serves the same,
and a process that is killed at any moment leaves nothing half done.

`python -m search.live` fits a generation of the content at the lowest priority; web and bot start
it when an edit has settled, one at a time for the whole machine.
"""

from __future__ import annotations

import dataclasses
import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from search.content import NAMES, read_content, read_files
from search.errors import BadContent, IndexUnusable, Problem, SearchError
from search.generation import (
    Generation,
    build,
    files_of,
    is_built,
    load,
    name_of,
    newest,
)
from search.reading.encoder import encoder_of
from search.reasons import because
from search.settings import Settings
from search.sources import Reading, Sources
from search.splicing import splice
from search.voices import FOLDER

if TYPE_CHECKING:
    from search.engine import Engine

log = logging.getLogger(__name__)
# Between two looks at the files, seconds. An edit is live a look and a splice later.
LOOK = 0.2
# A fit begins when no edit came for so long, and after a failure not before so long.
QUIET = 1.5
AGAIN = 60.0
KEPT = "accepted"


class Follower:
    """Brings generations up to date with the files; one a process."""

    def __init__(self, settings: Settings, generation: Generation) -> None:
        """Begin with a fitted generation."""
        files = files_of(settings.index, generation.name) or read_files(settings.data)
        self._settings = settings
        self._base = self._served = generation
        self._sources = Sources(settings.data, settings.index / KEPT, _good(settings, files))
        self._lock = threading.Lock()
        self._files = files
        self.fitted = True
        self.edited = float("-inf")

    def follow(self) -> Generation | None:
        """Return what is to be served from now on; None when that is what is served already."""
        with self._lock:
            if not self._sources.changed():
                return None if self.fitted else self._adopted()
            try:
                reading = self._sources.read()
            except BadContent as error:
                return self._blamed(error.problems)
            if not reading.content.faqs:
                reason = because("nothing-left")
                gone = Problem(self._settings.data / "faq", 1, reason, "restore the files")
                return self._blamed((*reading.problems, gone))
            return self._taken(reading)

    def preview(self, changes: Mapping[str, str | None]) -> Generation:
        """Make what would be served if these files (None: gone) were saved; nothing is kept.

        changes: by path below the content folder. Raises BadContent.
        """
        files = dict(self._files)
        for name, text in changes.items():
            files.pop(name, None)
            if text is not None:
                files[name] = text.encode()
        base = self._base
        content = read_content(self._settings.data, files)
        return splice(base, content, base.analyser.with_lexicon(content.lexicon), "preview")

    def _taken(self, reading: Reading) -> Generation | None:
        content = dataclasses.replace(reading.content, problems=reading.problems)
        name = name_of(reading.files, encoder=encoder_of(self._settings) is not None)
        self._files = reading.files
        if name == self._served.name:
            if content.problems == self._served.content.problems:
                return None
            self._served = dataclasses.replace(self._served, content=content)
            return self._served
        if is_built(self._settings.index, name):
            return self._based(name, reading.files, content.problems)
        analyser = self._base.analyser.with_lexicon(content.lexicon)
        self._served = splice(self._base, content, analyser, name)
        self.fitted = False
        self.edited = time.monotonic()
        return self._served

    def _adopted(self) -> Generation | None:
        """Take over the fit of what is served, once it lies there."""
        if not is_built(self._settings.index, self._served.name):
            return None
        return self._based(self._served.name, self._files, self._served.content.problems)

    def _based(
        self, name: str, files: dict[str, bytes], problems: tuple[Problem, ...]
    ) -> Generation | None:
        try:
            found = load(self._settings, name, files, self._base.analyser)
        except (OSError, ValueError):
            return None  # swept meanwhile; it is fitted again
        content = dataclasses.replace(found.content, problems=problems)
        self._base = self._served = dataclasses.replace(found, content=content)
        self._sources.fitted(files)
        self.fitted = True
        return self._served

    def _blamed(self, problems: tuple[Problem, ...]) -> Generation:
        """Go on serving, and say what is wrong."""
        content = dataclasses.replace(self._served.content, problems=problems)
        self._served = dataclasses.replace(self._served, content=content)
        return self._served


def _good(settings: Settings, files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out the files of a generation that were bad when it was fitted."""
    # A generation of an earlier version of the program may lack what is read today.
    since = {name: raw for name, raw in read_files(settings.data).items() if name in NAMES}
    files = {**since, **files}
    try:
        content = read_content(settings.data, files)
    except BadContent:
        return {}
    paths = {faq.path for faq in content.faqs.values()}
    return {
        name: raw
        for name, raw in files.items()
        if not name.startswith("faq/") or settings.data / name in paths
    }


def start(settings: Settings, progress: Callable[[str], None] = lambda step: None) -> Generation:
    """Open the newest fitted generation, whatever the files say now; without one, fit one.

    That one leaves the voices out, which take as long again: who watches the content fits all of
    it once this is served. A bad file is fitted as it was when last good. Raises BadContent or
    IndexUnusable where nothing can be served.
    """
    name = newest(settings.index)
    files = files_of(settings.index, name) if name else None
    if name and files:
        try:
            return load(settings, name, files)
        except (OSError, ValueError, SearchError):
            log.exception("generation %s cannot be opened", name)
    reading = last_good(settings)
    if not reading.content.faqs:
        raise IndexUnusable(f"{settings.data}/faq holds no usable FAQ")
    voices = f"{FOLDER}/"
    files = {name: raw for name, raw in reading.files.items() if not name.startswith(voices)}
    build(settings, files, progress)
    return load(settings, name_of(files, encoder=encoder_of(settings) is not None), files)


def last_good(settings: Settings) -> Reading:
    """Read the content, each bad file as it was when last good; raises BadContent without one.

    What was good is known from the newest generation, be it of an earlier version of the program,
    and from the versions that were accepted since.
    """
    name = newest(settings.index, of_any_code=True)
    good = _good(settings, (name and files_of(settings.index, name)) or {})
    return Sources(settings.data, settings.index / KEPT, good).read()


def watch(engine: Engine, settings: Settings, stopped: threading.Event | None = None) -> None:
    """Keep an engine on the newest content from a thread of its own, until `stopped`."""
    halt = stopped or threading.Event()
    thread = threading.Thread(target=_run, args=(engine, settings, halt), daemon=True)
    thread.name = "content"
    thread.start()


def _run(engine: Engine, settings: Settings, stopped: threading.Event) -> None:
    told: frozenset[Problem] = frozenset()
    fit: subprocess.Popen[bytes] | None = None
    not_before = 0.0
    while not stopped.wait(LOOK):
        begun = time.monotonic()
        try:
            if engine.refresh():
                log.info("content %s live after %.2f s", engine.generation.name, _since(begun))
        except Exception:
            # The thread is the only one that brings edits in: it must outlive any of them.
            log.exception("content not taken up")
        now = frozenset(engine.problems)
        for problem in sorted(now - told, key=str):
            log.warning("not live: %s", problem)
        told = now
        if fit is not None and fit.poll() is not None:
            not_before = time.monotonic() + (AGAIN if fit.returncode else QUIET)
            fit = None
        quiet = _since(engine.follower.edited) > QUIET and time.monotonic() > not_before
        if fit is None and quiet and not engine.follower.fitted:
            fit = _begin_fit(settings)


def _since(moment: float) -> float:
    return time.monotonic() - moment


def _begin_fit(settings: Settings) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "XIAOHU_DATA": str(settings.data),
        "XIAOHU_VAR": str(settings.index.parent),
        # Customers' messages are answered on the other cores meanwhile.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-W", "ignore", "-m", "search.live"]
    return subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL)  # noqa: S603 - our own


def fit(settings: Settings) -> bool:
    """Fit a generation of the good versions of all files; False when another process does."""
    settings.index.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.index / "fit.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        reading = last_good(settings)
        if not reading.content.faqs:
            raise IndexUnusable(f"{settings.data}/faq holds no usable FAQ")
        build(settings, reading.files)
    return True


def main() -> int:
    """Fit once at the lowest priority; returns the exit code."""
    os.nice(19)
    try:
        fit(Settings.from_env())
    except SearchError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
