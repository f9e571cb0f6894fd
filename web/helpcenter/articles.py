"""Markdown of an FAQ as safe HTML, and as what search engines read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from search import Faq, fill
from web import dialling

TAGS = {"p", "br", "strong", "em", "code", "a", "ol", "ul", "li", "h2", "h3", "h4", "blockquote",
        "table", "thead", "tbody", "tr", "th", "td", "img", "hr", "s", "del"}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}}
SCHEMES = {"http", "https", "tel", "mailto"}


def render(markdown: str, variables: Mapping[str, str]) -> Markup:
    """Return the HTML of Markdown whose variables are filled; only harmless tags remain.

    Numbers among the variables can be tapped to call.
    """
    raw = _parser().render(fill(markdown, variables), {"numbers": dialling.numbers(variables)})
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
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.after("inline", "calls", _link_numbers)
    return parser


def _link_numbers(state: StateCore) -> None:
    """Make links of the numbers that one may call, outside other links and code."""
    for block in state.tokens:
        if block.type != "inline":
            continue
        made: list[Token] = []
        depth = 0
        for token in block.children or []:
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "text" and not depth:
                made += _cut(token, state.env.get("numbers", ()))
            else:
                made.append(token)
        block.children = made


def _cut(token: Token, numbers: tuple[str, ...]) -> Iterator[Token]:
    for piece in dialling.pieces(token.content, numbers):
        text = Token("text", "", 0, content=piece.text, level=token.level)
        if piece.number is None:
            yield text
            continue
        yield Token("link_open", "a", 1, attrs={"href": f"tel:{piece.number}"}, level=token.level)
        yield text
        yield Token("link_close", "a", -1, level=token.level)
