"""How many days each class of what is kept of people is kept, as data/retention.yml gives it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from search.errors import BadContent, Problem
from search.kept import load_yaml
from search.reasons import because

FILE = "retention.yml"
MOST = 3650  # days


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that each class is kept; None keeps it."""

    conversations: int | None = 1095
    pictures: int | None = 365
    questions: int | None = 400
    feedback: int | None = 1095


def read(path: Path, raw: bytes) -> Retention:
    """Read the file's bytes, the defaults for what it leaves out; raises BadContent.

    An empty file is a slip, not a wish for the defaults: what is deleted does not come back.
    """
    found = load_yaml(path, raw)
    known = [field.name for field in fields(Retention)]
    if not isinstance(found, dict):
        raise _bad(path, because("keep-none"), f"write `{known[0]}: 365` lines")
    for name in found:
        if name not in known:
            raise _bad(path, because("keep-class", name=name), f"one of {', '.join(known)}")
    return Retention(**{name: _days(path, name, value) for name, value in found.items()})


def _days(path: Path, name: str, value: Any) -> int | None:
    if value == "never":
        return None
    if type(value) is not int or not 1 <= value <= MOST:
        raise _bad(
            path, because("keep-days", name=name), f"write a number from 1 to {MOST}, or never"
        )
    return value


def _bad(path: Path, reason: str, fix: str) -> BadContent:
    return BadContent((Problem(path, 1, reason, fix),))
