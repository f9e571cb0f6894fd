"""Tables as people have them: workbooks with merged and far empty cells, text in any encoding."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from faq import words
from faq.errors import BadTable

SEPARATORS = (",", "\t", ";", "；", "|")
LOOKED_AT = 50  # rows by which the separator is told
LARGEST = 20 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name (empty for a text file) and its rows up to the last filled one."""

    name: str
    rows: list[list[str]]


def read_sheets(path: Path) -> list[Sheet]:
    """Read every sheet of a file that holds anything; raises BadTable."""
    ending = path.suffix.lower()
    if ending == ".xls":
        raise BadTable(words.say("table.errors.xls", path=path))
    try:
        if path.stat().st_size > LARGEST:
            raise BadTable(words.say("table.errors.large", most=LARGEST // 1024 // 1024))
        if ending in (".xlsx", ".xlsm"):
            sheets = list(_workbook(path))
        else:
            sheets = [Sheet("", _rows(decoded(path.read_bytes())))]
    except (OSError, InvalidFileException, BadZipFile, KeyError, ValueError, csv.Error) as error:
        raise BadTable(f"{path} cannot be read: {error}") from error
    found = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not found:
        raise BadTable(f"{path} is empty")
    return found


def decoded(raw: bytes) -> str:
    """Decode a text file as the programs write it that people use: UTF-8, UTF-16, GB18030."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding)
    # Without a mark: only UTF-16 holds noughts; read the right way round it has lines.
    if 0 in raw:
        ways = [raw.decode(way, "replace") for way in ("utf-16-le", "utf-16-be")]
        return max(ways, key=lambda text: text.count("\n"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030")  # what Excel saves in China


def _rows(text: str) -> list[list[str]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    best: tuple[int, int] = (0, 0)
    separator = ","
    for place, one in enumerate(SEPARATORS):
        sample = list(csv.reader(io.StringIO(text, newline=""), delimiter=one))[:LOOKED_AT]
        widths = [len(row) for row in sample if row]
        # Most rows of a table are as wide as each other, and wider than one cell.
        usual = max(set(widths), key=widths.count, default=0)
        score = (widths.count(usual) if usual > 1 else 0, -place)
        if score > best:
            best, separator = score, one
    return _trimmed(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))


def _workbook(path: Path) -> Iterator[Sheet]:
    book = load_workbook(path, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield Sheet(sheet.title, _filled(sheet))
    finally:
        book.close()


def _filled(sheet: Worksheet) -> list[list[str]]:
    """Take the cells that hold something; a far one that is only formatted costs nothing."""
    texts: dict[tuple[int, int], str] = {}
    for place, cell in sheet._cells.items():
        text = _text(cell.value)
        if text.strip():
            texts[place] = text
    last_row = max((row for row, _ in texts), default=0)
    last_column = max((column for _, column in texts), default=0)
    for merged in sheet.merged_cells.ranges:
        text = texts.get((merged.min_row, merged.min_col), "")
        # Merged downwards, a cell stands for each of its rows; sideways it is a title.
        if text and merged.min_col == merged.max_col:
            for row in range(merged.min_row, min(merged.max_row, last_row) + 1):
                texts[row, merged.min_col] = text
    return [
        [texts.get((row, column), "") for column in range(1, last_column + 1)]
        for row in range(1, last_row + 1)
    ]


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
