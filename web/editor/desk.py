"""What the editors' routes share: the store, the checks, the page of one FAQ."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from faq import checking, words
from faq.findings import Finding
from faq.store import Store
from faq.writing import Draft
from search import Engine, day_here
from search.documents import Faq
from search.fields import DECLARED
from search.files import list_flows
from web.desk import asked
from web.offload import disk, offload
from web.publishing import judging
from web.services import services, utc_now

RECENT = 3_000


# Fields that templates/editor/edit.html lays out by hand.
PLACED = frozenset(
    {
        "id", "category", "question", "answer", "similar", "keywords", "related", "flow", "urgent",
        "updated", "valid_from", "valid_until",
    }
)  # fmt: skip


def store() -> Store:
    """Return the store of the app that handles this request."""
    return services().store


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
    day, judges = today(), judging.Judge(data(), engine())
    forbidden = services().contacts.forbidden
    return offload(lambda: judges.draft(draft, day, forbidden, new=new))


def judge_text(name: str, text: str, instead: str | None = None) -> list[Finding]:
    """Check any file's whole text. instead: the file that goes when it comes."""
    day, judges = today(), judging.Judge(data(), engine())
    forbidden = services().contacts.forbidden
    return offload(lambda: judges.text(name, text, day, forbidden, instead))


def judge_gone(name: str) -> list[Finding]:
    """Name what would lead nowhere without a file."""
    judges = judging.Judge(data(), engine())
    return offload(lambda: judges.gone(name))


def served(faq_id: str, category: str) -> Faq | None:
    """Return an FAQ as customers see it now; None where there is none in that category."""
    live = engine()
    found = live.generation.content.faqs.get(faq_id) if live is not None else None
    return found if found is not None and found.category == category else None


def moved(faq: Faq, faq_id: str, category: str) -> Draft:
    """Give an FAQ another id or category; its id from before is noted in it."""
    draft = Draft.of(faq)
    old = () if faq_id == faq.id else (faq.id,)
    formerly = tuple(name for name in (*draft.formerly, *old) if name != faq_id)
    related = tuple(name for name in draft.related if name != faq_id)
    return replace(draft, id=faq_id, category=category, formerly=formerly, related=related)


def taken(draft: Draft, *, new: bool) -> list[Finding]:
    """Name the FAQ that has a draft's id already; an id is in one category only."""
    judges = judging.Judge(data(), engine())
    return disk.run(lambda: judges.taken(draft.category, draft.id, new=new))


def taken_name(name: str, *, new: bool) -> list[Finding]:
    """Name the FAQ that has the id of a path already; nothing for other files."""
    if not name.startswith("faq/") or not name.endswith(".md"):
        return []
    judges, path = judging.Judge(data(), engine()), Path(name)
    return disk.run(lambda: judges.taken(path.parent.name, path.stem, new=new))


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


def recent_questions() -> list[tuple[str, str | None]]:
    """List what customers asked last: masked texts and the FAQ that was nearest, no names."""
    database = services().database

    def read() -> list[tuple[str, str | None]]:
        with database.read() as session:
            return asked.newest(session, RECENT)

    return offload(read)


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
