"""FAQs as rows of a table (Excel, CSV), both ways; nothing is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from faq import words
from faq.errors import BadTable
from faq.saving import replace
from faq.writing import texts
from search.documents import Faq
from search.fields import DECLARED, Field

NEEDED = ("question", "similar", "answer", "category")
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
        sheet = book.active
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


def read_table(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Read a table as (row number, texts by column name); raises BadTable."""
    try:
        raw = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except (OSError, InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise BadTable(f"{path} cannot be read: {error}") from error
    if not raw:
        raise BadTable(f"{path} is empty")
    names = {title: name for name, title in columns().items()}
    head = [names.get(cell.strip(), cell.strip().lower()) for cell in raw[0]]
    missing = [words.say(f"table.columns.{name}") for name in NEEDED if name not in head]
    if missing:
        raise BadTable(words.say("table.errors.header", missing="、".join(missing)))
    return [
        (number, dict(zip(head, row, strict=False)))
        for number, row in enumerate(raw[1:], 2)
        if any(cell.strip() for cell in row)
    ]


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


def _read_xlsx(path: Path) -> list[list[str]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return [[_text(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    finally:
        book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


def _read_csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")  # what Excel saves in China
    return list(csv.reader(io.StringIO(text, newline="")))
