"""What the API takes and gives about FAQs: search, articles, suggestions, votes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from web.api.bodies import Body


class Vote(Body):
    """Whether an article helped."""

    helpful: bool
    reason: Annotated[str, StringConstraints(max_length=500)] | None = None


class PieceOut(BaseModel):
    """A stretch of a snippet, marked when it matches the query."""

    text: str
    marked: bool


class HitOut(BaseModel):
    """A found FAQ."""

    id: str
    question: str
    category: str
    category_title: str
    snippet: list[PieceOut]
    score: float
    url: str


class SearchOut(BaseModel):
    """Found FAQs, best first; `confident` says that the first one answers the query.

    `meant` is what a mistyped query was surely meant to be, for 「您是不是想找…」.
    """

    query: str
    meant: str | None
    band: Literal["answer", "offer", "unknown"]
    confident: bool
    hits: list[HitOut]


class RelatedOut(BaseModel):
    """A link to another FAQ."""

    id: str
    question: str
    url: str


class FaqOut(BaseModel):
    """One FAQ; answer and short are Markdown with the deployment's variables filled in."""

    id: str
    question: str
    category: str
    category_title: str
    answer: str
    short: str
    urgent: bool
    updated: str
    related: list[RelatedOut]
    url: str


class SuggestionOut(BaseModel):
    """A question to offer; the text between start and end is what was typed."""

    id: str
    text: str
    start: int
    end: int
    url: str


class SuggestionsOut(BaseModel):
    """Completions for a search box."""

    query: str
    suggestions: list[SuggestionOut]
