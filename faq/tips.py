"""The safety tips that customers may ask for, as data/tips.yml gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import BadContent, Problem
from search.kept import load_yaml
from search.reasons import because

FILE = "tips.yml"
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 300  # characters of a tip: it is read on a phone, between other things
LONGEST_NAME = 60
MOST_DAYS, LAST_HOUR = 365, 20
WORDS = ("title", "stop", "stopped")


@dataclass(frozen=True, slots=True)
class Tip:
    """One tip. faq: the article that it leads to."""

    name: str
    text: str
    faq: str | None = None


@dataclass(frozen=True, slots=True)
class Tips:
    """All of them, in the order in which they are sent.

    every: days between two. hour: from which they go out, where the desk is. title, stop, stopped:
    what stands above each, on the button that ends them, and what is said then.
    """

    tips: tuple[Tip, ...] = ()
    every: int = 14
    hour: int = 10
    title: str = ""
    stop: str = ""
    stopped: str = ""


NONE = Tips()


def read(path: Path, raw: bytes) -> Tips:
    """Read the file; raises BadContent."""
    found = load_yaml(path, raw)
    said = found.get("tips") if isinstance(found, dict) else None
    if not isinstance(said, dict) or not said:
        raise _bad(path, because("tips-none"), "write `tips:` with `name: {text: …}` entries")
    return Tips(
        tuple(_tip(path, str(name), entry) for name, entry in said.items()),
        _whole(path, "every", found.get("every", NONE.every), 1, MOST_DAYS),
        _whole(path, "hour", found.get("hour", NONE.hour), 0, LAST_HOUR),
        *(_words(path, name, found.get(name)) for name in WORDS),
    )


def _tip(path: Path, name: str, entry: Any) -> Tip:
    said = entry if isinstance(entry, dict) else {}
    text, faq = said.get("text"), said.get("faq")
    fits = isinstance(text, str) and 0 < len(text.strip()) <= LONGEST
    named = NAME.fullmatch(name) and len(name) <= LONGEST_NAME
    if not fits or not named or set(said) - {"text", "faq"}:
        raise _bad(path, because("tips-entry", name=name, most=LONGEST), "write `name: {text: …}`")
    if faq is not None and not (isinstance(faq, str) and NAME.fullmatch(faq)):
        raise _bad(path, because("tips-entry", name=name, most=LONGEST), "faq is an article's id")
    return Tip(name, str(text).strip(), faq)


def _whole(path: Path, name: str, value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        reason = because("tips-number", name=name, value=value, low=low, high=high)
        raise _bad(path, reason, f"write a whole number from {low} to {high}")
    return value


def _words(path: Path, name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _bad(path, because("tips-words", name=name), f"write `{name}: …`")
    return value.strip()


def _bad(path: Path, reason: str, fix: str) -> BadContent:
    return BadContent((Problem(path, 1, reason, fix),))
