"""Decodes what people send beside the event loop, of the large photos one at a time."""

from __future__ import annotations

from web import offload
from web.desk import pictures


def receive(raw: bytes) -> pictures.Picture:
    """Make a picture anew in the pool that its size belongs to; raises BadPicture, Overloaded."""
    large = offload.computing.run(lambda: pictures.is_large(raw))
    pool = offload.photos if large else offload.computing
    return pool.run(lambda: pictures.remake(raw))
