"""Golden questions: data/faq/golden.jsonl, what must go on being answered as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from faq.errors import BadGolden


@dataclass(frozen=True, slots=True)
class Golden:
    """A question, the FAQ that has to answer it, and its line in the file."""

    text: str
    faq: str
    line: int


def path_of(data: Path) -> Path:
    """Return where a content folder keeps its golden questions."""
    return data / "faq" / "golden.jsonl"


def read(data: Path) -> tuple[list[Golden], list[tuple[int, str]]]:
    """Read the golden questions; returns them and (line, reason) of the lines that are none."""
    try:
        text = path_of(data).read_text(encoding="utf-8")
    except FileNotFoundError:
        return [], []
    except UnicodeDecodeError as error:
        return [], [(1, f"UTF-8: {error.reason}")]
    return parse(text)


def parse(text: str) -> tuple[list[Golden], list[tuple[int, str]]]:
    """Read the golden questions of a text, as `read` does."""
    found: list[Golden] = []
    bad: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_golden(line, number))
        except BadGolden as error:
            bad.append((number, str(error)))
    return found, bad


def _golden(line: str, number: int) -> Golden:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise BadGolden(f"JSON: {error}") from None
    if not isinstance(entry, dict):
        raise BadGolden("no object")
    text, faq = entry.get("text"), entry.get("faq")
    if not isinstance(text, str) or not text.strip() or not isinstance(faq, str):
        raise BadGolden("text, faq")
    return Golden(text.strip(), faq, number)
