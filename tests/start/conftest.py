"""Real children, real signals; only the pace is quicker than in a real start."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from start.guard import Guard
from start.ports import Address
from start.service import Pace, Service
from start.supervisor import run
from tests.product import PATIENCE

CHILD = Path(__file__).parent / "child.py"
PACE = Pace(
    look=0.02, ask=0.05, answer=2.0, hung=60.0, begin=60.0, questions=2,
    first_pause=0.05, longest_pause=0.4, good=60.0, stop=0.5,
)  # fmt: skip


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for what has to come."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


def child(name: str, port: int, *options: str, host: str = "127.0.0.1", **pace: float) -> Service:
    """Make a service of a small child; pace: what differs from PACE."""
    command = [sys.executable, "-S", str(CHILD), host, str(port), *options]
    address = Address(host, port, "XIAOHU_PORT")
    return Service(name, command, dict(os.environ), address, replace(PACE, **pace))


def gone(pid: int) -> bool:
    """Say whether a process has ended, buried or not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


class Running:
    """A supervisor in a thread."""

    def __init__(self, *services: Service) -> None:
        self.guard = Guard(grace=0.5)
        self._stopped = threading.Event()
        arguments = (services, self._stopped, self.guard, PACE)
        self._thread = threading.Thread(target=run, args=arguments)
        self._thread.start()

    def stop(self) -> None:
        """Do what Ctrl-C does."""
        self._stopped.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        self.guard.close()


@pytest.fixture
def supervise() -> Iterator[Callable[..., Running]]:
    begun: list[Running] = []

    def begin(*services: Service) -> Running:
        begun.append(Running(*services))
        return begun[-1]

    yield begin
    for running in begun:
        running.stop()
