"""The editor page's JSON: judge, preview, try, save, history."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_wtf.csrf import generate_csrf

from faq import checking, effect, neighbours, trying
from faq.errors import Collision, FaqError, Refused
from faq.store import NONE
from faq.writing import Draft, compose
from search import Engine
from web.api.requests import body
from web.console.login import agent
from web.desk import asked
from web.editor import desk, history, way
from web.editor.bodies import (
    DraftBody,
    MoveBody,
    RestoreBody,
    RollbackBody,
    TryBody,
    VersionBody,
)
from web.editor.refusals import refuse
from web.helpcenter import articles
from web.offload import offload
from web.problems import problem
from web.publishing.judging import refuse_errors
from web.services import services, utc_now

blueprint = Blueprint("editor_api", __name__, url_prefix="/editor/api")


blueprint.register_error_handler(FaqError, refuse)


@blueprint.get("/token")
def token() -> Response:
    """Give the session's CSRF token to a page that an older session opened."""
    response = jsonify({"token": generate_csrf(), "who": agent().display})
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/judge")
def judge() -> Response:
    """Give a draft's findings and what it looks like."""
    sent = body(DraftBody)
    draft = _drafted(sent)
    found = desk.judge(draft, new=sent.version == NONE)
    variables, shown = services().variables, services().pictures.shown
    places = services().settings.link_places
    lead, *rest = draft.answer.split("\n\n")
    return jsonify(
        {
            "findings": desk.as_json(found),
            "lead": articles.render(lead, variables, shown, places),
            "rest": articles.render("\n\n".join(rest), variables, shown, places),
            "question": draft.question,
            "urgent": draft.urgent,
        }
    )


@blueprint.post("/try")
def attempt() -> Response:
    """Rank a message, on a draft where there is one."""
    sent = body(TryBody)
    live = desk.engine()
    if live is None:
        return problem(503, "unavailable", "search is not ready")
    draft = _drafted(sent.draft) if sent.draft else None

    def work() -> dict[str, Any]:
        seen = live.preview({draft.name: compose(draft)}) if draft else live
        return trying.attempt(seen, sent.text)

    return jsonify(offload(work))


@blueprint.post("/effect")
def effect_of() -> Response:
    """Say what a draft would change of what customers asked lately."""
    draft, live = _drafted(body(DraftBody)), desk.engine()
    if live is None:
        return problem(503, "unavailable", "search is not ready")
    database, begin = services().database, utc_now() - effect.SINCE

    def work() -> dict[str, Any]:
        with database.read() as session:
            questions = list(asked.since(session, begin))
        then = live.preview({draft.name: compose(draft)})
        normalise = checking.normaliser()
        found = effect.effect(live, then, draft.id, questions, normalise)
        return dataclasses.asdict(found) | {"questions": _questions(live, found)}

    return jsonify(offload(work))


def _questions(live: Engine, found: effect.Effect) -> dict[str, str]:
    faqs = live.generation.content.faqs
    return {one.other: faqs[one.other].question for one in found.taken if one.other in faqs}


@blueprint.post("/neighbours")
def near() -> Response:
    """List customers' questions near a draft."""
    draft = _drafted(body(DraftBody))
    recent = desk.recent_questions()
    own = (draft.question, *draft.similar)
    found = offload(lambda: neighbours.neighbours(own, recent, draft.id, checking.normaliser()))
    return jsonify(
        {
            "neighbours": [
                {"text": item.text, "times": item.times, "near": item.near, "faq": item.faq_id}
                for item in found
            ]
        }
    )


@blueprint.put("/faqs/<faq_id>")
def save(faq_id: str) -> Response:
    """Save a draft over the version that the editor saw; nothing bad is saved."""
    sent = body(DraftBody)
    if sent.id != faq_id:
        raise Refused("the id is not the address's")
    return _saved(_drafted(sent), sent)


@blueprint.get("/faqs/<category>/<faq_id>")
def stored(category: str, faq_id: str) -> Response:
    """Give an FAQ as its file stands now; fields are None where it is gone or cannot be read."""
    name = f"faq/{category}/{faq_id}.md"
    now, _ = way.stands(name)
    faq = None if now.text is None else way.parsed(name, now.text)[0]
    fields = None if faq is None else desk.fields(Draft.of(faq))
    base = desk.store().read(name).version
    return jsonify({"text": now.text, "version": now.version, "base": base, "fields": fields})


@blueprint.delete("/faqs/<category>/<faq_id>")
def delete(category: str, faq_id: str) -> Response:
    """Delete an FAQ of the version that the editor saw; refused while flows or links lead to it."""
    sent = body(VersionBody)
    name = f"faq/{category}/{faq_id}.md"
    wish = way.Wish(name, None, sent.version, reason=sent.reason)
    gone = way.carry_out(wish, lambda: desk.judge_gone(name))
    return jsonify({"deleted": faq_id, **gone.as_json()})


@blueprint.post("/faqs/<category>/<faq_id>/move")
def move(category: str, faq_id: str) -> Response:
    """Give an FAQ another id or category; its address from before leads to the new one."""
    sent = body(MoveBody)
    name = f"faq/{category}/{faq_id}.md"
    before, _ = way.expect(name, sent.version)
    faq = None if before.text is None else way.parsed(name, before.text)[0]
    if faq is None:
        raise Collision(before.text, before.version)
    draft = desk.moved(faq, sent.id, sent.category)
    if draft.name == name:
        raise Refused("it has that id and category already")
    text = compose(draft, before.text)
    wish = way.Wish(name, text, sent.version, draft.name, reason=sent.reason)
    kept = way.carry_out(wish, lambda: desk.judge_text(draft.name, text, instead=name))
    return jsonify({"id": draft.id, **kept.as_json()})


@blueprint.get("/faqs/<category>/<faq_id>/versions")
def versions(category: str, faq_id: str) -> Response:
    """List the earlier versions."""
    return jsonify({"versions": _versions(f"faq/{category}/{faq_id}.md")})


@blueprint.get("/faqs/<category>/<faq_id>/versions/<revision>")
def version(category: str, faq_id: str, revision: str) -> Response:
    """Give the text of an earlier version."""
    name = f"faq/{category}/{faq_id}.md"
    return jsonify({"text": desk.store().text_of(name, revision)})


@blueprint.post("/faqs/<category>/<faq_id>/rollback")
def roll_back(category: str, faq_id: str) -> Response:
    """Bring an earlier version back, as a new one."""
    sent = body(RollbackBody)
    kept = _restored(f"faq/{category}/{faq_id}.md", sent.revision, sent.version, sent.reason)
    return _answered(kept, f"faq/{category}/{faq_id}.md")


@blueprint.post("/restore")
def restore() -> Response:
    """Bring an earlier version of any file back, as a new one."""
    sent = body(RestoreBody)
    kept = _restored(sent.file, sent.revision, sent.version, sent.reason)
    return jsonify({"file": sent.file, **kept.as_json()})


def _drafted(sent: DraftBody) -> Draft:
    """Return the draft; a field that an older page does not send stays as it is."""
    found: Draft = sent.draft(desk.today(), desk.served(sent.id, sent.category))
    return found


def _saved(draft: Draft, sent: Any) -> Response:
    new = sent.version == NONE
    refuse_errors(desk.taken(draft, new=new))
    before, _ = way.expect(draft.name, sent.version)
    text = compose(draft, before.text)
    wish = way.Wish.to_save(draft.name, text, sent)
    return _answered(way.carry_out(wish, lambda: desk.judge(draft, new=new)), draft.name)


def _restored(name: str, revision: str, seen: str, reason: str) -> way.Outcome:
    text = desk.store().text_of(name, revision)
    instead = None
    if name.startswith("faq/") and name.endswith(".md"):
        had = {item.revision: item.name for item in desk.store().versions(name)}
        text = _own(name, text, had.get(revision) or name)
        instead = name if seen == NONE else None
    wish = way.Wish(name, text, seen, deed="restore", reason=reason)
    return way.carry_out(wish, lambda: desk.judge_text(name, text, instead))


def _own(name: str, text: str, then: str) -> str:
    """Return a version of an article as it may stand under its name of today.

    then: the path that it had. Raises Refused for one that can't be read.
    """
    faq, reasons = way.parsed(then, text)
    if faq is None:
        raise Refused("; ".join(reasons))
    path = Path(name)
    if then == name:
        return text
    return compose(desk.moved(faq, path.stem, path.parent.name), text)


def _answered(kept: way.Outcome, name: str) -> Response:
    return jsonify(
        {
            **kept.as_json(),
            "findings": desk.as_json(kept.findings),
            "versions": _versions(name),
        }
    )


def _versions(name: str) -> list[dict[str, Any]]:
    return [history.as_json(item) for item in desk.store().versions(name)]
