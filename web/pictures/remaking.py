"""Judges and decodes what people send beside the event loop, of the large photos one at a time."""

from __future__ import annotations

from web import offload
from web.desk import documents, pictures


def receive(raw: bytes, name: str = "") -> pictures.Picture | documents.Document:
    """Take a document as it is, or make a picture anew in the pool that its size belongs to.

    name: as its sender's device says. Raises BadPicture, Overloaded.
    """
    document = offload.computing.run(lambda: documents.take(raw, name))
    if document is not None:
        return document
    large = offload.computing.run(lambda: pictures.is_large(raw))
    pool = offload.photos if large else offload.computing
    return pool.run(lambda: pictures.remake(raw))
