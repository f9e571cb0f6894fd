"""Why content cannot be used: a code with its parameters, from which sentences are made.

The English ones stand in reasons.yml, the editors' in `faq/words.yml` under the same codes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# What PyYAML's own words mean, the first that fits; these sentences are the library's.
YAML_WORDS = (
    ("not-utf8", ("'utf-8' codec", "'utf8' codec")),
    ("yaml-colon", ("mapping values are not allowed",)),
    ("yaml-no-colon", ("could not find expected ':'",)),
    ("yaml-quote", ("unexpected end of stream", "unexpected document separator")),
    ("yaml-start", ("that cannot start", "found a tab character")),
    ("yaml-anchor", ("alias", "anchor")),
    ("yaml-bracket", ("flow sequence", "flow mapping")),
    ("yaml-character", ("control characters", "special characters", "unacceptable character")),
)
DATE_WORDS = ("year ", "month ", "day ", "hour ", "minute ", "second ")


class Reason(str):
    """A reason; as text it is its English sentence.

    code: its name. values: its parameters; `field` is the FAQ's or file's field that it is about.
    """

    code: str
    values: Mapping[str, Any]


def because(code: str, /, **values: Any) -> Reason:
    """Make a reason; raises KeyError for a code or parameter that reasons.yml does not know."""
    made = Reason(_sentences()[code].format(**values))
    made.code, made.values = code, values
    return made


def parts(reason: str) -> tuple[str, Mapping[str, Any]]:
    """Return a reason's code and values; an empty code where it is a mere sentence."""
    return (reason.code, reason.values) if isinstance(reason, Reason) else ("", {})


def no_text(field: str, value: object) -> Reason:
    """Tell of a field that is no text; a date is called one."""
    code = "date-not-text" if isinstance(value, dt.date) else "not-text"
    return because(code, field=field, value=value)


def no_entry(field: str, value: object) -> Reason:
    """Tell of an entry of a list that is no text; a date, or nothing, is called that."""
    empty = value is None or (isinstance(value, str) and not value.strip())
    code = "entry-date" if isinstance(value, dt.date) else "entry-not-text"
    return because("entry-empty" if empty else code, field=field, value=value)


def no_date(field: str, value: object) -> Reason:
    """Tell of a field that is no date, or one with a time."""
    code = "date-with-time" if isinstance(value, dt.datetime) else "bad-date"
    return because(code, field=field, value=value)


def no_yaml(error: Exception, problem: str | None = None) -> Reason:
    """Tell why YAML cannot be read. problem: the short form of the error's words."""
    detail = problem if problem is not None else str(error)
    for code, said in YAML_WORDS:
        if any(words in detail for words in said):
            return because(code, detail=f"no YAML: {detail}")
    date = isinstance(error, ValueError) and detail.startswith(DATE_WORDS)
    return because("yaml-date" if date else "yaml", detail=f"no YAML: {detail}")


def no_utf8(error: UnicodeDecodeError) -> Reason:
    """Tell of bytes that are no text."""
    return because("not-utf8", detail=f"not UTF-8: {error.reason}")


@cache
def _sentences() -> dict[str, str]:
    text = Path(__file__).with_name("reasons.yml").read_text(encoding="utf-8")
    read: dict[str, str] = yaml.safe_load(text)
    return read
