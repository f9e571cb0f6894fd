"""`faq check`: every rule over a content folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from faq import (
    flows,
    further,
    heard,
    kinds,
    questions,
    rivals,
    statements,
    structure,
    voices,
    words,
)
from faq.findings import Finding, in_order
from faq.folder import Folder
from faq.pictures import checks as pictures
from faq.pictures import drawn
from search import BadContent, Engine, Problem
from search.content import read_folder
from search.normalise import Normaliser
from web.desk.forbidden import Forbidden


@cache
def normaliser() -> Callable[[str], str]:
    """Return the ranking's normal form, remembered: editors ask for the same texts again."""
    return lru_cache(maxsize=200_000)(Normaliser())


def check(data: Path, today: dt.date, engine: Engine | None = None) -> list[Finding]:
    """Check a content folder.

    engine: opened on it; None leaves out what has to be ranked. Never raises for bad content.
    """
    files, unreadable = read_folder(data)
    others = (
        *kinds.problems(data),
        *heard.problems(data),
        *flows.problems(data),
        *further.problems(data),
    )
    try:
        folder = Folder.read(data, files)
    except BadContent as error:
        return in_order(_told(problem) for problem in (*unreadable, *error.problems, *others))
    found = [
        *(_told(problem) for problem in (*unreadable, *others)),
        *structure.check(folder, today),
        *statements.check(folder),
        *questions.check(folder, normaliser()),
        *flows.check(folder),
        *further.check(folder, normaliser()),
        *voices.check(folder, normaliser()),
        *pictures.of_folder(folder),
        *drawn.check(data),
    ]
    if engine is not None:
        found.extend(rivals.check(folder, engine, today))
    return in_order(found)


def _told(problem: Problem) -> Finding:
    why, fix = words.translate(problem.reason, problem.fix)
    values = {"why": why, "fix": fix}
    return Finding(problem.path, problem.line, "schema", "error", "file", values)


def check_one(
    folder: Folder,
    faq_id: str,
    today: dt.date,
    engine: Engine | None = None,
    forbidden: Forbidden | None = None,
) -> list[Finding]:
    """Check one FAQ of a folder, against all the others.

    engine: opened on that folder; None leaves out what has to be ranked. forbidden: what nobody
    may ask for; None reads the folder's own table.
    """
    faq = folder.content.faqs[faq_id]
    only = Folder(
        folder.data,
        folder.content,
        {faq.path: folder.texts[faq.path]},
        folder.places,
    )
    places = folder.places[faq_id]
    found = [
        *structure.refused(folder, only=faq.path),
        *structure.tidiness(faq.path, only.texts[faq.path]),
        *structure.links(folder, faq),
        *structure.former(folder, faq),
        *structure.dates(faq, places, today),
        *statements.facts(faq, places),
        *statements.reading(faq, places),
        *questions.repeats(folder, normaliser(), only=faq_id),
        *questions.of_one(folder, faq),
    ]
    forbidden = forbidden or statements.forbidden_asks(folder.data)
    if forbidden is not None:
        found.extend(statements.asks(faq, places, forbidden))
    if engine is not None:
        found.extend(rivals.own_question(folder, engine, faq_id, today))
        found.extend(rivals.golden_questions(folder, engine, today, only=faq_id))
    return in_order(found)
