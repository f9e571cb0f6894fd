"""A disk of a campaign's own, which can be filled; needs the rights to mount one."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

FULL = 5.0  # seconds
PIECE = bytes(1 << 20)


@contextlib.contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a small disk at a folder; gives whether that was possible."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "chaos", str(folder)]
    try:
        possible = subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    except FileNotFoundError:
        possible = False
    try:
        yield possible
    finally:
        if possible:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, timeout=10)


def fill_for_a_while(folder: Path) -> None:
    """Leave no byte free on a folder's disk for some seconds."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(PIECE)
        deadline = time.monotonic() + FULL
        while time.monotonic() < deadline:  # what others give back is taken at once
            with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(PIECE[:4096])
            time.sleep(0.05)
    finally:
        filler.unlink(missing_ok=True)
