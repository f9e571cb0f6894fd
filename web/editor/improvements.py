"""What agents proposed about FAQs: taken as a similar question, done by hand, or declined."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from faq.errors import FaqError
from faq.writing import Draft, compose
from web.api.requests import body
from web.console.login import agent
from web.desk import improvements
from web.desk.errors import NotFound
from web.editor import desk, history, way
from web.editor.bodies import ReasonBody
from web.editor.refusals import refuse
from web.publishing.roles import is_of
from web.services import services, utc_now

blueprint = Blueprint("editor_improvements", __name__, url_prefix="/editor/api/improvements")
blueprint.register_error_handler(FaqError, refuse)


def listed(session: Session) -> list[dict[str, Any]]:
    """List what the signed-in editor may decide about; nothing for those who write no FAQs."""
    if not is_of("faq/", agent().role):
        return []
    found = []
    for one, who in improvements.waiting(session):
        name = _name(one.faq_id)
        title = history.title_of(name) if name else one.faq_id
        page = history.address_of(name) if name else None
        found.append({"one": one, "who": who, "title": title, "page": page})
    return found


@blueprint.post("/<int:number>/take")
def take(number: int) -> Response:
    """Add the customer's words to the FAQ's similar questions, the way that every change takes."""
    reason = body(ReasonBody).reason
    with services().database.read() as session:
        one = improvements.get(session, number)
    name = _name(one.faq_id)
    if name is None:
        raise NotFound(f"no FAQ {one.faq_id}")
    now, _ = way.stands(name)
    faq = way.parsed(name, now.text)[0] if now.text is not None else None
    if faq is None:
        raise NotFound(f"{name} cannot be read")
    told: dict[str, Any] = {"draft": None}
    if one.asked not in (faq.question, *faq.similar):
        draft = replace(Draft.of(faq), similar=(*faq.similar, one.asked))
        wish = way.Wish(name, compose(draft, now.text), now.version, reason=reason)
        told = way.carry_out(wish, lambda: desk.judge(draft)).as_json()
    _decide(number, "taken")
    return jsonify(told)


@blueprint.post("/<int:number>/<any(done, declined):state>")
def close(number: int, state: str) -> Response:
    """Take a proposal off the list: what it asks for is done, or is not to be."""
    _decide(number, state)
    return jsonify({"state": state})


def _decide(number: int, state: str) -> None:
    who = way.shown(agent().display)
    with services().database.write() as session:
        improvements.decide(session, number, state, who, utc_now())


def _name(faq_id: str) -> str | None:
    live = desk.engine()
    faq = live.generation.content.faqs.get(faq_id) if live is not None else None
    return f"faq/{faq.category}/{faq.id}.md" if faq is not None else None
