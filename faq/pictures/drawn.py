"""The drawings of data/pictures and the descriptions that they are made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from faq import words
from faq.findings import Finding
from faq.pictures import drawing, files, screens
from faq.pictures.lettering import TooWide
from faq.saving import replace
from search.documents import Faq
from search.errors import BadContent, Problem
from search.files import Unreadable, read_file
from search.pictures import PICTURE

_STEP = re.compile(r"^\d+[.、]\s", re.MULTILINE)


def descriptions(data: Path) -> list[Path]:
    """List the descriptions, in the order of their names."""
    return [
        files.folder_of(data) / name for name in files.names(data) if name.endswith(files.DESCRIBED)
    ]


def drawing_of(path: Path) -> str:
    """Make the drawing of a description; raises BadContent."""
    try:
        return drawing.draw(screens.read(path, read_file(path)))
    except TooWide as error:
        reason = words.say("drawing.wide", text=str(error))
        raise BadContent((Problem(path, 1, reason, words.say("drawing.shorten")),)) from None
    except (Unreadable, FileNotFoundError) as error:
        raise BadContent((Problem(path, 1, str(error), "put a text file there"),)) from None


def draw(data: Path) -> tuple[int, int]:
    """Draw every description; returns how many there are and how many drawings changed.

    Raises BadContent; what comes before the bad one is drawn.
    """
    found, changed = descriptions(data), 0
    for path in found:
        made, target = drawing_of(path), path.with_suffix(files.DRAWN)
        if not target.is_file() or target.read_text(encoding="utf-8") != made:
            replace(target, made)
            changed += 1
    return len(found), changed


def check(data: Path) -> Iterator[Finding]:
    """Find bad descriptions, and drawings that are not what their description says."""
    for path in descriptions(data):
        target = path.with_suffix(files.DRAWN)
        try:
            made = drawing_of(path)
        except BadContent as error:
            for problem in error.problems:
                values = {"why": problem.reason, "fix": problem.fix}
                yield Finding(path, problem.line, "picture-described", "error", "file", values)
            continue
        try:
            same = files.content_of(target) == made.encode()
        except (FileNotFoundError, files.BadPicture):
            same = False
        if not same:
            values = {"text": target.name, "described": path.name}
            yield Finding(target, 1, "picture-changed", "error", "file", values)


def bare(faqs: list[Faq]) -> list[Faq]:
    """List the FAQs that have steps and no picture."""
    return [faq for faq in faqs if _STEP.search(faq.answer) and not PICTURE.search(faq.answer)]
