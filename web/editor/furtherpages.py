"""What customers ask next about an FAQ, and what is said to it: the points of data/further."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic
from flask import Blueprint, Response, abort, jsonify, redirect
from pydantic import StringConstraints
from werkzeug.wrappers import Response as AnyResponse

from faq import furtherforms, words
from faq.errors import FaqError, Refused
from faq.findings import Finding
from search import UnknownFaq, fill
from search.documents import Faq
from web import announcements
from web.api.requests import body
from web.editor import desk, way
from web.editor.bodies import Body, Line, SaveBody
from web.editor.page import page
from web.editor.refusals import refuse
from web.offload import offload
from web.services import services

pages = Blueprint("editor_further", __name__, url_prefix="/editor", template_folder="templates")
blueprint = Blueprint("editor_further_api", __name__, url_prefix="/editor/api")
blueprint.register_error_handler(FaqError, refuse)

Said = Annotated[str, StringConstraints(max_length=500)]
Token = Annotated[str, StringConstraints(max_length=64)]


class PointForm(Body):
    """A point. at: its place in the file, None for a new one."""

    at: int | None = None
    asks: list[Line] = pydantic.Field(default_factory=list, max_length=60)
    says: Said = ""


class FurtherBody(SaveBody):
    """All points of an FAQ, over the version that the editor saw."""

    points: list[PointForm] = pydantic.Field(default_factory=list, max_length=60)


@pages.get("/further/<faq_id>")
def edit(faq_id: str) -> AnyResponse | str:
    """Show an FAQ's points for writing."""
    faq = _faq(faq_id)
    if faq.id != faq_id:
        return redirect(f"/editor/further/{faq.id}")
    name = _name(faq.id)
    stored, draft = way.stands(name)
    try:
        points = offload(lambda: furtherforms.form_of(stored.text))
    except Refused:
        points = None  # broken by hand
    return page(
        "editor/further.html",
        faq=faq,
        points=points or [],
        broken=points is None,
        version=stored.version,
        base=desk.store().read(name).version,
        draft=draft,
        short=fill(faq.short, services().variables),
        variables=sorted(services().variables),
        review=services().settings.review,
        here=announcements.HERE,
    )


@blueprint.post("/further/<faq_id>/judge")
def judge(faq_id: str) -> Response:
    """Say what is wrong with the points as they stand, each with its place."""
    faq, sent = _faq(faq_id), body(FurtherBody)
    text = _written(faq, sent)
    found = desk.judge_text(_name(faq.id), text) if text is not None else []
    return jsonify({"findings": _placed(found, sent)})


@blueprint.put("/further/<faq_id>")
def save(faq_id: str) -> Response:
    """Save the points; nothing bad is saved, and without any point there is no file."""
    faq, sent = _faq(faq_id), body(FurtherBody)
    name = _name(faq.id)
    way.expect(name, sent.version)
    text = _written(faq, sent)
    wish = way.Wish.to_save(name, text, sent)
    kept = way.carry_out(wish, lambda: desk.judge_text(name, text) if text is not None else [])
    return jsonify({**kept.as_json(), "findings": _placed(kept.findings, sent)})


def count(faq_id: str) -> int:
    """Count the points of an FAQ as they are served or wait, for its own page."""
    text = way.stands(_name(faq_id))[0].text
    try:
        return len(offload(lambda: furtherforms.form_of(text)))
    except Refused:
        return 0


def _name(faq_id: str) -> str:
    return f"further/{faq_id}.yml"


def _faq(faq_id: str) -> Faq:
    live = desk.engine()
    if live is None:
        abort(503)
    try:
        return live.faq(faq_id)
    except UnknownFaq:
        abort(404)


def _written(faq: Faq, sent: FurtherBody) -> str | None:
    """Return the file as the form says, None where no point is left."""
    form = [one.model_dump() for one in sent.points]
    if not form:
        return None
    before = way.stands(_name(faq.id))[0].text
    head = words.say("further-head", question=faq.question)
    text: str = offload(lambda: furtherforms.apply(before, form, head))
    return text


def _placed(found: list[Finding], sent: FurtherBody) -> list[dict[str, Any]]:
    """Show findings, each with the point that it is about, None where it is of the whole."""
    shown = desk.as_json(found)
    for one, item in zip(shown, found, strict=True):
        said = str(item.values.get("text", "")) or "\0"
        fits = [
            at for at, point in enumerate(sent.points) if said in (point.says, *point.asks)
        ] or [at for at, point in enumerate(sent.points) if said in point.says]
        one["point"] = fits[-1] if fits else None
    return shown
