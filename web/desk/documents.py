"""Documents of both sides (bank slips, statements): judged by content, never opened, never shown.

What runs by itself when it is opened (programs, pages, macros) has no kind here.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from web.desk.masking import mask
from web.desk.pixels import LARGEST
from web.desk.texts import shown

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "txt": "text/plain",
}
LONGEST = 80  # characters of a name
NAMELESS = "file"
# What stands in the archive of each kind; it is listed and never unpacked.
PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
ENTRIES = 2000
RUNS = re.compile(r"vbaproject|activex/|oleobject|macrosheets/", re.IGNORECASE)
TAIL = 2048  # bytes in which a PDF says that it is over
# What texts are written in, by their mark; bare ones by most programs, and by Chinese Windows.
CODES = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "gb18030"))
SPACES = "\t\n\r\f\u3000\xa0"
UNFIT = re.compile(r'[<>:"/\\|?*]')  # in a file's name, to some system or other


@dataclass(frozen=True, slots=True)
class Named:
    """A document's kind and the name that it is saved under."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Document(Named):
    """A document as it came."""

    content: bytes


def take(raw: bytes, name: str) -> Document | None:
    """Take a document; None for what is none of the kinds. name: as its sender's device says."""
    kind = kind_of(raw)
    return None if kind is None else Document(kind, name_of(name, kind), raw)


def kind_of(raw: bytes) -> str | None:
    """Tell by its content which kind a document is; its name is never asked."""
    if not 0 < len(raw) <= LARGEST:
        return None
    if raw.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in raw[-TAIL:] else None
    if raw.startswith(b"PK\x03\x04"):
        return _archived(raw)
    return "txt" if _is_text(raw) else None


def name_of(given: str, kind: str) -> str:
    """Return the name that a document is shown and saved under: masked, with its kind's ending."""
    last = shown(re.split(r"[/\\]", given)[-1])
    stem = last.rpartition(".")[0] or last
    stem = UNFIT.sub("_", mask(stem, "order_number")[0])[:LONGEST].strip(" .")
    return f"{stem or NAMELESS}.{kind}"


def _archived(raw: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as pack:
            names = pack.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if len(names) > ENTRIES or any(RUNS.search(name) for name in names):
        return None
    return next((kind for kind, part in PARTS.items() if part in names), None)


def _is_text(raw: bytes) -> bool:
    """Tell whether bytes are lines that somebody can read, and no page that a browser would run."""
    for mark, code in CODES:
        if raw.startswith(mark):
            try:
                text = raw.decode(code)
            except UnicodeDecodeError:
                continue
            return not text.lstrip("\ufeff").lstrip().startswith("<") and all(
                char.isprintable() or char in SPACES for char in text.lstrip("\ufeff")
            )
    return False
