"""The list of FAQs by pages: what somebody looks for, a page of it, each with its health."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faq.findings import Finding, errors
from search.content import Category
from search.documents import Faq

PAGE = 200  # FAQs of a page; a list of no more is filtered by the page itself


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. troubled: only what has findings. page: from 1."""

    query: str = ""
    troubled: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """An FAQ of the list. shown: whether customers may see it today."""

    faq: Faq
    findings: Sequence[Finding]
    errors: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page. parts: categories (id, title, rows). fits: FAQs on all pages. total: FAQs at all."""

    asked: Asked
    parts: tuple[tuple[str, str, tuple[Row, ...]], ...]
    page: int
    pages: int
    fits: int
    total: int

    @property
    def paged(self) -> bool:
        """Say whether the server has to look, because not all are on the page."""
        return self.total > PAGE


def leaf(
    categories: Sequence[Category],
    findings: Mapping[str, Sequence[Finding]],
    day: dt.date,
    asked: Asked,
) -> Leaf:
    """Return a page of the FAQs that fit; a page beyond the last is the last."""
    wanted = asked.query.lower()
    fits = [
        faq.id
        for part in categories
        for faq in part.faqs
        if wanted in f"{faq.question} {faq.id}".lower()
        and (not asked.troubled or faq.id in findings)
    ]
    pages = max(1, -(-len(fits) // PAGE))
    page = min(max(asked.page, 1), pages)
    listed = frozenset(fits[(page - 1) * PAGE : page * PAGE])
    parts = []
    for part in categories:
        rows = tuple(
            _row(faq, findings.get(faq.id, ()), day) for faq in part.faqs if faq.id in listed
        )
        # An empty category is where its first FAQ is written.
        if rows or not (part.faqs or wanted or asked.troubled):
            parts.append((part.id, part.title, rows))
    total = sum(len(part.faqs) for part in categories)
    return Leaf(asked, tuple(parts), page, pages, len(fits), total)


def _row(faq: Faq, found: Sequence[Finding], day: dt.date) -> Row:
    return Row(faq, found, len(errors(list(found))), faq.valid_on(day))
