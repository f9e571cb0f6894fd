"""Folders and files that only this program's user may read."""

from __future__ import annotations

import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


def keep_folder(folder: Path) -> None:
    """Make a folder, or an existing one, private; somebody else's is left and told of."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _restrict(folder, 0o700)


def keep_database(file: Path) -> None:
    """Make a SQLite file and what SQLite keeps beside it private, before anything is in it."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    for part in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        if part.exists():
            _restrict(part, 0o600)


def _restrict(path: Path, mode: int) -> None:
    try:
        if path.stat().st_mode & 0o777 & ~mode:
            path.chmod(mode)
    except OSError as error:
        log.warning("others may read %s: %s", path, error)
