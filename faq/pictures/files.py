"""The files of data/pictures: which of them may be shown, and how large each is."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from PIL import ExifTags, Image

from search.files import Unreadable, read_file
from search.pictures import FOLDER

DRAWN = ".svg"
DESCRIBED = ".yml"  # what a drawing is made from, beside it
PHOTOS = {".webp": "WEBP", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
KINDS = (DRAWN, *PHOTOS)
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:svg|webp|png|jpe?g)")
HEAVIEST_DRAWING = 48 * 1024  # bytes; it goes to customers as it is
HEAVIEST = 3 * 1024 * 1024  # bytes of any other: smaller ones are made of it
PIXELS = 30_000_000
LYING = (5, 6, 7, 8)  # orientations of a camera that was held on its side
_TAGS = frozenset(
    {
        "svg", "title", "desc", "style", "g", "defs", "rect", "circle", "ellipse", "line", "path",
        "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop",
        "clipPath", "mask", "use",
    }
)  # fmt: skip
_LEADS_OUT = re.compile(r"@import|url\(\s*['\"]?(?!#)|javascript:", re.I)


class BadPicture(Exception):
    """A file that may not be shown. rule: of faq/words.yml; values: what its words name."""

    def __init__(self, rule: str, **values: object) -> None:
        super().__init__(f"{rule}: {values}")
        self.rule = rule
        self.values = values


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may be shown: its name, letters that name its content, its size in pixels."""

    name: str
    digest: str
    width: int
    height: int

    @property
    def drawn(self) -> bool:
        """Tell whether it is a drawing, which is sharp at any size."""
        return self.name.endswith(DRAWN)


def folder_of(data: Path) -> Path:
    """Return where a content folder's pictures lie."""
    return data / FOLDER


def names(data: Path) -> Iterator[str]:
    """List what lies there, whether it may be shown or not; hidden files are nobody's."""
    folder = folder_of(data)
    if folder.is_dir():
        yield from sorted(path.name for path in folder.iterdir() if path.name[0] != ".")


def read(path: Path) -> Picture:
    """Read a picture's size and digest; raises BadPicture, or FileNotFoundError."""
    return picture_of(path.name, content_of(path))


def content_of(path: Path) -> bytes:
    """Read a picture's file; raises BadPicture where it is no plain file or too heavy."""
    most = HEAVIEST_DRAWING if path.suffix == DRAWN else HEAVIEST
    try:
        return read_file(path, most)
    except Unreadable:
        if path.is_file() and path.stat().st_size > most:
            size = round(path.stat().st_size / 1024)
            raise BadPicture("picture-heavy", size=size, most=most // 1024) from None
        raise BadPicture("picture-kind", text=path.name) from None


def picture_of(name: str, raw: bytes) -> Picture:
    """Judge a picture by its name and its bytes; raises BadPicture."""
    if not NAME.fullmatch(name):
        raise BadPicture("picture-named", text=name)
    suffix = name[name.rindex(".") :]
    width, height = _drawing(name, raw) if suffix == DRAWN else _photo(name, raw, PHOTOS[suffix])
    return Picture(name, digest_of(raw), width, height)


def digest_of(raw: bytes) -> str:
    """Name bytes in letters alone: no run of digits that could be taken for a card's number."""
    return hashlib.sha256(raw).hexdigest()[:20].translate(_LETTERS)


_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijkmnpqr")


def _photo(name: str, raw: bytes, form: str) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(raw), formats=(form,)) as image:
            width, height = image.size
            if image.getexif().get(ExifTags.Base.Orientation) in LYING:
                width, height = height, width
    except Exception:
        # Broken files fail in as many ways as there are decoders.
        raise BadPicture("picture-kind", text=name) from None
    if width * height > PIXELS:
        raise BadPicture("picture-heavy", size=len(raw) // 1024, most=HEAVIEST // 1024)
    return width, height


def _drawing(name: str, raw: bytes) -> tuple[int, int]:
    """Take a drawing only where nothing in it can run or fetch anything."""
    active = BadPicture("picture-active", text=name)
    try:
        text = raw.decode("utf-8")
        if "<!" in text or "<?xml-" in text:
            raise active
        root = ElementTree.fromstring(text)  # noqa: S314  (no declarations, so no entities)
        size = round(float(root.get("width", ""))), round(float(root.get("height", "")))
    except (ValueError, ElementTree.ParseError):
        raise BadPicture("picture-kind", text=name) from None
    for node in root.iter():
        known = str(node.tag).removeprefix("{http://www.w3.org/2000/svg}")
        if known not in _TAGS or _LEADS_OUT.search(node.text or ""):
            raise active
        for key, value in node.attrib.items():
            key = key.rpartition("}")[2].lower()
            leads_out = key == "href" and not value.startswith("#")
            if key.startswith("on") or leads_out or _LEADS_OUT.search(value):
                raise active
    return size
