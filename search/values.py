"""The values of an FAQ's fields: what is wrong with one is noted with its line, and left out."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from search.errors import Problem
from search.reasons import because, no_date, no_entry, no_text

WORD = re.compile(r"[a-z]+(?:_[a-z]+)*")
_FLOW = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


class Values:
    """Reads the fields of one file by their keys; `lines` holds the line of each key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}

    def bad(self, line: int, reason: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.path, line, reason, fix))

    def parts(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        """Read a mapping whose entries are fields."""
        found = values.get(key) or {}
        if isinstance(found, dict):
            return found
        problem = Problem(
            self.path,
            self.lines[key],
            because("no-mapping", field=key),
            "write {from: date, until: date}",
        )
        if problem not in self.problems:  # its fields ask one after the other
            self.problems.append(problem)
        return {}

    def text(self, values: dict[str, Any], key: str) -> str:
        """Read a text without white space around it; empty where there is none."""
        value = values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.bad(self.lines[key], no_text(key, value), "put it in quotes")
            return ""
        return value.strip()

    def texts(self, values: dict[str, Any], key: str) -> tuple[str, ...]:
        """Read a list of texts."""
        value = values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.bad(
                self.lines[key], because("no-list", field=key), "write one `- …` line per entry"
            )
            return ()
        for entry in value:
            if not isinstance(entry, str) or not entry.strip():
                self.bad(self.lines[key], no_entry(key, entry), "put the entry in quotes")
                return ()
        return tuple(entry.strip() for entry in value)

    def flag(self, values: dict[str, Any], key: str) -> bool:
        """Read true or false."""
        value = values.get(key, False)
        if not isinstance(value, bool):
            self.bad(
                self.lines[key], because("not-flag", field=key, value=value), "write true or false"
            )
            return False
        return value

    def flow(self, values: dict[str, Any], key: str) -> str | None:
        """Read a flow's name."""
        flow = self.text(values, key) or None
        if flow is not None and not _FLOW.fullmatch(flow):
            self.bad(
                self.lines[key], because("unknown-flow", flow=flow), "use the name of a flow's file"
            )
        return flow

    def word(self, values: dict[str, Any], key: str) -> str | None:
        """Read a word of data/lexicon/topics.yml."""
        word = self.text(values, key) or None
        if word is not None and not WORD.fullmatch(word):
            self.bad(
                self.lines[key],
                because("bad-word", field=key, value=word),
                "use a word of data/lexicon/topics.yml",
            )
            return None
        return word

    def date(self, key: str, value: object) -> dt.date | None:
        """Read a date."""
        if value is None:
            return None
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            self.bad(self.lines[key], no_date(key, value), "write a date such as 2026-11-20")
            return None
        return value
