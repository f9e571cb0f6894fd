"""FAQs as rows of a table (Excel, CSV), both ways; nothing is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from faq import words
from faq.errors import BadTable
from faq.saving import replace
from faq.writing import texts
from search.documents import Faq

NEEDED = ("question", "similar", "answer", "category")
_SPECIAL = re.compile(r'[;；\n]|^"')
_ENTRY = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=[;；\n]|$)|(?P<plain>[^;；\n]*))(?:[;；\n]|$)'
)
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_table(faqs: Iterable[Faq], titles: Mapping[str, str], path: Path) -> int:
    """Write FAQs as .xlsx or .csv; returns their number. titles: of the categories by id."""
    columns: dict[str, str] = words.table("table.columns")
    rows = [_row(faq, titles) for faq in faqs]
    if path.suffix.lower() == ".xlsx":
        book = Workbook()
        sheet = book.active
        sheet.title = words.say("table.sheet")
        sheet.append(list(columns.values()))
        for row in rows:
            sheet.append([row[name] for name in columns])
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
        writer.writerow(columns.values())
        writer.writerows([row[name] for name in columns] for row in rows)
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
    names = {title: name for name, title in words.table("table.columns").items()}
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


def _row(faq: Faq, titles: Mapping[str, str]) -> dict[str, str]:
    return {
        "id": faq.id,
        "question": faq.question,
        "similar": _joined(faq.similar),
        "answer": _UNSAFE.sub("", faq.answer),
        "category": titles.get(faq.category, faq.category),
        "keywords": _joined(faq.keywords),
        "related": _joined(faq.related),
        "flow": faq.flow or "",
        "urgent": words.say("table.yes" if faq.urgent else "table.no"),
        "updated": faq.updated.isoformat(),
        "from": faq.valid_from.isoformat() if faq.valid_from else "",
        "until": faq.valid_until.isoformat() if faq.valid_until else "",
    }


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
