"""Vectors of texts by an encoder of sentences, kept so that an edit encodes only what is new."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from learning.kept import Floats, keep

Encode = Callable[[Sequence[str]], Floats]


def encoded(texts: Sequence[str], encode: Encode, path: Path | None = None) -> Floats:
    """Encode texts: [texts, dimensions], in half precision's steps.

    path: a file of vectors by their texts' digests, which is made to hold just these; None keeps
    nothing. It has to be another one for another encoder.
    """
    names = [_digest(text) for text in texts]
    known = _read(path) if path is not None else {}
    new = dict(zip(names, texts, strict=True))
    for name in known:
        new.pop(name, None)
    if new:
        vectors = encode(list(new.values())).astype(np.float16)
        known |= zip(new, vectors, strict=True)
    found = {name: known[name] for name in names}
    if path is not None and (new or len(found) < len(known)):
        keep(path, {"names": np.array(list(found)), "vectors": np.stack(list(found.values()))})
    if not names:
        return np.zeros((0, 1), np.float32)
    return np.stack([found[name] for name in names]).astype(np.float32)


def unit(vectors: Floats) -> Floats:
    """Bring vectors to length 1; one of length 0 stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest().encode("ascii")


def _read(path: Path) -> dict[bytes, Floats]:
    try:
        with np.load(path) as kept:
            return dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}  # none yet, or half a file: all are encoded
