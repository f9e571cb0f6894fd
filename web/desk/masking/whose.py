"""Hide what is no secret in a chat, but tells the reader of a report who it was.

whose.yml is the table: long numbers, e-mail addresses, names and postal addresses.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

TABLE = Path(__file__).with_name("whose.yml")
_NAMED = re.compile(r"<([a-z]+)>")


def whose(text: str, mark: str) -> str:
    """Put the mark where a text tells whose it is."""
    for rule in _rules():
        text = rule.sub(lambda found: _without(found, mark), text)
    return text


def _without(found: re.Match[str], mark: str) -> str:
    whole, (begin, _), (start, end) = found[0], found.span(), found.span("hidden")
    return whole[: start - begin] + mark + whole[end - begin :]


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))

    def spell(source: str) -> str:
        return _NAMED.sub(lambda one: spell(table["patterns"][one[1]].strip()), source)

    # A group's own name is written with the same signs; it is no pattern of the table.
    return tuple(
        re.compile(spell(rule.replace("?P<hidden>", "?P\0")).replace("?P\0", "?P<hidden>"))
        for rule in table["rules"]
    )
