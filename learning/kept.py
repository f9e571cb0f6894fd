"""Arrays that take seconds to make, kept under what they were made of."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

logger = logging.getLogger(__name__)
Floats = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[Any]]


def kept_or_made(path: Path | None, make: Callable[[], Arrays]) -> Arrays:
    """Return what a file (.npz) keeps, or make it and keep it. path: None keeps nothing."""
    if path is not None and path.exists():
        with np.load(path) as kept:
            return dict(kept)
    made = make()
    if path is not None:
        keep(path, made)
    return made


def keep(path: Path, made: Arrays) -> None:
    """Write whole or not at all; what cannot be written is made again next time."""
    arrays: dict[str, Any] = dict(made)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            np.savez(file, **arrays)
        Path(file.name).replace(path)
    except OSError:
        logger.warning("what was learned could not be kept in %s", path.parent)
