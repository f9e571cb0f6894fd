"""Arrays that take seconds to make, kept under what they were made of."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

logger = logging.getLogger(__name__)
Floats = npt.NDArray[np.float32]


def kept_or_made(path: Path | None, make: Callable[[], Floats]) -> Floats:
    """Return what a file keeps, or make it and keep it. path: None keeps nothing."""
    if path is not None and path.exists():
        return np.asarray(np.load(path), np.float32)
    made = make()
    if path is not None:
        _keep(path, made)
    return made


def _keep(path: Path, made: Floats) -> None:
    """Write whole or not at all; what cannot be written is made again next time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            np.save(file, made)
        Path(file.name).replace(path)
    except OSError:
        logger.warning("what was learned could not be kept in %s", path.parent)
