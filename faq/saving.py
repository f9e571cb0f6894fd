"""Files written whole: beside, then renamed, so that a reader sees the old or the new one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def replace(path: Path, text: str | bytes) -> None:
    """Write a file by renaming a finished one into its place; a text as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A leading dot keeps it out of every glob for *.md.
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("wb") as file:
            file.write(text.encode("utf-8") if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
