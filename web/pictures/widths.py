"""A picture in the widths that screens need, made once and kept below var."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from PIL import Image

from faq.pictures.files import Picture
from web.desk import pixels
from web.offload import offload

FORMS = {"webp": ("WEBP", {"quality": 82, "method": 4}), "jpg": ("JPEG", {"quality": 84})}
UNUSED = 30 * 86_400  # seconds after which what nobody asked for is made anew when it is needed


def kept(folder: Path, picture: Picture, width: int, form: str) -> Path:
    """Return where a width lies, whether it was made or not."""
    return folder / f"{picture.digest}-{width}.{form}"


def make(folder: Path, picture: Picture, width: int, form: str, raw: bytes) -> Path:
    """Make a width of a picture; raw: the picture's file. Raises Overloaded, BadPicture."""
    target = kept(folder, picture, width, form)
    offload(lambda: _write(target, raw, width, form))
    return target


def _write(target: Path, raw: bytes, width: int, form: str) -> None:
    image = pixels.decode(raw)
    if image.width > width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    name, options = FORMS[form]
    try:
        image.save(part, name, **options)
        part.replace(target)  # two that make it at once make the same
    finally:
        part.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Drop what nobody asked for in a long time: most of it is of pictures that are gone."""
    oldest = time.time() - UNUSED
    for path in folder.iterdir():
        state = path.stat()
        if max(state.st_atime, state.st_mtime) < oldest:
            os.unlink(path)  # noqa: PTH108  (a plain file of ours)
