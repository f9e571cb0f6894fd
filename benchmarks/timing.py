"""What the benchmarks measure with: times of single calls, their median and tail, and memory.

Times are the calling thread's own on the processor: what else the machine does meanwhile belongs
to no engine. The tail on the wall clock is kept beside.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

Given = TypeVar("Given")


def p99(times: Sequence[float]) -> float:
    """Return the time that one in a hundred takes longer than."""
    return sorted(times)[int(len(times) * 0.99)]


class Times:
    """Times of single calls, in milliseconds."""

    def __init__(self) -> None:
        self.all: list[float] = []
        self.wall: list[float] = []

    def take(self, call: Callable[[Given], object], argument: Given) -> None:
        """Time one call."""
        begun, started = time.perf_counter_ns(), time.thread_time_ns()
        call(argument)
        self.all.append((time.thread_time_ns() - started) / 1e6)
        self.wall.append((time.perf_counter_ns() - begun) / 1e6)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.all)

    @property
    def p99(self) -> float:
        """The time that one call in a hundred takes longer than."""
        return p99(self.all)

    @property
    def wall_p99(self) -> float:
        """The same on the wall clock, other work on the machine included."""
        return p99(self.wall)


def resident() -> float:
    """Return this process's memory that is its own, in MB; mapped files are not counted."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    for line in status.splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0
