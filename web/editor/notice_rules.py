"""What an announcement may not say: the rules of answers, for its title and its text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from faq import statements, structure, words
from faq.findings import Finding, in_order
from faq.folder import Folder
from faq.notices import Notice
from faq.places import Places
from search.documents import VARIABLE, Faq
from search.reasons import because
from web.editor import desk
from web.services import services

# An answer gives no hours of its own; a maintenance says from when until when.
LEFT_OUT = frozenset({"contact-hours"})


def judge(notice: Notice) -> list[Finding]:
    """Check an announcement; it need not be complete yet."""
    text = notice.text.replace("\r\n", "\n")
    return in_order([*_said(notice, "title", notice.title), *_said(notice, "text", text)])


def _said(notice: Notice, field: str, text: str) -> Iterator[Finding]:
    faq = _as_faq(notice)
    places = Places(tuple(text.split("\n")))
    for item in (*_statements(faq, places), *_unknown(faq, places), *_links(faq, places)):
        if item.rule not in LEFT_OUT:
            yield dataclasses.replace(item, field=field)


def _statements(faq: Faq, places: Places) -> Iterator[Finding]:
    yield from statements.asks(faq, places, services().contacts.forbidden)
    yield from statements.facts(faq, places)


def _unknown(faq: Faq, places: Places) -> Iterator[Finding]:
    for number, line in places.answer():
        for name in VARIABLE.findall(line):
            if name not in services().variables:
                why, fix = words.translate(because("unknown-variable", name=name), "")
                values = {"why": why, "fix": fix}
                yield Finding(faq.path, number, "schema", "error", values=values)


def _links(faq: Faq, places: Places) -> Iterator[Finding]:
    live = desk.engine()
    if live is not None:
        folder = Folder(desk.data(), live.generation.content, {}, {faq.id: places})
        yield from structure.links(folder, faq)


def _as_faq(notice: Notice) -> Faq:
    """Give the rules what they read: they know FAQs only."""
    return Faq(
        id=notice.id,
        question=notice.title,
        answer=notice.text,
        path=desk.data() / "announcements" / f"{notice.id}.md",
    )
