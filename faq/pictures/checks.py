"""`faq check` of pictures: missing, unused, too heavy, of the wrong kind, without words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from faq.findings import Finding
from faq.folder import Folder
from faq.pictures import files
from faq.pictures.files import BadPicture, Picture
from search.pictures import PICTURE

ELSEWHERE = ("http:", "https:", "data:", "//", "/")


def in_line(data: Path, path: Path, number: int, line: str) -> Iterator[Finding]:
    """Check the pictures that a line of an answer names. path, number: of that line."""
    for match in PICTURE.finditer(line):
        words, to = match["words"].strip(), match["to"]
        if not words:
            yield Finding(path, number, "picture-unnamed", "error", values={"text": to})
        if to.startswith(ELSEWHERE):
            yield Finding(path, number, "picture-elsewhere", "error", values={"text": to})
        elif find(data, to) is None:
            # What is wrong with a file that is there is said of the file itself, too.
            rule = _trouble(files.folder_of(data) / to) if files.NAME.fullmatch(to) else None
            if rule is None:
                yield Finding(path, number, "picture-missing", "error", values={"text": to})
            else:
                yield Finding(path, number, rule.rule, "error", values={"text": to, **rule.values})


def of_folder(folder: Folder) -> Iterator[Finding]:
    """Check every file of data/pictures, and whether an article shows it."""
    shown = {match["to"] for text in folder.texts.values() for match in PICTURE.finditer(text)}
    lying = set(files.names(folder.data))
    for name in sorted(lying):
        path = files.folder_of(folder.data) / name
        if name.endswith(files.DESCRIBED):
            continue
        trouble = _trouble(path)
        if trouble is not None:
            values = {"text": name, **trouble.values}
            yield Finding(path, 1, trouble.rule, "error", "file", values)
        elif name not in shown:
            yield Finding(path, 1, "picture-unused", "warning", "file", {"text": name})


def find(data: Path, name: str) -> Picture | None:
    """Return the picture of a name, None where there is none that may be shown."""
    if not files.NAME.fullmatch(name):
        return None
    found = _judged(*_stamped(files.folder_of(data) / name))
    return found if isinstance(found, Picture) else None


def _trouble(path: Path) -> BadPicture | None:
    found = _judged(*_stamped(path))
    return found if isinstance(found, BadPicture) else None


def _stamped(path: Path) -> tuple[Path, tuple[int, ...]]:
    try:
        state = path.stat()
    except OSError:
        return path, ()
    return path, (state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=4_096)
def _judged(path: Path, stamp: tuple[int, ...]) -> Picture | BadPicture | None:
    """Judge a file once as long as it stays the same; None where there is none."""
    try:
        return files.read(path) if stamp else None
    except BadPicture as error:
        return error
    except FileNotFoundError:
        return None
