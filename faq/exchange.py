"""FAQs as rows of a table (Excel, CSV), both ways; nothing is lost, errors come by row."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from faq import words
from faq.errors import BadTable
from faq.saving import replace
from faq.writing import Draft, compose, texts
from search.content import read_content
from search.documents import Faq, read_faq

NEEDED = ("question", "similar", "answer", "category")
_SPECIAL = re.compile(r'[;；\n]|^"')
_ENTRY = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=[;；\n]|$)|(?P<plain>[^;；\n]*))(?:[;；\n]|$)'
)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(slots=True)
class Imported:
    """What an import did or would do. errors: (row, why), rows as the table counts them."""

    rows: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


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


def bring_in(data: Path, path: Path, today: dt.date, *, write: bool = True) -> Imported:
    """Import a table: each good row becomes its file, each bad one an error. Raises BadTable.

    Columns that the table does not have keep what the FAQ has.
    """
    content = read_content(data)
    titles = {part.id: part.title for part in content.categories}
    variables = frozenset(content.variables)
    found = Imported()
    seen: dict[str, int] = {}
    for number, row in read_table(path):
        found.rows += 1
        errors: list[str] = []
        draft = _draft(row, content.faqs, titles, today, errors)
        if draft is not None and draft.id in seen:
            errors.append(words.say("table.errors.twice", value=draft.id, row=seen[draft.id]))
        if draft is None or errors:
            found.errors += [(number, why) for why in errors]
            continue
        seen[draft.id] = number
        before = content.faqs.get(draft.id)
        if before is not None and Draft.of(before) == draft:
            found.same.append(draft.id)
            continue
        draft = draft if "updated" in row and row["updated"].strip() else draft.dated(today)
        text = compose(draft)
        _, problems = read_faq(data / draft.name, text, variables)
        for problem in problems:
            why, mend = words.translate(problem.reason, problem.mend)
            found.errors.append((number, words.say("table.errors.bad", why=why, mend=mend)))
        if problems:
            continue
        (found.changed if before else found.added).append(draft.id)
        if write:
            replace(data / draft.name, text)
            if before is not None and before.path != data / draft.name:
                before.path.unlink(missing_ok=True)
    return found


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


def _parted(text: str) -> tuple[str, ...]:
    """Split at ; and ；, but not inside quotes as _joined writes them."""
    entries = []
    for match in _ENTRY.finditer(text):
        quoted = match["quoted"]
        entries.append(match["plain"] if quoted is None else quoted.replace('""', '"'))
    return texts(entries)


def _draft(
    row: Mapping[str, str],
    faqs: Mapping[str, Faq],
    titles: Mapping[str, str],
    today: dt.date,
    errors: list[str],
) -> Draft | None:
    given = {name: value.strip() for name, value in row.items() if value is not None}
    for name in ("question", "answer", "category"):
        if not given.get(name):
            column = words.say(f"table.columns.{name}")
            errors.append(words.say("table.errors.empty", column=column))
    faq_id = given.get("id") or _new_id(given.get("question", ""), faqs)
    if not _ID.fullmatch(faq_id):
        errors.append(words.say("table.errors.id", value=faq_id))
    by_title = {title: key for key, title in titles.items()}
    category = by_title.get(given.get("category", ""), given.get("category", ""))
    if category and category not in titles:
        known = "、".join(titles.values())
        errors.append(words.say("table.errors.category", value=category, known=known))
    before = faqs.get(faq_id)
    dates = {name: _date(given, name, errors) for name in ("updated", "from", "until")}
    urgent = _flag(given, errors)
    if errors:
        return None

    def own(name: str, fallback: Any) -> Any:
        return getattr(before, name) if before is not None else fallback

    return Draft(
        id=faq_id,
        category=category,
        question=given["question"],
        similar=_parted(given.get("similar", "")),
        keywords=_parted(given["keywords"]) if "keywords" in given else own("keywords", ()),
        flow=(given["flow"] or None) if "flow" in given else own("flow", None),
        urgent=urgent if urgent is not None else own("urgent", False),
        related=_parted(given["related"]) if "related" in given else own("related", ()),
        updated=dates["updated"] or own("updated", today),
        valid_from=dates["from"] if "from" in given else own("valid_from", None),
        valid_until=dates["until"] if "until" in given else own("valid_until", None),
        answer=given["answer"].replace("\r\n", "\n").replace("\r", "\n").strip(),
    )


def _new_id(question: str, faqs: Mapping[str, Faq]) -> str:
    """Take the id of the FAQ with this question, or make one that stays the same."""
    for faq in faqs.values():
        if faq.question == question:
            return faq.id
    return f"faq-{hashlib.sha256(question.encode()).hexdigest()[:10]}"


def _date(given: Mapping[str, str], name: str, errors: list[str]) -> dt.date | None:
    value = given.get(name, "")
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value[:10].replace("/", "-"))
    except ValueError:
        column = words.say(f"table.columns.{name}")
        errors.append(words.say("table.errors.date", column=column, value=value))
        return None


def _flag(given: Mapping[str, str], errors: list[str]) -> bool | None:
    value = given.get("urgent", "")
    known = {words.say("table.yes"): True, words.say("table.no"): False}
    known |= {"true": True, "false": False, "1": True, "0": False}
    if value and value.lower() not in known:
        column = words.say("table.columns.urgent")
        errors.append(words.say("table.errors.flag", column=column, value=value))
    return known.get(value.lower())


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
