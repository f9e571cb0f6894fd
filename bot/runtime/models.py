"""The folder of trained models; their names say when and from what they were trained."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

SUFFIX = ".tar.gz"
KEEP = 2


class NoModel(Exception):
    """There is no trained model; the message says how to train one."""


def name_for(at: dt.datetime, fingerprint: str) -> str:
    """Name a model trained at a time (UTC) from sources with a fingerprint."""
    return f"{at:%Y%m%dT%H%M%SZ}-{fingerprint}{SUFFIX}"


def models_in(folder: Path) -> list[Path]:
    """Return the folder's models, newest first: names begin with their time."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.name, reverse=True)


def newest(path: Path) -> Path:
    """Return the newest model of a folder, or the file itself; raises NoModel."""
    if path.is_file():
        return path
    for model in models_in(path):
        return model
    raise NoModel(f"no model in {path}: train one with `python -m bot.runtime.train`")


def current(folder: Path, fingerprint: str) -> Path | None:
    """Return the newest model if it was trained from sources with this fingerprint."""
    models = models_in(folder)
    if models and models[0].name.endswith(f"-{fingerprint}{SUFFIX}"):
        return models[0]
    return None


def drop_old(folder: Path, keep: int = KEEP) -> None:
    """Delete all but the newest models."""
    for model in models_in(folder)[keep:]:
        model.unlink(missing_ok=True)
