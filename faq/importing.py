"""`faq import`: rows of a table become files, judged as the editor page judges what it saves."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faq import checking, structure, words
from faq.exchange import column_of, columns, parted, read_table
from faq.findings import Finding, errors
from faq.folder import Folder
from faq.saving import replace
from faq.writing import Draft, compose
from search import Engine
from search.content import Content, read_files
from search.documents import Faq
from search.fields import DECLARED, Field
from search.files import Unreadable, read_file

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# 2026-11-20, 2026/11/20, 2026.11.20, 2026年11月20日, 26年11月
_DATE = re.compile(
    r"(?P<year>\d{4}|\d{2}(?=年))[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})?|$)"
)


@dataclass(slots=True)
class Imported:
    """What an import did or would do.

    columns: (name, the head that it was told by). errors: (row, why), as the table counts rows.
    """

    rows: int = 0
    columns: list[tuple[str, str]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Proposed:
    """A row's file as it would be. before: the FAQ that it changes."""

    row: int
    draft: Draft
    before: Faq | None

    def changes(self, data: Path) -> dict[str, str | None]:
        """Return the texts by path below the content folder, None where a file goes."""
        found: dict[str, str | None] = {self.draft.name: compose(self.draft, self._text_before())}
        if self.before is not None and self.before.path != data / self.draft.name:
            found[self.before.path.relative_to(data).as_posix()] = None
        return found

    def _text_before(self) -> str | None:
        try:
            return read_file(self.before.path).decode("utf-8") if self.before else None
        except (FileNotFoundError, Unreadable, UnicodeDecodeError):
            return None


def bring_in(
    data: Path, path: Path, today: dt.date, engine: Engine | None = None, *, write: bool = True
) -> Imported:
    """Import a table: each good row becomes its file, each bad one an error. Raises BadTable.

    Columns that the table does not have keep what the FAQ has. engine: opened on the folder; None
    leaves out what has to be ranked.
    """
    files = read_files(data)
    content = Folder.read(data, files).content
    found = Imported()
    proposed = _proposed(content, path, today, found)
    # A row may stand on another one, which turns out to be bad: judge until all that are left hold.
    while bad := _judged(data, files, proposed, today, engine):
        for item in proposed:
            for finding in bad.get(item.draft.id, ()):
                why = words.say("table.errors.bad", why=finding.why, fix=finding.fix)
                found.errors.append((item.row, why))
        proposed = [item for item in proposed if item.draft.id not in bad]
    found.errors.sort(key=lambda error: error[0])
    for item in proposed:
        (found.changed if item.before else found.added).append(item.draft.id)
        for name, text in item.changes(data).items() if write else ():
            if text is None:
                (data / name).unlink(missing_ok=True)
            else:
                replace(data / name, text)
    return found


def _proposed(content: Content, path: Path, today: dt.date, found: Imported) -> list[_Proposed]:
    """Read the rows that are new or differ from their FAQ; the rest is counted in `found`."""
    titles = {part.id: part.title for part in content.categories}
    proposed = []
    seen: dict[str, int] = {}
    table = read_table(path)
    found.columns = table.told()
    for number, row in table.rows():
        found.rows += 1
        wrong: list[str] = []
        draft = _draft(row, content.faqs, titles, today, wrong)
        if draft is not None and draft.id in seen:
            wrong.append(words.say("table.errors.twice", value=draft.id, row=seen[draft.id]))
        if draft is None or wrong:
            found.errors += [(number, why) for why in wrong]
            continue
        seen[draft.id] = number
        before = content.faqs.get(draft.id)
        if before is not None:
            # An older date alone is the age of the table, no change.
            if draft.dated(max(draft.updated, before.updated)) == Draft.of(before):
                found.same.append(draft.id)
                continue
            draft = draft.dated(today)
        proposed.append(_Proposed(number, draft, before))
    return proposed


def _judged(
    data: Path,
    files: Mapping[str, bytes],
    proposed: Iterable[_Proposed],
    today: dt.date,
    engine: Engine | None,
) -> dict[str, list[Finding]]:
    """Return the errors of the proposed files by FAQ, all of them in their places."""
    changes: dict[str, str | None] = {}
    for item in proposed:
        changes |= item.changes(data)
    folder = Folder.read(data, _changed(files, changes))
    seen = engine.preview(changes) if engine is not None and changes else None
    found: dict[str, list[Finding]] = {}
    for item in proposed:
        path = data / item.draft.name
        faq = folder.content.faqs.get(item.draft.id)
        if faq is not None and faq.path == path:
            bad = errors(checking.check_one(folder, faq.id, today, seen))
        else:
            bad = structure.refused(folder, path)
        if bad:
            found[item.draft.id] = bad
    return found


def _changed(files: Mapping[str, bytes], changes: Mapping[str, str | None]) -> dict[str, bytes]:
    left = {name: raw for name, raw in files.items() if name not in changes}
    return left | {name: text.encode() for name, text in changes.items() if text is not None}


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
    said = {
        item.attribute: _value(item, given, before, errors)
        for item in DECLARED
        if item.attribute not in ("id", "category")
    }
    if errors:
        return None
    draft = Draft(id=faq_id, category=category, **said)
    return draft if draft.updated != dt.date.min else draft.dated(today)


def _value(item: Field, given: Mapping[str, str], before: Faq | None, errors: list[str]) -> Any:
    """Read a field's cell; without its column, or where an empty one says nothing, keep it."""
    column = column_of(item)
    kept = getattr(before, item.attribute) if before is not None else item.default
    text = given.get(column)
    if text is None:
        return kept
    if item.kind == "date":
        found = _date(given, column, errors)
        return kept if found is None and item.required else found
    if item.kind == "flag":
        flag = _flag(given, column, errors)
        return kept if flag is None else flag
    if item.kind == "texts":
        return parted(text)
    if item.kind == "facets":
        pairs = (re.split("[:：]", entry, maxsplit=1) for entry in parted(text))
        return tuple((pair[0].strip(), pair[-1].strip()) for pair in pairs)
    if item.kind == "body":
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if item.kind == "text" else text or None


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
    match = _DATE.match(value)
    try:
        if match is None:
            raise ValueError(value)
        year = int(match["year"])
        full = year + 2000 if year < 100 else year
        return dt.date(full, int(match["month"]), int(match["day"] or 1))
    except ValueError:
        column = columns()[name]
        errors.append(words.say("table.errors.date", column=column, value=value))
        return None


def _flag(given: Mapping[str, str], name: str, errors: list[str]) -> bool | None:
    value = given.get(name, "")
    known = {words.say("table.yes"): True, words.say("table.no"): False}
    known |= {"true": True, "false": False, "1": True, "0": False}
    if value and value.lower() not in known:
        column = columns()[name]
        errors.append(words.say("table.errors.flag", column=column, value=value))
    return known.get(value.lower())
