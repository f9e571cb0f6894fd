"""What editors read: the sentences of words.yml, filled in."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


def say(name: str, /, **values: Any) -> str:
    """Return a sentence by its dotted name, with its values filled in; raises KeyError."""
    text = table(name)
    if not isinstance(text, str):
        raise KeyError(name)
    return text.format(**values)


def table(name: str) -> Any:
    """Return a part of words.yml by its dotted name."""
    part: Any = _words()
    for key in name.split("."):
        part = part[key]
    return part


def name(group: str, key: str) -> str:
    """Return the word for a name of the program's; the name itself where there is none yet."""
    return str(table(group).get(key.replace(".", "-"), key))


def translate(reason: str, mend: str) -> tuple[str, str]:
    """Put a problem of `search` into the editors' words; unknown ones stay as they are."""
    for pattern, why, cure in _problems():
        match = pattern.fullmatch(reason)
        if match is not None:
            return match.expand(why), (match.expand(cure) if cure else mend)
    return reason, mend


@cache
def _words() -> dict[str, Any]:
    text = Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def _problems() -> list[tuple[re.Pattern[str], str, str]]:
    return [
        (re.compile(entry["reason"], re.DOTALL), entry["why"], entry.get("mend", ""))
        for entry in table("problems")
    ]
