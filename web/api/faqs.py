"""FAQs over HTTP: found, read, voted on."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from search import UnknownFaq, fill
from web.api.faq_bodies import Vote
from web.api.requests import body, number
from web.desk import feedback
from web.desk.errors import NotFound
from web.noting import note_search
from web.services import Services, services, utc_now

if TYPE_CHECKING:
    from search import Engine, Faq

LONGEST_QUERY = 500


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    add = blueprint.add_url_rule
    add("/faqs", view_func=find)
    add("/faqs/<faq_id>", view_func=show)
    add("/faqs/<faq_id>/feedback", view_func=vote, methods=["POST"])
    add("/suggestions", view_func=suggest)


def find() -> Response:
    """Find FAQs; without a query, list them in the catalogue's order."""
    web = services()
    engine, variables = _engine(web), web.variables
    query = _query()
    limit = number("limit", 10, 1, 100)
    titles = {category.id: category.title for category in engine.categories()}
    if not query:
        rows = [(faq.id, faq.question, faq.category, 0.0) for faq in list(engine.faqs())[:limit]]
        band, meant = "unknown", None
    else:
        ranking = engine.rank(query, limit=limit)
        band, meant = ranking.band, engine.meant(query, ranking)
        note_search(web, query, ranking, utc_now())
        rows = [(hit.id, hit.question, hit.category, hit.score) for hit in ranking.hits]
    hits = [
        {
            "id": faq_id,
            "question": question,
            "category": category,
            "category_title": titles.get(category, category),
            "snippet": [
                {"text": fill(text, variables), "marked": bool(marked)}
                for text, marked in engine.snippet(faq_id, query)
            ],
            "score": round(float(score), 4),
            "url": faq_url(faq_id),
        }
        for faq_id, question, category, score in rows
    ]
    confident = band == "answer"
    return jsonify(
        {"query": query, "meant": meant, "band": band, "confident": confident, "hits": hits}
    )


def show(faq_id: str) -> Response:
    """Give one FAQ."""
    web = services()
    engine = _engine(web)
    faq = _faq(engine, faq_id)
    titles = {category.id: category.title for category in engine.categories()}
    related = []
    for other in faq.related:
        with contextlib.suppress(UnknownFaq):  # an editor may have deleted it since
            related.append(engine.shown(other))
    return jsonify(
        {
            "id": faq.id,
            "question": faq.question,
            "category": faq.category,
            "category_title": titles.get(faq.category, faq.category),
            "answer": web.pictures.linked(fill(faq.answer, web.variables)),
            "short": web.pictures.linked(fill(faq.short, web.variables)),
            "urgent": faq.urgent,
            "updated": str(faq.updated),
            "related": [
                {"id": other.id, "question": other.question, "url": faq_url(other.id)}
                for other in related
            ],
            "url": faq_url(faq.id),
        }
    )


def vote(faq_id: str) -> tuple[str, int]:
    """Keep a vote on an article."""
    web = services()
    faq = _faq(_engine(web), faq_id)
    cast = body(Vote)
    if may_vote(web, faq.id):
        with web.database.write() as session:
            feedback.record(session, faq.id, cast.helpful, cast.reason, utc_now())
    return "", 204


def may_vote(web: Services, faq_id: str) -> bool:
    """Tell whether a vote counts: a few from one address on one article, for a whole office's sake.

    Who stuffs the ballot is thanked as everybody is, and learns nothing of the limit. Raises
    TooMany beyond all reason.
    """
    web.votes.take_here()
    return web.opinions.allows_here(f"{faq_id}:")


def suggest() -> Response:
    """Complete what is being typed."""
    query = _query()
    found = _engine(services()).suggest(query, limit=8) if query else []
    shown = [
        {
            "id": item.faq_id,
            "text": item.text,
            "start": item.start,
            "end": item.end,
            "url": faq_url(item.faq_id),
        }
        for item in found
    ]
    return jsonify({"query": query, "suggestions": shown})


def faq_url(faq_id: str) -> str:
    """Return the address of an article's page."""
    return f"{request.script_root}/faq/{faq_id}"


def _query() -> str:
    query = request.args.get("q", "").strip()
    if len(query) > LONGEST_QUERY:
        raise BadRequest(f"q is longer than {LONGEST_QUERY} characters")
    return query


def _engine(web: Services) -> Engine:
    if web.engine is None:
        raise ServiceUnavailable("search is not ready")
    return web.engine


def _faq(engine: Engine, faq_id: str) -> Faq:
    try:
        return engine.shown(faq_id)
    except UnknownFaq:
        raise NotFound(f"no FAQ {faq_id[:64]}") from None
