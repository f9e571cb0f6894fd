"""What the editors' routes share: the store, the checks, the page of one FAQ."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import current_app
from sqlalchemy import select

from faq import checking, structure, words
from faq.errors import Refused
from faq.findings import Finding, errors
from faq.folder import Folder
from faq.history import open_history
from faq.store import Store
from faq.writing import Draft, compose
from search import BadContent, Engine, day_here
from search.content import read_files
from search.documents import Faq, read_faq
from search.fields import DECLARED
from search.files import list_flows
from search.reasons import because
from web.desk.models import Asked
from web.offload import disk, offload
from web.services import services, utc_now

RECENT = 3_000
VERSIONS = "versions"  # below var


# Fields that templates/editor/edit.html lays out by hand.
PLACED = frozenset(
    {
        "id", "category", "question", "answer", "similar", "keywords", "related", "flow", "urgent",
        "updated", "valid_from", "valid_until",
    }
)  # fmt: skip


class Unfit(Refused):
    """A draft that may not go live. findings: all that was found, warnings too."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("; ".join(item.why for item in errors(found)))
        self.findings = found


def store() -> Store:
    """Return the store of the app that handles this request."""
    extensions = current_app.extensions
    if "editor" not in extensions:
        settings = services().settings
        history = open_history(settings.data, settings.var / VERSIONS, disk.run)
        made = Store(settings.data, settings.var, history, disk.run)
        extensions.setdefault("editor", made)  # another request may have made one meanwhile
    return cast(Store, extensions["editor"])


def data() -> Path:
    """Return the content folder."""
    return services().settings.data


def engine() -> Engine | None:
    """Return the engine, None while the index cannot be opened."""
    return services().engine


def today() -> dt.date:
    """Return the day at the customers, which validity is judged by."""
    return day_here(utc_now())


def flows() -> list[tuple[str, str]]:
    """List the guided flows that an FAQ may start: name and title, empty while it is unreadable."""
    titles = {name: flow.title for name, flow in services().flows.items()}
    return [(name, titles.get(name, "")) for name in sorted(list_flows(data()))]


def judge(draft: Draft, *, new: bool = False) -> list[Finding]:
    """Check a draft against everything that is there; its file need not exist.

    new: the editor means to write another FAQ, so that its id must be free.
    """
    day, folder, live = today(), data(), engine()
    forbidden = services().contacts.forbidden

    def work() -> list[Finding]:
        claimed = _taken(folder, live, draft, new=new)
        if claimed:
            return claimed
        path = folder / draft.name
        files = read_files(folder)
        text = compose(draft, _decoded(files.get(draft.name)))
        files[draft.name] = text.encode()
        try:
            found = Folder.read(folder, files)
        except BadContent as error:
            return [_broken(bad.path, bad.line, bad.reason) for bad in error.problems]
        if draft.id not in found.content.faqs or found.content.faqs[draft.id].path != path:
            return _refusals(path, text, found)
        seen = live.preview({draft.name: text}) if live is not None else None
        return [*checking.check_one(found, draft.id, day, seen, forbidden), *_dangling(path, found)]

    return offload(work)


def served(faq_id: str, category: str) -> Faq | None:
    """Return an FAQ as customers see it now; None where there is none in that category."""
    live = engine()
    found = live.generation.content.faqs.get(faq_id) if live is not None else None
    return found if found is not None and found.category == category else None


def _decoded(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode("utf-8", "replace")


def moved(faq: Faq, faq_id: str, category: str) -> Draft:
    """Give an FAQ another id or category; its id from before is noted in it."""
    draft = Draft.of(faq)
    old = () if faq_id == faq.id else (faq.id,)
    formerly = tuple(name for name in (*draft.formerly, *old) if name != faq_id)
    related = tuple(name for name in draft.related if name != faq_id)
    return replace(draft, id=faq_id, category=category, formerly=formerly, related=related)


def judge_move(draft: Draft, name: str, before: str) -> list[Finding]:
    """Check an FAQ under its new name, with the old file gone."""
    day, folder = today(), data()
    forbidden = services().contacts.forbidden

    def work() -> list[Finding]:
        path, text = folder / draft.name, compose(draft, before)
        files = read_files(folder)
        files.pop(name, None)
        files[draft.name] = text.encode()
        found = Folder.read(folder, files)
        if draft.id not in found.content.faqs or found.content.faqs[draft.id].path != path:
            return _refusals(path, text, found)
        return checking.check_one(found, draft.id, day, None, forbidden)

    return offload(work)


def taken(draft: Draft, *, new: bool) -> list[Finding]:
    """Name the FAQ that has a draft's id already; an id is in one category only."""
    folder, live = data(), engine()
    return disk.run(lambda: _taken(folder, live, draft, new=new))


def _taken(folder: Path, live: Engine | None, draft: Draft, *, new: bool) -> list[Finding]:
    mine = folder / draft.name
    if not new and mine.exists():
        return []
    found = []
    for path in sorted((folder / "faq").glob(f"*/{draft.id}.md")):
        known = live.generation.content.faqs.get(draft.id) if live is not None else None
        name = path.relative_to(folder).as_posix()
        other = f"「{known.question}」({name})" if known and known.path == path else name
        why, mend = words.translate(because("id-taken", id=draft.id, other=other), "")
        values = {"why": why, "mend": mend, "other_id": draft.id if known else None}
        found.append(Finding(mine, 2, "schema", "error", "id", values))
    return found


def as_json(found: list[Finding]) -> list[dict[str, Any]]:
    """Show findings to the page. other: the FAQ that one names, to be opened from there."""
    return [
        item.as_json() | {"path": item.path.name, "other": item.values.get("other_id")}
        for item in found
    ]


def fields(draft: Draft) -> dict[str, Any]:
    """Show a draft to the page, field by field, as the page sends it."""
    return {
        item.attribute: _shown(getattr(draft, item.attribute))
        for item in DECLARED
        if item.attribute not in ("id", "category", "updated")
    }


def further_fields(faq: Faq | None) -> list[dict[str, Any]]:
    """List the fields that the page has no place of its own for: name, label, kind, value."""
    draft = Draft.of(faq) if faq is not None else Draft()
    return [
        {
            "name": item.attribute,
            "kind": item.kind,
            "label": words.say(f"fields.{item.attribute}"),
            "value": _shown(getattr(draft, item.attribute)),
        }
        for item in DECLARED
        if item.attribute not in PLACED
    ]


def labels() -> dict[str, str]:
    """Name the fields that two who collide compare."""
    return {name: words.say(f"fields.{name}") for name in fields(Draft())}


def _shown(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return dict(value)
    return "" if value is None else value


def _dangling(path: Path, folder: Folder) -> list[Finding]:
    """Warn of related FAQs that are gone; the draft is served all the same."""
    found = []
    for problem in folder.content.problems:
        if problem.path == path:
            why, mend = words.translate(problem.reason, problem.mend)
            values = {"why": why, "mend": mend}
            found.append(Finding(path, problem.line, "schema", "warning", "related", values))
    return found


def _refusals(path: Path, text: str, folder: Folder) -> list[Finding]:
    """Say why search would not take the draft."""
    _, problems = read_faq(path, text, frozenset(folder.content.variables))
    mine = [problem for problem in folder.content.problems if problem.path == path]
    only = Folder(folder.data, folder.content, {path: text}, folder.places)
    found = [item for item in structure.check(only, today()) if item.path == path]
    return found or [_broken(path, problem.line, problem.reason) for problem in (*problems, *mine)]


def _broken(path: Path, line: int, reason: str) -> Finding:
    why, mend = words.translate(reason, "")
    return Finding(path, line, "schema", "error", "file", {"why": why, "mend": mend})


def refuse_errors(found: list[Finding]) -> None:
    """Raise Unfit when a draft may not go live."""
    if errors(found):
        raise Unfit(found)


def recent_questions() -> list[tuple[str, str | None]]:
    """List what customers asked last: masked texts and the FAQ that was nearest, no names."""
    with services().database.read() as session:
        rows = session.execute(
            select(Asked.text, Asked.faq_id).order_by(Asked.id.desc()).limit(RECENT)
        )
        return [(text, faq_id) for text, faq_id in rows]


def health() -> dict[str, Any]:
    """Count the findings of every FAQ; kept until the content changes."""
    live = engine()
    found = _findings(data(), live.generation.name if live else "", today())
    counts: dict[str, list[Finding]] = {}
    for item in found:
        counts.setdefault(item.path.stem, []).append(item)
    return counts


def _findings(folder: Path, name: str, day: dt.date) -> list[Finding]:
    return offload(lambda: _checked(folder, name, day))


@lru_cache(maxsize=2)
def _checked(folder: Path, name: str, day: dt.date) -> list[Finding]:
    return checking.check(folder, day)
