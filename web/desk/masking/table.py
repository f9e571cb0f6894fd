"""The table of secrets (rules.yml), compiled into what server and browser both carry out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("rules.yml")
BLANK = "\ufffc"  # stands for what was hidden already; no rule's value matches it
FIRST_BLANK = 0xE000  # stands for a secret of the first kind; the others follow
_NAMED = re.compile(r"<([a-z_]+)>")
_SIGNS = re.compile(r"[\\\[\](){}?*+|^$.]")


@cache
def compiled() -> dict[str, Any]:
    """Return the table as plain data, the very data that the browser gets."""
    raw = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    same = {char: group[0] for group in raw["fold"]["same"] for char in group[1:]}
    same |= {char: digit for digit, chars in raw["fold"]["digits"].items() for char in chars}
    words = {name: _any(words, same) for name, words in raw["words"].items()}
    talk = raw["talk"]
    return {
        "mark": raw["mark"],
        "kinds": raw["kinds"],
        "drop": raw["fold"]["drop"],
        "same": same,
        "numerals": {char: digit for digit, row in raw["fold"]["numerals"].items() for char in row},
        "names": words | {name: f"(?:{text})" for name, text in raw["patterns"].items()},
        "neutral": "|".join(f"(?:{text})" for text in raw["neutral"]),
        "rules": [rule for entry in raw["rules"] for rule in _rules(entry)],
        "numbers": talk["numbers"],
        "asked": talk["asked"],
        "spoken": talk["spoken"],
        "broken": talk["broken"],
    }


def spell(source: str) -> str:
    """Put patterns where their <names> stand; raises KeyError for an unknown one."""
    return _NAMED.sub(lambda match: spell(compiled()["names"][match[1]]), source)


def kinds() -> tuple[str, ...]:
    """Return the kinds of secrets that the rules find."""
    return tuple(compiled()["kinds"])


def _rules(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rules of an entry: one for each length, the longest first."""
    low, high = entry.get("lengths", (0, 0))
    for length in range(high, low - 1, -1):
        value = entry["value"].replace("<more>", str(length - 1))
        yield {
            "kind": entry["kind"],
            "find": f"({entry.get('head', '')})({value})(?={entry.get('tail', '')})",
            "whole": entry.get("whole", False),
            "keep": entry.get("keep", 0),
            "shape": f"^(?:{entry['shape']})$" if "shape" in entry else "",
            "sum": entry.get("sum", ""),
            "when": entry.get("when", []),
            "needs": entry.get("needs", ""),
            "unless": entry.get("unless", ""),
        }


def _any(words: list[str], same: dict[str, str]) -> str:
    """Match any of the words, the longest first; a latin word ends where its letters end."""
    plain = {"".join(same.get(char, char) for char in word) for word in words}
    longest = sorted(plain, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(_word(word) for word in longest)})"


def _word(word: str) -> str:
    if _SIGNS.search(word):
        return word
    if word.isascii():
        return re.escape(word) + (r"(?![a-z])" if word[-1].isalpha() else "")
    return r"[ .*_\-]{0,2}".join(re.escape(char) for char in word)
