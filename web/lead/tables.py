"""A report as tables to take along: CSV, and a workbook with a sheet for each view."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from faq.publishing import harmless
from web.desk.measures.report import Line, Rating, Report

Row = Sequence[str | int | float | None]


@dataclass(frozen=True, slots=True)
class Names:
    """What the tables are called, from the pages' own words.

    heads: of a line's columns; words: of the ratings' columns; views: titles of the sheets.
    name: turns a view and the key of its line into how people read it.
    """

    heads: Sequence[str]
    words: Sequence[str]
    views: Mapping[str, str]
    name: Callable[[str, str | None], str]


def as_csv(report: Report, names: Names) -> str:
    """Write all views below each other, each line under its view's title, then the ratings."""
    out = io.StringIO()
    writer = csv.writer(out)
    for view, lines in report.views.items():
        writer.writerow([names.views[view], *names.heads])
        writer.writerows([["", *_cells(_line(names, view, line))] for line in lines])
        writer.writerow([])
    writer.writerow([names.views["ratings"], *names.words])
    writer.writerows([["", *_cells(_rating(names, one))] for one in report.words])
    return "\ufeff" + out.getvalue()


def as_workbook(report: Report, names: Names) -> bytes:
    """Write a workbook with a sheet for each view and one for the ratings."""
    book = Workbook()
    book.remove(cast(Worksheet, book.active))
    for view, lines in report.views.items():
        _sheet(book, names.views[view], names.heads, [_line(names, view, one) for one in lines])
    _sheet(book, names.views["ratings"], names.words, [_rating(names, one) for one in report.words])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, heads: Sequence[str], rows: Sequence[Row]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(_cells(row))
    sheet.freeze_panes = "B2"
    for place in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 18 if place == 1 else 13


def _line(names: Names, view: str, line: Line) -> Row:
    seconds = [line.answers.median, line.answers.p80, line.answers.p95, line.answers.share]
    held = [line.handled.median, line.handled.p80, line.handled.p95]
    return [
        names.name(view, line.key), line.written, line.cases, line.solved,
        line.answers.count, *map(_whole, seconds), line.answers.none,
        line.handled.count, *map(_whole, held),
        line.transfers, line.reopened, line.ratings,
        None if line.score is None else round(line.score, 2),
        line.reviewed, _whole(line.points),
    ]  # fmt: skip


def _rating(names: Names, one: Rating) -> Row:
    return [
        one.at.isoformat(timespec="seconds"), one.score, one.words, one.agent,
        names.name("topic", one.topic), names.name("channel", one.channel), one.number,
    ]  # fmt: skip


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _cells(row: Row) -> list[Any]:
    """Keep a spreadsheet from running somebody's text as a formula."""
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]
