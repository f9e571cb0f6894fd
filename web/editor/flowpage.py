"""What the pages of guided flows show beside the flows: the FAQs that they name."""

from __future__ import annotations

from flows import Flow
from search import Faq
from web.editor import desk


def starting() -> dict[str, list[Faq]]:
    """Return flow → the FAQs that start it."""
    found: dict[str, list[Faq]] = {}
    live = desk.engine()
    for faq in live.generation.content.faqs.values() if live is not None else ():
        if faq.flow is not None:
            found.setdefault(faq.flow, []).append(faq)
    return found


def questions(flow: Flow) -> dict[str, str]:
    """Return the FAQs that a flow names → their questions; those that are there."""
    live = desk.engine()
    if live is None:
        return {}
    found = {faq_id: live.generation.content.find(faq_id) for faq_id in flow.faqs}
    return {faq_id: faq.question for faq_id, faq in found.items() if faq is not None}
