"""The fields of an FAQ, declared once: reading, writing, tables and the editor page follow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any, Literal

# How a field's value is written and read; each has one reader in search.values or search.documents,
# one writer in faq.writing, one cell in faq.exchange, one input in the editor page.
Kind = Literal[
    "id", "category", "text", "line", "texts", "flag", "flow", "word", "facets", "date", "body"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an FAQ, as `Written` declares it.

    attribute: of the Python value. key: its name in the file, empty for the answer below the
    front matter. part: of a mapping that several fields share (valid: {from, until}).
    """

    attribute: str
    kind: Kind
    key: str
    part: str
    required: bool
    default: Any


def _said(kind: Kind, default: Any, key: str = "", part: str = "", required: bool = False) -> Any:
    """Declare a field of a file."""
    return field(
        default=default, metadata={"kind": kind, "key": key, "part": part, "required": required}
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What an FAQ file says, in the file's order: THE table of its fields.

    A field that is added here is read, kept by every save, shown in the editor page, exported,
    imported and given by the editors' API; what it is called stands in faq/words.yml (`fields`).

    Times of validity are dates, inclusive, None when open. object, aspect: what it is about and
    what is asked of it, words of data/lexicon/topics.yml, so that "那转账呢" and "多久" find their
    way; None when the file says neither. facets: aspect → the short answer to that further
    question, in the file's order. formerly: ids that it had before; their addresses lead to it.
    """

    id: str = _said("id", "", required=True)
    category: str = _said("category", "")
    question: str = _said("text", "", required=True)
    similar: tuple[str, ...] = _said("texts", ())
    keywords: tuple[str, ...] = _said("texts", ())
    object: str | None = _said("word", None)
    aspect: str | None = _said("word", None)
    facets: tuple[tuple[str, str], ...] = _said("facets", ())
    flow: str | None = _said("flow", None)
    urgent: bool = _said("flag", False)
    related: tuple[str, ...] = _said("texts", ())
    formerly: tuple[str, ...] = _said("texts", ())
    updated: dt.date = _said("date", dt.date.min, required=True)  # noqa: RUF009
    valid_from: dt.date | None = _said("date", None, key="valid", part="from")  # noqa: RUF009
    valid_until: dt.date | None = _said("date", None, key="valid", part="until")  # noqa: RUF009
    answer: str = _said("body", "")


def fields_of(table: type[Written]) -> tuple[Field, ...]:
    """List the fields that a table declares, in the file's order."""
    found = []
    for item in fields(table):
        meta = item.metadata
        if meta:
            key = "" if meta["kind"] == "body" else meta["key"] or item.name
            given = (meta["kind"], key, meta["part"], meta["required"], item.default)
            found.append(Field(item.name, *given))
    return tuple(found)


DECLARED = fields_of(Written)
FIELDS = tuple(dict.fromkeys(item.key for item in DECLARED if item.key))
REQUIRED = tuple(item.key for item in DECLARED if item.required)
# A field of somebody else's: read over, and kept by every save.
FOREIGN = "x-"
