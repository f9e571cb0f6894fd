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
from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum
from python_calamine import load_workbook as load_other

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
    try:
        if path.stat().st_size > LARGEST:
            raise BadTable(words.say("table.errors.large", most=LARGEST // 1024 // 1024))
        if ending in (".xlsx", ".xlsm"):
            sheets = list(_workbook(path))
        elif ending in (".xls", ".xlsb", ".ods"):
            sheets = list(_other_workbook(path))
        else:
            sheets = [Sheet("", _rows(decoded(path.read_bytes())))]
    except (
        OSError,
        InvalidFileException,
        BadZipFile,
        CalamineError,
        KeyError,
        ValueError,
        csv.Error,
    ) as error:
        why = " ".join(str(error).split())
        raise BadTable(words.say("table.errors.unreadable", path=path, why=why)) from error
    found = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not found:
        raise BadTable(words.say("table.errors.nothing", path=path))
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


def _other_workbook(path: Path) -> Iterator[Sheet]:
    """Read the formats of other years and programs."""
    with load_other(path) as book:
        for told in book.sheets_metadata:
            if told.visible != SheetVisibleEnum.Visible or told.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(told.name)
            texts = {
                (row, column): text
                for row, cells in enumerate(sheet.to_python(skip_empty_area=False), 1)
                for column, cell in enumerate(cells, 1)
                if (text := _text(cell)).strip()
            }
            spans = [
                (first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1)
                for first, last in sheet.merged_cell_ranges or []
            ]
            yield Sheet(told.name, _laid_out(texts, spans))


def _filled(sheet: Worksheet) -> list[list[str]]:
    """Take the cells that hold something; a far one that is only formatted costs nothing."""
    texts: dict[tuple[int, int], str] = {}
    for place, cell in sheet._cells.items():
        text = _text(cell.value)
        if text.strip():
            texts[place] = text
    spans = [
        (span.min_row, span.min_col, span.max_row, span.max_col)
        for span in sheet.merged_cells.ranges
    ]
    return _laid_out(texts, spans)


def _laid_out(
    texts: dict[tuple[int, int], str], spans: list[tuple[int, int, int, int]]
) -> list[list[str]]:
    """Lay cells out as rows. spans: of merged cells, first row and column to last, from 1."""
    last_row = max((row for row, _ in texts), default=0)
    last_column = max((column for _, column in texts), default=0)
    for top, left, bottom, right in spans:
        text = texts.get((top, left), "")
        # Merged downwards, a cell stands for each of its rows; sideways it is a title.
        if text and left == right:
            for row in range(top, min(bottom, last_row) + 1):
                texts[row, left] = text
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
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
