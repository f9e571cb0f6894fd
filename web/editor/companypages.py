"""A new company's help center from its table: looked at, corrected, filled up, taken along.

Nothing is kept here: the browser sends the table each time, and takes the folder as a ZIP file.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from faq import asking, checking, company, exchange
from faq.errors import BadTable, FaqError, Refused
from faq.sheets import read_sheets
from faq.writing import compose
from search.documents import read_faq
from search.snippet import plain
from web.editor import desk
from web.editor.companybodies import CompanyBody
from web.editor.page import page
from web.editor.refusals import refuse
from web.offload import offload
from web.services import services

pages = Blueprint("editor_company", __name__, url_prefix="/editor", template_folder="templates")
blueprint = Blueprint("editor_company_api", __name__, url_prefix="/editor/api/company")
blueprint.register_error_handler(FaqError, refuse)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 8 * 1024 * 1024  # bytes of a table
ROOM = 1024 * 1024  # for what is typed beside it
SHOWN, LETTERS = 200, 26  # rows and columns that are shown
BEGINNING = 60  # characters of an answer
_NAME = re.compile(r"[^\w.\-\u3400-\u9fff]+")


@pages.get("/company")
def start() -> str:
    """Show the page."""
    return page("editor/company.html", columns=exchange.columns())


@blueprint.post("/preview")
def preview() -> Response:
    """Say what would be made of a table: its columns, its FAQs, what needs somebody's hand."""
    sent, pattern, day = _sent(), desk.data(), desk.today()

    def work(table: Path, to: Path) -> dict[str, Any]:
        heads = _heads(table)
        try:
            made = _found(table, to, sent, pattern, day, write=False)
        except FaqError as error:
            return {"heads": heads, "refused": str(error).replace(str(table), table.name)}
        titles = made.categories
        wanted = asking.wanted(made.drafts, checking.normaliser())
        return {
            "heads": heads,
            "columns": dict(made.told),
            "guessed": made.guessed,
            "count": len(made.drafts),
            "categories": list(titles.values()),
            "rows": [
                {
                    "id": draft.id,
                    "category": titles[draft.category],
                    "question": draft.question,
                    "answer": plain(draft.answer)[:BEGINNING],
                    "similar": len(draft.similar),
                }
                for draft in made.drafts[:SHOWN]
            ],
            "notes": made.notes[:SHOWN],
            "errors": made.errors[:SHOWN],
            "wanted": [
                {"id": one.id, "question": one.question, "rivals": one.rivals} for one in wanted
            ],
        }

    return jsonify(_with_table(work))


@blueprint.post("/make")
def make() -> Response:
    """Make the content folder, and give it as a ZIP file."""
    sent, pattern, day = _sent(), desk.data(), desk.today()
    if not sent.name:
        raise Refused("the company has no name")

    def work(table: Path, to: Path) -> bytes:
        _found(table, to, sent, pattern, day, write=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(to.rglob("*")):
                if path.is_file():
                    file.write(path, f"{sent.name}/{path.relative_to(to).as_posix()}")
        return out.getvalue()

    response = Response(_with_table(work), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="company.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/table")
def corrected() -> Response:
    """Give the corrected FAQs with their ways of asking as an Excel file."""
    sent, pattern, day = _sent(), desk.data(), desk.today()

    def work(table: Path, to: Path) -> bytes:
        made = _found(table, to, sent, pattern, day, write=False)
        read = (read_faq(Path(one.name), compose(one), frozenset())[0] for one in made.drafts)
        workbook = to.parent.with_suffix(".xlsx")
        exchange.write_table(filter(None, read), made.categories, workbook)
        return workbook.read_bytes()

    response = Response(_with_table(work), content_type=EXCEL)
    response.headers["Content-Disposition"] = 'attachment; filename="company.xlsx"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _sent() -> CompanyBody:
    request.max_content_length = LARGEST + ROOM
    request.max_form_memory_size = ROOM
    if (request.content_length or 0) > LARGEST + ROOM:
        raise RequestEntityTooLarge
    try:
        said = json.loads(request.form.get("said", "{}"))
    except ValueError:
        raise Refused("what was said of the table is no JSON") from None
    return CompanyBody.model_validate(said)


def _with_table(work: Callable[[Path, Path], Any]) -> Any:
    """Lay the table that was sent into a folder of its own, and work on it beside the loop."""
    file = request.files.get("table")
    if file is None:
        raise Refused("no table was sent")
    name = _NAME.sub("_", Path(file.filename or "").name)[-80:].lstrip(".") or "table.csv"
    with services().admission.uploads.passing():
        raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise RequestEntityTooLarge

        def aside() -> Any:
            with tempfile.TemporaryDirectory() as folder:
                table = Path(folder) / name
                table.write_bytes(raw)
                try:
                    return work(table, Path(folder) / "made" / "company")
                except BadTable as error:  # where it lay is nobody's business
                    raise BadTable(str(error).replace(str(table), name)) from None

        return offload(aside)


def _found(
    table: Path, to: Path, sent: CompanyBody, pattern: Path, day: dt.date, *, write: bool
) -> company.Founded:
    said = {name: head for name, head in sent.columns.items() if head}
    known = exchange.columns()
    if any(name not in known for name in said):
        raise Refused("no such column")
    more = {name: tuple(rows) for name, rows in sent.more.items()}
    name = sent.name or table.stem
    return company.found(table, to, pattern, day, name, said or None, more=more, write=write)


def _heads(table: Path) -> list[dict[str, str]]:
    """List the columns of the largest sheet to choose from: letter, head and an example."""
    sheet = max(read_sheets(table), key=lambda one: len(one.rows))
    first = max(sheet.rows[:12], key=lambda row: sum(bool(cell.strip()) for cell in row))
    after = sheet.rows[sheet.rows.index(first) + 1 :]
    found = []
    for place, head in enumerate(first[:LETTERS]):
        cells = (row[place].strip() for row in after if place < len(row))
        example = next((cell for cell in cells if cell), "")
        letter = chr(ord("A") + place)
        found.append({"letter": letter, "head": head.strip()[:40], "example": example[:40]})
    return found
