"""The face beside what the bot says: the company's logo, drawn into pages of any site.

A picture's address would be one more thing that a site's own policy has to allow, so the shapes
of the logo go with the scripts. What is more than shapes (a gradient, a text, a picture) could not
be drawn so, nor safely: then the plain face stands there, as where a company has no logo.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset(("path", "circle", "ellipse", "rect", "line", "polygon", "polyline"))
ATTRIBUTES = frozenset(
    {
        "d", "points", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "width",
        "height", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap",
        "stroke-linejoin", "stroke-opacity", "opacity", "transform",
    }
)  # fmt: skip
PLAIN = Path(__file__).parent.parent / "helpcenter" / "static" / "plain.svg"
LARGEST = 16 * 1024  # bytes: it is loaded before anybody opens the chat
_BOX = re.compile(r"-?[\d.]+(?: -?[\d.]+){3}")
_VALUE = re.compile(r"[-+\w.,#%() ]*")  # no url(…:…), nothing that is looked up elsewhere

Shape = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Face:
    """A drawing: its viewBox, and its shapes with their attributes, the lowest first."""

    box: str
    shapes: tuple[Shape, ...]


def face_of(logo: Path | None) -> Face:
    """Return the face that a logo's file draws; the plain one without, or where it is more."""
    for path in (logo, PLAIN):
        if path is None or path.suffix != ".svg":
            continue
        with suppress(OSError):
            if (found := read(path.read_bytes())) is not None:
                return found
    raise ValueError(f"{PLAIN} is no drawing of shapes alone")


def read(raw: bytes) -> Face | None:
    """Read a drawing that is nothing but shapes; None for any other file."""
    if not raw or len(raw) > LARGEST or b"<!" in raw:
        return None  # a document type could name entities; a logo needs none
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314 - has no document type
    except ElementTree.ParseError:
        return None
    box = root.get("viewBox", "")
    parts = [part for part in root if part.tag not in (f"{SVG}title", f"{SVG}desc")]
    shapes = [(part.tag.removeprefix(SVG), dict(part.attrib)) for part in parts]
    drawn = root.tag == f"{SVG}svg" and bool(shapes) and bool(_BOX.fullmatch(box))
    return Face(box, tuple(shapes)) if drawn and all(map(_is_plain, shapes)) else None


def _is_plain(shape: Shape) -> bool:
    kind, attributes = shape
    return kind in SHAPES and all(
        name in ATTRIBUTES and _VALUE.fullmatch(value) and "url" not in value
        for name, value in attributes.items()
    )
