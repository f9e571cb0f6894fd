"""A fingerprint of everything that a model is made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

SOURCES = (
    "config.yml",
    "bot/domain",
    "bot/rules",
    "bot/nlu",
    "bot/components",
    "requirements/bot.lock",
)
ENDINGS = (".yml", ".yaml", ".py", ".lock")


def fingerprint(root: Path, sources: tuple[str, ...] = SOURCES) -> str:
    """Return 12 hex digits that change when a source file's name or content does."""
    digest = hashlib.sha256()
    for path in _files(root, sources):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _files(root: Path, sources: tuple[str, ...]) -> Iterator[Path]:
    for source in sources:
        path = root / source
        if path.is_file():
            yield path
        else:
            yield from sorted(file for file in path.rglob("*") if file.suffix in ENDINGS)
