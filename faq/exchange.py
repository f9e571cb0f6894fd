"""FAQs as rows of a table (Excel, CSV), both ways; nothing is lost."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from faq import words
from faq.errors import BadTable
from faq.heads import Columns, find
from faq.saving import replace
from faq.sheets import read_sheets
from faq.writing import texts
from search.documents import Faq
from search.fields import DECLARED, Field

_SPECIAL = re.compile(r'[;；\n]|^"')
_ENTRY = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=[;；\n]|$)|(?P<plain>[^;；\n]*))(?:[;；\n]|$)'
)
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_table(faqs: Iterable[Faq], titles: Mapping[str, str], path: Path) -> int:
    """Write FAQs as .xlsx or .csv; returns their number. titles: of the categories by id."""
    heads = columns()
    rows = [_row(faq, titles) for faq in faqs]
    if path.suffix.lower() == ".xlsx":
        book = Workbook()
        sheet = cast(Worksheet, book.active)
        sheet.title = words.say("table.sheet")
        sheet.append(list(heads.values()))
        for row in rows:
            sheet.append([row[name] for name in heads])
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.data_type = "s"  # a text that begins with = is a text
        sheet.freeze_panes = "C2"
        for letter, width in zip("ABCDE", (26, 30, 60, 80, 16), strict=True):
            sheet.column_dimensions[letter].width = width
        book.save(path)
    else:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(heads.values())
        writer.writerows([row[name] for name in heads] for row in rows)
        replace(path, "\ufeff" + out.getvalue())
    return len(rows)


def read_table(path: Path, said: Mapping[str, str] | None = None) -> Columns:
    """Read a table and find its columns; raises BadTable.

    said: by column name, the head or the letter that somebody says it has.
    """
    return find(read_sheets(path), columns(), said)


def said(options: Iterable[str]) -> dict[str, str]:
    """Read what somebody says of a table's columns, 问题=常见问题; raises BadTable.

    Returns the head by column name.
    """
    names = {head: name for name, head in columns().items()}
    found = {}
    for text in options:
        left, sign, right = text.partition("=")
        name = names.get(left.strip(), left.strip())
        if not sign or not right.strip() or name not in names.values():
            why = words.say("company.errors.column", text=text, known="、".join(names))
            raise BadTable(why)
        found[name] = right.strip()
    return found


def parted(text: str) -> tuple[str, ...]:
    """Split a cell at ; and ；, but not inside quotes as write_table sets them."""
    entries = []
    for match in _ENTRY.finditer(text):
        quoted = match["quoted"]
        entries.append(match["plain"] if quoted is None else quoted.replace('""', '"'))
    return texts(entries)


def columns() -> dict[str, str]:
    """Give the columns' names and what their heads say; every field has one."""
    heads: dict[str, str] = words.table("table.columns")
    for item in DECLARED:
        name = column_of(item)
        if name not in heads:
            heads = {**heads, name: words.say(f"fields.{item.attribute}")}
    return heads


def column_of(item: Field) -> str:
    """Name a field's column."""
    return item.part or item.attribute


def _row(faq: Faq, titles: Mapping[str, str]) -> dict[str, str]:
    cells = {column_of(item): _cell(item, getattr(faq, item.attribute)) for item in DECLARED}
    return {**cells, "category": titles.get(faq.category, faq.category)}


def _cell(item: Field, value: Any) -> str:
    if item.kind == "texts":
        return _joined(value)
    if item.kind == "facets":
        return _joined(f"{aspect}: {text}" for aspect, text in value)
    if item.kind == "flag":
        return words.say("table.yes" if value else "table.no")
    if item.kind == "date":
        return value.isoformat() if value else ""
    return _UNSAFE.sub("", value or "")


def _joined(values: Iterable[str]) -> str:
    """Join entries with ; — one that holds a separator itself is quoted as in CSV."""
    safe = (_UNSAFE.sub("", value) for value in values)
    return ";".join(
        '"' + value.replace('"', '""') + '"' if _SPECIAL.search(value) else value for value in safe
    )
