"""A copy of the tree in which faults are put, and the tests that are run there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.mutants.areas import Area
from benchmarks.mutants.faults import Fault
from benchmarks.mutants.watched import marked
from start.environments import ROOT

Verdict = Literal["killed", "survived", "too slow", "not covered"]
SHARED = (".venv", ".venv-bot", "var", "node_modules")
BUDGET = 60.0  # seconds of tests, as they took when they were watched, for one fault
PATIENCE = 6.0  # times as long as that, on a busy machine or in a loop without end
START = 180.0  # seconds that a run may take besides on a busy machine: imports, fixtures


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fault; tests: how many were asked, of how many that enter its function."""

    fault: Fault
    verdict: Verdict
    asked: int
    covering: int


@contextmanager
def copy_of_tree() -> Iterator[Path]:
    """Copy what git knows of, as it lies here now; environments and models are shared."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        copy.chmod(0o755)  # PostgreSQL, which runs as another user under root, has to get through
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        for name in SHARED:
            if (ROOT / name).exists():
                (copy / name).symlink_to(ROOT / name)
        yield copy


def watch(area: Area, copy: Path) -> dict[str, dict[str, float]]:
    """Run an area's tests once; returns the tests, with seconds, that enter "<file>:<line>"."""
    told = copy / "covering.json"
    files = {path: path.read_bytes() for path in area.files(copy)}
    for path, raw in files.items():
        path.write_bytes(marked(path.relative_to(copy).as_posix(), raw))
    try:
        more = {"XIAOHU_COVER_TO": str(told)}
        _pytest(area, copy, ["-p", "benchmarks.mutants.covering", *area.tests], more, None)
    finally:
        for path, raw in files.items():
            path.write_bytes(raw)
    found: dict[str, dict[str, float]] = json.loads(told.read_text(encoding="utf-8"))
    return found


def prove(area: Area, copy: Path, known: Mapping[str, Mapping[str, float]]) -> None:
    """Run a few of the watched tests without any fault; raises RuntimeError where one fails."""
    names = sorted({name for tests in known.values() for name in tests})[:: max(1, len(known) // 9)]
    if _verdict(area, copy, names[:20], None) != "survived":
        told = (copy / "last.log").read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"{area.path}: its tests fail without a fault\n{told}")


def judge(fault: Fault, area: Area, copy: Path, tests: Mapping[str, float]) -> Outcome:
    """Put a fault in, run the tests that enter its function, the quickest first, take it out."""
    chosen: list[str] = []
    seconds = 0.0
    for name, took in sorted(tests.items(), key=lambda item: (item[1], item[0])):
        if chosen and seconds + took > BUDGET:
            break
        chosen.append(name)
        seconds += took
    if not chosen:
        return Outcome(fault, "not covered", 0, 0)
    path = copy / fault.path
    raw = path.read_bytes()
    path.write_bytes(fault.put_into(raw))
    try:
        verdict = _verdict(area, copy, chosen, START + PATIENCE * seconds)
    finally:
        path.write_bytes(raw)
    return Outcome(fault, verdict, len(chosen), len(tests))


def _verdict(area: Area, copy: Path, tests: list[str], limit: float | None) -> Verdict:
    listed = copy / "chosen.txt"
    listed.write_text("\n".join(tests), encoding="utf-8")
    try:
        code = _pytest(area, copy, ["-x", f"@{listed}"], {}, limit)
    except subprocess.TimeoutExpired:
        return "too slow"
    return "survived" if code == 0 else "killed"


def _pytest(
    area: Area, copy: Path, words: list[str], more: Mapping[str, str], limit: float | None
) -> int:
    with tempfile.TemporaryDirectory(prefix="mutants-run-") as folder:
        Path(folder).chmod(0o755)
        env = {
            **os.environ, "PYTHONWARNINGS": "ignore::SyntaxWarning", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DEBUG_TEMPROOT": folder, **more,
        }  # fmt: skip
        command = [area.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
        with (copy / "last.log").open("wb") as log:
            return subprocess.run(  # noqa: S603
                command, cwd=copy, env=env, stdout=log, stderr=log, timeout=limit
            ).returncode
