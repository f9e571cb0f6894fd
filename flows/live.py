"""The flows of a content folder, read anew when a file changes, each as it was when last good.

What began on a version goes on with it: every version that was ever good is kept for a while in
the program's own folder.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.flow import Flow, Step
from flows.reading import read_flow, read_steps
from search.errors import BadContent, Problem
from search.files import LARGEST, Unreadable, list_flows, read_file
from search.kept import LOOK, Kept

log = logging.getLogger(__name__)
FOLDER = "flows"
STEPS = "steps.yml"
VERSIONS = 20  # of one flow that are kept


class Flows(Mapping[str, Flow]):
    """Flow by name, as the files say now; not for several threads at once."""

    def __init__(self, data: Path, own: Path) -> None:
        """Read the folder. own: where last good versions are kept. Raises nothing for bad files."""
        self._data = data
        self._own = own
        self._looked = float("-inf")
        self._steps_file: Kept[tuple[bytes, dict[str, Step]]] | None = None
        self._steps: tuple[bytes, dict[str, Step]] = (b"", {})
        self._files: dict[str, Kept[Flow]] = {}
        self._refused: dict[str, tuple[object, tuple[Problem, ...]]] = {}
        self._flows: dict[str, Flow] = {}
        self._old: dict[tuple[str, str], Flow | None] = {}

    def __getitem__(self, name: str) -> Flow:
        return self._now()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._now()

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def version(self, name: str, version: str) -> Flow | None:
        """Return a flow as it was in a version; as it is now where that is not kept any more.

        None where there is no such flow at all.
        """
        now = self._now().get(name)
        if now is not None and version in ("", now.version):
            return now
        key = (name, version)
        if key not in self._old:
            self._old[key] = self._read_version(name, version)
        return self._old[key] or now

    def problems(self) -> list[Problem]:
        """Say what is wrong with the newest files."""
        self._now()
        found = [*(self._steps_file.problems if self._steps_file else ())]
        for kept in self._files.values():
            found += kept.problems
        for _, problems in self._refused.values():
            found += problems
        return found

    def _now(self) -> Mapping[str, Flow]:
        if time.monotonic() - self._looked >= LOOK:
            self._look()
            self._looked = time.monotonic()
        return self._flows

    def _look(self) -> None:
        self._look_at_steps()
        names = list_flows(self._data)
        for name in self._files.keys() - names:
            del self._files[name]
        for name in self._refused.keys() - names:
            del self._refused[name]
        for name in sorted(names):
            if name not in self._files:
                self._open(name)
        flows = {name: kept() for name, kept in sorted(self._files.items())}
        for name, flow in flows.items():
            if flow is not self._flows.get(name):
                self._keep_version(flow)
        if {*flows.items()} != {*self._flows.items()}:
            self._flows = flows

    def _look_at_steps(self) -> None:
        if self._steps_file is None:
            own = self._own / STEPS
            with contextlib.suppress(BadContent):
                self._steps_file = Kept(
                    self._data / STEPS,
                    lambda path, raw: (raw, read_steps(path, raw)),
                    own,
                    missing=(b"", {}),
                )
        now = self._steps_file() if self._steps_file else (b"", {})
        if now is not self._steps:
            self._steps = now
            self._files.clear()
            self._refused.clear()

    def _open(self, name: str) -> None:
        path = self._data / FOLDER / f"{name}.yml"
        stamp = _stamp(path)
        if name in self._refused and self._refused[name][0] == stamp:
            return
        salt, shared = self._steps

        def read(at: Path, raw: bytes) -> Flow:
            return read_flow(at, raw, shared, salt)

        try:
            self._files[name] = Kept(path, read, self._own / FOLDER / f"{name}.yml")
            self._refused.pop(name, None)
        except BadContent as error:
            self._refused[name] = (stamp, error.problems)

    def _keep_version(self, flow: Flow) -> None:
        """Keep what the flow was read from; a full disk only costs the keeping."""
        folder = self._own / FOLDER / "versions"
        path = folder / f"{flow.name}.{flow.version}.json"
        if path.exists():
            return
        with contextlib.suppress(FileNotFoundError, Unreadable, OSError, UnicodeDecodeError):
            raw = read_file(self._own / FOLDER / f"{flow.name}.yml", LARGEST)
            salt, shared = self._steps
            if read_flow(Path(f"{flow.name}.yml"), raw, shared, salt).version != flow.version:
                return  # changed meanwhile: the next look keeps that
            entry = {"flow": raw.decode(), "steps": salt.decode()}
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
            part.replace(path)
            kept = sorted(folder.glob(f"{flow.name}.*.json"), key=lambda one: one.stat().st_mtime)
            for old in kept[:-VERSIONS]:
                old.unlink(missing_ok=True)

    def _read_version(self, name: str, version: str) -> Flow | None:
        path = self._own / FOLDER / "versions" / f"{name}.{version}.json"
        try:
            entry = json.loads(read_file(path, LARGEST))
            salt, raw = entry["steps"].encode(), entry["flow"].encode()
            shared = read_steps(self._data / STEPS, salt) if salt else {}
            return read_flow(Path(f"{name}.yml"), raw, shared, salt)
        except (FileNotFoundError, Unreadable, ValueError, KeyError, BadContent) as error:
            log.warning("version %s of the flow %s is gone: %s", version, name, error)
            return None


def _stamp(path: Path) -> object:
    try:
        state = path.stat()
    except OSError as error:
        return error.errno
    return state.st_mtime_ns, state.st_size, state.st_ino
