"""The pictures of data/pictures as they are now: found by name, given an address and a size."""

from __future__ import annotations

import html
from pathlib import Path

from faq.pictures import files
from faq.pictures.files import BadPicture, Picture
from search import pictures
from web.offload import disk

WIDTHS = (480, 960, 1440)  # pixels; a picture is never made wider than it is
PLACE = "/pictures"
# A picture is as wide as its column, which is narrow on phones and 360 px at most on all others.
SIZES = "(max-width: 460px) 80vw, 360px"
_Stamp = tuple[int, int, int]


class Pictures:
    """Finds pictures; each file is read anew when it changes."""

    def __init__(self, data: Path) -> None:
        self._folder = files.folder_of(data)
        self._known: dict[str, tuple[_Stamp, Picture | None]] = {}

    def find(self, name: str) -> Picture | None:
        """Return the picture of a name; None where there is none that may be shown."""
        if not files.NAME.fullmatch(name):
            return None
        path = self._folder / name
        try:
            state = path.stat()
        except OSError:
            self._known.pop(name, None)
            return None
        stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
        known = self._known.get(name)
        if known is None or known[0] != stamp:
            known = self._known[name] = stamp, disk.run(lambda: _read(path))
        return known[1]

    def content(self, picture: Picture) -> bytes:
        """Read a picture's file; raises FileNotFoundError, also where it is another one by now."""
        try:
            raw: bytes = disk.run(lambda: files.content_of(self._folder / picture.name))
        except BadPicture:
            raise FileNotFoundError(picture.name) from None
        if files.digest_of(raw) != picture.digest:
            raise FileNotFoundError(picture.name)
        return raw

    def linked(self, markdown: str) -> str:
        """Give each picture of an answer its address and size; one that is not there, its words.

        The size stands behind a # as 360x412, further widths after it (-960), so that a chat can
        keep the room free.
        """
        return pictures.replace(markdown, self._link)

    def _link(self, words: str, name: str) -> str:
        found = self.find(name)
        if found is None:
            return f"[{words}]" if words else ""
        size = f"{found.width}x{found.height}"
        if found.drawn:
            return f"![{words}]({address(found)}#{size})"
        first, *more = widths_of(found)
        further = "".join(f"-{width}" for width in more)
        return f"![{words}]({address(found, first)}#{size}{further})"

    def shown(self, words: str, name: str) -> str:
        """Return a picture's HTML, which leads to its largest width; its words where it is gone."""
        found = self.find(name)
        alt = html.escape(words)
        if found is None:
            return alt
        size = f'width="{found.width}" height="{found.height}"'
        image = f'alt="{alt}" {size} loading="lazy" decoding="async"'
        if found.drawn:
            where = address(found)
            return f'<a class="figure" href="{where}"><img src="{where}" {image}></a>'
        widths = widths_of(found)
        plain = address(found, widths[0], "jpg")
        webp, jpeg = _set(found, "webp"), _set(found, "jpg")
        return (
            f'<a class="figure" href="{address(found, widths[-1])}"><picture>'
            f'<source type="image/webp" srcset="{webp}" sizes="{SIZES}">'
            f'<img src="{plain}" srcset="{jpeg}" sizes="{SIZES}" {image}></picture></a>'
        )


def widths_of(picture: Picture) -> list[int]:
    """List the widths that a picture is made in, the narrowest first."""
    return sorted({min(width, picture.width) for width in WIDTHS})


def address(picture: Picture, width: int | None = None, form: str = "webp") -> str:
    """Return a picture's address. width: of what is no drawing."""
    whole = f"{PLACE}/{picture.digest}/{picture.name}"
    return whole if width is None else f"{whole}/{width}.{form}"


def _set(picture: Picture, form: str) -> str:
    return ", ".join(f"{address(picture, width, form)} {width}w" for width in widths_of(picture))


def _read(path: Path) -> Picture | None:
    try:
        return files.read(path)
    except (BadPicture, FileNotFoundError):
        return None
