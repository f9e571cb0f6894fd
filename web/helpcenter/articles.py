"""Markdown of an FAQ as safe HTML, and as what search engines read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from search import Faq, fill

TAGS = {"p", "br", "strong", "em", "code", "a", "ol", "ul", "li", "h2", "h3", "h4", "blockquote",
        "table", "thead", "tbody", "tr", "th", "td", "img", "hr", "s", "del"}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}}
SCHEMES = {"http", "https", "tel", "mailto"}


def render(markdown: str, variables: Mapping[str, str]) -> Markup:
    """Return the HTML of Markdown whose variables are filled; only harmless tags remain."""
    raw = _parser().render(fill(markdown, variables))
    safe = nh3.clean(raw, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)
    return Markup(safe)  # noqa: S704  (nh3 has cleaned it)


def parts(faq: Faq, variables: Mapping[str, str]) -> tuple[Markup, Markup]:
    """Return the short answer and what follows it, both as HTML."""
    rest = faq.answer.removeprefix(faq.short)
    return render(faq.short, variables), render(rest, variables)


def describe(faq: Faq, variables: Mapping[str, str]) -> str:
    """Return the short answer as plain text of at most 150 characters, for search engines."""
    text = nh3.clean(render(faq.short, variables), tags=set())
    text = re.sub(r"\s+", " ", html.unescape(text)).strip()
    return text if len(text) <= 150 else text[:149] + "…"


def structured(faqs: list[Faq], variables: Mapping[str, str]) -> Markup:
    """Return schema.org FAQPage JSON-LD that is safe inside a script element."""
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": faq.question,
                "acceptedAnswer": {"@type": "Answer", "text": str(render(faq.answer, variables))},
            }
            for faq in faqs
        ],
    }
    text = json.dumps(page, ensure_ascii=False)
    # "</script>" inside a string would end the element
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
