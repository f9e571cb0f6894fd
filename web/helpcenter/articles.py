"""Markdown of an FAQ as safe HTML, and as what search engines read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from search import Faq, fill, pictures
from web import dialling
from web.desk.links import Places

TAGS = {"p", "br", "strong", "em", "code", "a", "ol", "ul", "li", "h2", "h3", "h4", "blockquote",
        "table", "thead", "tbody", "tr", "th", "td", "img", "picture", "source", "hr", "s",
        "del"}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "source": {"type", "srcset", "sizes"},
    "ol": {"start"},
}
SCHEMES = {"http", "https", "tel", "mailto"}
Shown = Callable[[str, str], str]
NOWHERE = Places()
_ABSOLUTE = re.compile(r"https?:|//", re.IGNORECASE)


def _in_words(words: str, name: str) -> str:
    return html.escape(words)


def render(
    markdown: str,
    variables: Mapping[str, str],
    shown: Shown = _in_words,
    places: Places = NOWHERE,
) -> Markup:
    """Return the HTML of Markdown whose variables are filled; only harmless tags remain.

    Numbers among the variables can be tapped to call. shown: makes the HTML of a picture of its
    words and its name; without it the words stand there. places: where links may lead; one that
    leaves our site leads over the page that says so, any other is text with its target in sight.
    """
    known = {"numbers": dialling.numbers(variables), "shown": shown, "places": places}
    raw = _parser().render(fill(markdown, variables), known)
    safe = nh3.clean(raw, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)
    return Markup(safe)  # noqa: S704  (nh3 has cleaned it)


def parts(
    faq: Faq, variables: Mapping[str, str], shown: Shown, places: Places
) -> tuple[Markup, Markup]:
    """Return the short answer and what follows it, both as HTML, as `render` does."""
    rest = faq.answer.removeprefix(faq.short)
    return render(faq.short, variables, shown, places), render(rest, variables, shown, places)


def describe(faq: Faq, variables: Mapping[str, str]) -> str:
    """Return the short answer as plain text of at most 150 characters, for search engines."""
    text = nh3.clean(render(pictures.without(faq.short), variables), tags=set())
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
                "acceptedAnswer": {"@type": "Answer", "text": _said(faq, variables)},
            }
            for faq in faqs
        ],
    }
    text = json.dumps(page, ensure_ascii=False)
    # "</script>" inside a string would end the element
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704


def _said(faq: Faq, variables: Mapping[str, str]) -> str:
    """Return the answer's HTML as search engines read it: without pictures."""
    return str(render(pictures.without(faq.answer), variables))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.after("inline", "ways", _lead)
    parser.core.ruler.after("ways", "calls", _link_numbers)
    parser.add_render_rule("image", _picture)
    return parser


def _picture(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """Show a picture by its name; no other address is ever loaded."""
    token = tokens[at]
    words = renderer.renderInlineAsText(token.children or [], options, env)
    made: str = env["shown"](words, unquote(str(token.attrs["src"])))
    return made


def _lead(state: StateCore) -> None:
    """Let links that leave our site lead over the page that warns; foreign ones become text."""
    places: Places = state.env.get("places", NOWHERE)
    for block in state.tokens:
        made: list[Token] = []
        foreign: str | None = None  # where the link leads that is being made into text
        for token in block.children or []:
            target = str(token.attrs.get("href", ""))
            if token.type == "link_open" and _ABSOLUTE.match(target):
                way = places.link(target)
                if way is None:
                    foreign = target
                    continue
                token.attrs["href"] = way
            elif token.type == "link_close" and foreign is not None:
                if made[-1:] and made[-1].content != unquote(foreign):
                    made.append(Token("text", "", 0, content=f"（{foreign}）", level=token.level))
                foreign = None
                continue
            made.append(token)
        if block.children is not None:
            block.children = made


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
