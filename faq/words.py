"""What editors read: the sentences of words.yml, filled in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from learning.written import load
from search.reasons import parts


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


def translate(reason: str, fix: str) -> tuple[str, str]:
    """Put a problem of `search` into the editors' words; a mere sentence stays as it is."""
    code, values = parts(reason)
    said = table("problems")
    entry = said.get(f"{code}.{values.get('field')}") or said.get(code)
    if entry is None:
        return reason, fix
    return entry["why"].format(**values), entry["fix"].format(**values)


@cache
def _words() -> dict[str, Any]:
    text = Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = load(text)
    return found
