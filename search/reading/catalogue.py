"""Which help centers are ranked by reading their articles, and the articles of each."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from statistics import median

from search.analysis import Analyser
from search.content import Content
from search.documents import Faq
from search.index import rows_of
from search.reading.articles import Articles
from search.reading.parts import Part, parts_of

# Half of the FAQs have so many ways of asking or more: class weights learn from these.
ENOUGH = 8


def articles_of(content: Content, analyser: Analyser) -> Articles | None:
    """Take all articles apart; None where their ways of asking are many enough to rank by."""
    ways = _ways(content)
    if median(map(len, ways.values())) >= ENOUGH:
        return None
    return Articles.of(
        {faq_id: parts_of(own, content.faqs[faq_id], analyser) for faq_id, own in ways.items()}
    )


def reread(
    before: Articles | None, of: tuple[Content, Analyser], content: Content, analyser: Analyser
) -> Articles | None:
    """Take the articles apart that changed since; None where none were taken apart before.

    of: what `before` was made of. A fit of everything decides anew whether they are read at all.
    """
    if before is None:
        return None
    old, new = _ways(of[0]), _ways(content)
    respelt = of[1].lexicon is not analyser.lexicon
    changed: dict[str, Sequence[Part]] = {faq_id: () for faq_id in before.ids if faq_id not in new}
    for faq_id, own in new.items():
        faq = content.faqs[faq_id]
        if respelt or faq != of[0].faqs.get(faq_id) or own != old.get(faq_id):
            changed[faq_id] = _parts(tuple(own), faq, analyser)
    return Articles.of(changed, before) if changed else before


# What was edited is taken apart again with every edit that follows, until the next fit.
@functools.lru_cache(maxsize=128)
def _parts(ways: tuple[str, ...], faq: Faq, analyser: Analyser) -> Sequence[Part]:
    return parts_of(ways, faq, analyser)


def _ways(content: Content) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, owner, text, _ in rows_of(content):
        if kind == "faq":
            found.setdefault(owner, []).append(text)
    return found
