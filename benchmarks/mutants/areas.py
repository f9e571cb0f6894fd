"""Where faults are put, and which tests of which environment may notice them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from start.environments import BOT, ROOT, WEB, python


@dataclass(frozen=True, slots=True)
class Area:
    """share: its part of a sample, in sixths."""

    path: str
    environment: Path
    tests: tuple[str, ...]
    share: int

    @property
    def python(self) -> str:
        """The interpreter that runs its tests."""
        return str(python(self.environment))

    def files(self, root: Path = ROOT) -> list[Path]:
        """List its files, in order."""
        path = root / self.path
        return [path] if path.is_file() else sorted(path.rglob("*.py"))

    def digest(self) -> str:
        """Tell its code and its tests from any other."""
        digest = hashlib.sha256()
        tests = (path for name in self.tests for path in sorted((ROOT / name).rglob("*.py")))
        for path in (*self.files(), *tests):
            digest.update(path.as_posix().encode() + path.read_bytes())
        return digest.hexdigest()


# Each is judged by the tests of its own room. Those of search that kill processes and break files
# are left out: they ask whether there is a ranking, not which. The desk's run on SQLite alone.
AREAS = (
    Area("actions", BOT, ("tests/actions",), 2),
    Area(
        "search/ranking.py",
        WEB,
        (
            "tests/search",
            "--ignore=tests/search/test_killed.py",
            "--ignore=tests/search/test_live.py",
            "--ignore=tests/search/test_bad_files.py",
        ),
        1,
    ),
    Area("web/desk", WEB, ("tests/desk", "-k", "not postgresql"), 3),
)
